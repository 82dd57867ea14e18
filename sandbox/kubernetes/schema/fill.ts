import { cloneJson, isJsonObject } from '../object';
import type { JsonObject } from '../store';

/** Sets a key that is absent; what a client wrote stays. */
export function fill(target: JsonObject, defaults: JsonObject): void {
  for (const [key, value] of Object.entries(defaults))
    if (target[key] === undefined) target[key] = cloneJson(value);
}

/** The object at `key`, made when it is not there. */
export function child(target: JsonObject, key: string): JsonObject {
  const found = target[key];
  if (isJsonObject(found)) return found;
  const made: JsonObject = {};
  target[key] = made;
  return made;
}

/** The objects in the list at `key`. */
export function children(target: JsonObject, key: string): JsonObject[] {
  const found = target[key];
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}
