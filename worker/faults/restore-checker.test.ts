import { expect, test } from 'vitest';
import { checkEnd, checkMoment, type Held, restoreInvariants } from './testing/checker/restore';

const served = { name: 'shop', oid: 1 };
const old: Held = { name: 'shop', oid: 1, isOpen: true };
const restored: Held = { name: 'shop', oid: 2, isOpen: true };
const former: Held = { name: 'shop_pre_1', oid: 1, isOpen: false };
const made: Held = { name: 'shop_r_1', oid: 2, isOpen: true };
const forth = { isRestored: true, known: ['shop_pre_1'] };
const back = { isRestored: false, known: [] };

test('forth and back break nothing, nor does anything between', () => {
  for (const held of [[old], [{ ...old, isOpen: false }, made], [restored, former]])
    expect(checkMoment(held, served)).toEqual([]);
  expect(checkEnd([restored, former], served, forth)).toEqual([]);
  expect(checkEnd([old], served, back)).toEqual([]);
});

const breaches = [
  ['R1', 'no database of the name', [former, made], back],
  ['R2', 'the old one is gone', [restored], forth],
  ['R3', 'nobody gets in', [{ ...restored, isOpen: false }, former], forth],
  ['R3', 'it went back, and the name did not', [restored, former], { ...forth, isRestored: false }],
  ['R4', 'one was made after the way back', [old, made], back],
] as const;

test.each(breaches)('%s: %s is seen', (invariant, _, held, end) => {
  expect(checkEnd(held, served, end).map((one) => one.invariant)).toContain(invariant);
});

test('every invariant of restores has an end that breaks it', () => {
  const seen = new Set<string>(breaches.map(([invariant]) => invariant));
  expect(restoreInvariants.filter((one) => !seen.has(one))).toEqual([]);
});
