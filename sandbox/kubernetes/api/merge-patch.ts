import { cloneJson, isJsonObject } from '../object';
import type { Json } from '../store';

/** RFC 7386: null removes, objects merge, everything else (lists too) replaces. */
export function applyMergePatch(document: Json, patch: Json): Json {
  if (!isJsonObject(patch)) return cloneJson(patch);
  const result = isJsonObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(result[key] ?? null, value);
  }
  return result;
}
