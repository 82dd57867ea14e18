export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own member only: a label may be called `valueOf`, which every object inherits. */
const member = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const same = (left: Json | undefined, right: Json | undefined): boolean => {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => same(item, right[index]));
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(member(left, key), member(right, key)));
};

/**
 * The JSON merge patch (RFC 7396) that turns `before` into `after`; null when they are equal. Arrays go whole,
 * and a member that is gone becomes null. Neither side may hold null members: a merge patch cannot set them.
 */
export function mergePatch(before: JsonObject, after: JsonObject): JsonObject | null {
  const patch: JsonObject = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, wanted] = [member(before, key), member(after, key)];
    if (same(old, wanted)) continue;
    if (wanted === undefined) patch[key] = null;
    else if (isJsonObject(old) && isJsonObject(wanted)) patch[key] = mergePatch(old, wanted) ?? {};
    else patch[key] = wanted;
  }
  return Object.keys(patch).length === 0 ? null : patch;
}

/** RFC 7396 section 2. */
export function applyMergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = applyMergePatch(member(result, key), value);
  }
  return result;
}
