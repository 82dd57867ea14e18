import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  append,
  decodeFrontier,
  emptyFrontier,
  encodeFrontier,
  type Frontier,
  type Hash,
  hex,
  leafHash,
  nodeHash,
  rootOf,
} from './merkle';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const grow = (leaves: Hash[]): Frontier => leaves.reduce(append, emptyFrontier());

/** The recursive definition of RFC 6962 section 2.1, written on its own. */
function naiveRoot(entries: Uint8Array[]): Buffer {
  const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  if (entries.length === 0) return sha();
  if (entries.length === 1) return sha(Buffer.of(0), ...entries);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha(Buffer.of(1), naiveRoot(entries.slice(0, split)), naiveRoot(entries.slice(split)));
}

const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];

test.each([
  [0, 'e3b0c442', 'b855'],
  [1, '6e340b9c', 'a01d'],
  [2, 'fac54203', 'c125'],
  [3, 'aeb6bcfe', '6e77'],
  [4, 'd37ee418', '14b7'],
  [5, '4e3bbb1f', '64d4'],
  [6, '76e67dad', '87ef'],
  [7, 'ddb89be4', '4c8c'],
  [8, '5dc9da79', '4328'],
])('the root of the first %i published leaves', (size, start, end) => {
  const root = hex(rootOf(grow(inputs.slice(0, size).map((input) => leafHash(fromHex(input))))));
  expect([root.slice(0, 8), root.slice(-4)]).toEqual([start, end]);
  expect(root).toBe(naiveRoot(inputs.slice(0, size).map(fromHex)).toString('hex'));
});

test('the published leaf and node', () => {
  const leaf = hex(leafHash(bytes('L123456')));
  expect([leaf.slice(0, 8), leaf.slice(-4)]).toEqual(['395aa064', '4d56']);
  const node = hex(nodeHash(bytes('N123'), bytes('N456')));
  expect([node.slice(0, 8), node.slice(-4)]).toEqual(['aa217fe8', '6bbb']);
});

test('every size up to 1,024 has the root of the definition', () => {
  const entries = Array.from({ length: 1024 }, (_, index) => bytes(`entry ${index}`));
  let tree = emptyFrontier();
  let compared = 0;
  for (const [index, entry] of entries.entries()) {
    tree = append(tree, leafHash(entry));
    expect(hex(rootOf(tree))).toBe(naiveRoot(entries.slice(0, index + 1)).toString('hex'));
    compared += 1;
  }
  expect(compared).toBe(1024);
});

test('a frontier survives being stored, at any size and split', () => {
  let cases = 0;
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 300 }),
      fc.nat(300),
      (entries, cut) => {
        cases += 1;
        const leaves = entries.map((entry) => leafHash(entry));
        const first = grow(leaves.slice(0, cut));
        const resumed = leaves.slice(cut).reduce(append, decodeFrontier(first.size, encodeFrontier(first)));
        expect(hex(rootOf(resumed))).toBe(naiveRoot(entries).toString('hex'));
      },
    ),
    { numRuns: 100 },
  );
  expect(cases).toBe(100);
});

test('changing, removing or swapping any leaf changes the root', () => {
  let cases = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 60 }),
      fc.nat(),
      fc.nat(),
      (texts, at, other) => {
        cases += 1;
        const leaves = texts.map((text) => leafHash(bytes(text)));
        const root = hex(rootOf(grow(leaves)));
        const [i, j] = [at % leaves.length, other % leaves.length];
        expect(hex(rootOf(grow(leaves.with(i, leafHash(bytes(`${texts[i]}!`))))))).not.toBe(root);
        expect(hex(rootOf(grow(leaves.toSpliced(i, 1))))).not.toBe(root);
        const [left, right] = [leaves[i], leaves[j]];
        if (i !== j && left && right)
          expect(hex(rootOf(grow(leaves.with(i, right).with(j, left))))).not.toBe(root);
      },
    ),
    { numRuns: 100 },
  );
  expect(cases).toBe(100);
});

test('bytes that cannot be a frontier are refused', () => {
  expect(() => decodeFrontier(3, new Uint8Array(32))).toThrow(RangeError);
  expect(() => decodeFrontier(0, new Uint8Array(1))).toThrow(RangeError);
  expect(decodeFrontier(0, new Uint8Array()).nodes).toEqual([]);
});
