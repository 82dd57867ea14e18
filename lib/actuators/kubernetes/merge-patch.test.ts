import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyMergePatch, isJsonObject, type Json, type JsonObject, mergePatch } from './merge-patch';

test('a changed list goes whole, a removed member becomes null, and equal objects need no patch', () => {
  const before = { a: 1, list: [{ name: 'x', image: '1' }], gone: { b: 2 }, kept: { c: 3 } };
  const after = { a: 1, list: [{ name: 'x', image: '2' }], kept: { c: 3, d: 4 } };
  expect(mergePatch(before, after)).toEqual({
    list: [{ name: 'x', image: '2' }],
    gone: null,
    kept: { d: 4 },
  });
  expect(mergePatch(before, before)).toBe(null);
});

/** JSON without nulls in objects: what a merge patch can express (RFC 7396, section 1). */
const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => withoutNulls(JSON.parse(JSON.stringify(value))));
function withoutNulls(value: Json): Json {
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key, item]) => item !== null && key !== '__proto__');
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
const anyObject = anyJson.map((value): JsonObject => (isJsonObject(value) ? value : { value: value ?? 0 }));

const RUNS = 500;
test('applying the patch of two objects to the first gives the second', () => {
  let runs = 0;
  fc.assert(
    fc.property(anyObject, anyObject, (before, after) => {
      runs += 1;
      const patch = mergePatch(before, after);
      expect(patch === null ? before : applyMergePatch(before, patch)).toEqual(after);
    }),
    { numRuns: RUNS },
  );
  expect(runs).toBe(RUNS);
});
