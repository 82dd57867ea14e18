import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ItemSplitter } from './json-items';

function split(text: string, sizes: number[]): { items: unknown[]; rest: unknown } {
  const items: unknown[] = [];
  const splitter = new ItemSplitter((json) => items.push(JSON.parse(json)));
  const bytes = Buffer.from(text);
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes.length === 0 ? bytes.length : (sizes[turn % sizes.length] ?? 1);
    splitter.push(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return { items, rest: JSON.parse(splitter.rest()) };
}

test('any list in any chunks gives back its items and its envelope', () => {
  let cases = 0;
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 5 }),
      fc.dictionary(
        fc.constantFrom('kind', 'meta"data', 'i[t]em{s', 'metadata'),
        fc.oneof(fc.string(), fc.jsonValue()),
      ),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
      fc.constantFrom(undefined, 1),
      (items, envelope, itemsFirst, sizes, indent) => {
        cases++;
        const plain = JSON.parse(JSON.stringify({ items, envelope }));
        const list = itemsFirst ? { items, ...envelope } : { ...envelope, items };
        const answer = split(JSON.stringify(list, null, indent), sizes);
        expect(answer.items).toEqual(plain.items);
        expect(answer.rest).toEqual({ ...plain.envelope, items: [] });
      },
    ),
    { numRuns: 300 },
  );
  expect(cases).toBe(300);
}, 30_000);

test('a key named items below the top is not the list', () => {
  const body = {
    spec: { items: [{ not: 'one' }] },
    metadata: { resourceVersion: '7' },
    items: [{ items: [1] }],
  };
  const answer = split(JSON.stringify(body), [3]);
  expect(answer.items).toEqual([{ items: [1] }]);
  expect(answer.rest).toEqual({ ...body, items: [] });
});

test('null items, as some servers send them, are an empty list', () => {
  const answer = split('{"items":null,"metadata":{"resourceVersion":"9"}}', []);
  expect(answer.items).toEqual([]);
});
