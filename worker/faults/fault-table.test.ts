import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { faults } from './testing/fault-table';

const root = path.join(import.meta.dirname, '../..');

/** Changed by hand when a test is written for one of these. */
const withoutTest: number[] = [];

test('each of the 32 faults is in the table once, in order', () => {
  expect(faults.map(({ n }) => n)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
});

test('each fault points at tests that exist, but for those that are named here', () => {
  const lost = faults.flatMap((fault) => {
    if (!('shown' in fault)) return [];
    return fault.shown.flatMap(({ file, test: name }) => {
      const text = fs.readFileSync(path.join(root, file), 'utf8');
      const isThere = [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => text.includes(quoted));
      return isThere ? [] : [`${fault.n}: ${file} has no test “${name}”`];
    });
  });
  expect(lost).toEqual([]);
  expect(faults.filter((fault) => 'none' in fault).map(({ n }) => n)).toEqual(withoutTest);
});

/** `fault 5: …`, `… (fault 6) …`, `faults 1, 2, 3: …`. */
const numbersIn = (name: string): number[] =>
  [...name.matchAll(/\bfaults? (\d+(?:, \d+)*)/g)].flatMap(([, list = '']) => list.split(', ').map(Number));

test('each fault has a test that names its number', () => {
  const unnamed = faults.filter(
    (fault) => 'shown' in fault && !fault.shown.some(({ test: name }) => numbersIn(name).includes(fault.n)),
  );
  expect(unnamed.map(({ n }) => n)).toEqual([]);
});
