import type { DiffLine } from '../contract';
import type { Fields } from '../staged/contract';

// Browsers load this file: the types of template.ts would bring its parser along.
type Json = Fields[string];
type JsonObject = { [key: string]: Json };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const shown = (value: Json | undefined): string | null => {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const named = (items: readonly Json[]): Map<string, JsonObject> | null => {
  const map = new Map<string, JsonObject>();
  for (const item of items) {
    if (!isObject(item) || typeof item['name'] !== 'string' || map.has(item['name'])) return null;
    map.set(item['name'], item);
  }
  return map;
};

/**
 * The changed fields of two objects, by JSON path. Lists whose items all have a name are compared by name, as
 * people read them: `spec.template.spec.containers[api].image`; equally long lists of nameless objects by place.
 */
export function diffLines(before: Json | undefined, after: Json | undefined, path = ''): DiffLine[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => diffLines(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const [left, right] = [named(before), named(after)];
    if (left !== null && right !== null) {
      const names = [...new Set([...left.keys(), ...right.keys()])];
      return names.flatMap((name) => diffLines(left.get(name), right.get(name), `${path}[${name}]`));
    }
    // Rules and destinations of routes have no names: as many as before are the same ones, one by one.
    if (before.length === after.length && before.every(isObject) && after.every(isObject)) {
      return before.flatMap((item, index) => diffLines(item, after[index], `${path}[${index}]`));
    }
  }
  return JSON.stringify(before) === JSON.stringify(after)
    ? []
    : [{ path, before: shown(before), after: shown(after) }];
}
