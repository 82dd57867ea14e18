import { isJsonObject } from '../object';
import type { Json, JsonObject, KubeObject } from '../store';

/** The value at a path of keys, or undefined when a step is missing or no object. */
export function valueAt(value: unknown, ...path: string[]): Json | undefined {
  let current: unknown = value;
  for (const key of path.slice(0, -1)) current = isJsonObject(current) ? current[key] : undefined;
  const last = path.at(-1);
  return last !== undefined && isJsonObject(current) ? current[last] : undefined;
}

export function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** A count in a status or spec: absent means zero on the wire. */
export function countAt(value: unknown, ...path: string[]): number {
  return numberAt(value, ...path) ?? 0;
}

export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function trueAt(value: unknown, ...path: string[]): boolean {
  return valueAt(value, ...path) === true;
}

export function objectAt(value: unknown, ...path: string[]): JsonObject {
  const found = valueAt(value, ...path);
  return isJsonObject(found) ? found : {};
}

/** The objects of a list; a missing list is empty. */
export function listAt(value: unknown, ...path: string[]): JsonObject[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/** Values of a map whose values are text: labels, annotations, match labels. */
export function textMapAt(value: unknown, ...path: string[]): { [key: string]: string } {
  const out: { [key: string]: string } = {};
  for (const [key, text] of Object.entries(objectAt(value, ...path))) {
    if (typeof text === 'string') out[key] = text;
  }
  return out;
}

/** `namespace/name`, the key under which work is queued; cluster-wide objects have an empty namespace. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** The two halves of `keyOf`. */
export function splitKey(key: string): { namespace: string | null; name: string } {
  const slash = key.indexOf('/');
  return { namespace: slash === 0 ? null : key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner that manages the object, if any (`controller: true`). */
export function controllerOf(object: KubeObject): { kind: string; name: string; uid: string } | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** A status condition by type; their order carries no meaning. */
export function conditionOf(object: KubeObject | JsonObject, type: string): JsonObject | undefined {
  return listAt(object, 'status', 'conditions').find((condition) => condition['type'] === type);
}

/** Milliseconds of an RFC 3339 text, or NaN. */
export function timeOf(text: Json | undefined): number {
  return typeof text === 'string' ? Date.parse(text) : Number.NaN;
}

/** metav1.Time: whole seconds, UTC. */
export function timestampOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
