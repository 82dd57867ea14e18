import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Candidate, chooseCopy, fractionOf, lacksMonthly, quarterOf } from './choose-copy';

const candidates = fc.uniqueArray(fc.record({ id: fc.uuid(), isMonthly: fc.boolean() }), {
  selector: ({ id }) => id,
  maxLength: 30,
});

test('of any copies one is chosen, always the same by the same seed, and a monthly one where one is wanted', () => {
  let cases = 0;
  fc.assert(
    fc.property(candidates, fc.boolean(), fc.uuid(), (copies, wantsMonthly, seed) => {
      cases += 1;
      const chosen = chooseCopy(copies, { wantsMonthly, seed });
      if (copies.length === 0) expect(chosen).toBe(null);
      else expect(copies).toContain(chosen);
      // The order in which rows come from a database decides nothing.
      expect(chooseCopy(copies.toReversed(), { wantsMonthly, seed })).toEqual(chosen);
      if (wantsMonthly && copies.some(({ isMonthly }) => isMonthly)) expect(chosen?.isMonthly).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(cases).toBe(2000);
});

test('every copy has its turn, about as often as the others', () => {
  const copies: Candidate[] = Array.from({ length: 8 }, (_, index) => ({
    id: `c${index}`,
    isMonthly: false,
  }));
  const turns = new Map(copies.map(({ id }) => [id, 0]));
  for (let n = 0; n < 8000; n += 1) {
    const chosen = chooseCopy(copies, { wantsMonthly: false, seed: `drill ${n}` });
    turns.set(chosen?.id ?? '', (turns.get(chosen?.id ?? '') ?? 0) + 1);
  }
  expect(turns.size).toBe(8);
  for (const count of turns.values()) {
    expect(count).toBeGreaterThan(850);
    expect(count).toBeLessThan(1150);
  }
});

test('a seed gives a number from 0 up to 1', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      expect(fractionOf(seed)).toBeGreaterThanOrEqual(0);
      expect(fractionOf(seed)).toBeLessThan(1);
    }),
    { numRuns: 1000 },
  );
});

describe('quarters', () => {
  test.each([
    ['UTC', '2026-01-01T00:00:00Z', '2026-Q1'],
    ['UTC', '2026-03-31T23:59:59Z', '2026-Q1'],
    ['UTC', '2026-12-31T23:59:59Z', '2026-Q4'],
    ['Europe/Berlin', '2026-03-31T22:30:00Z', '2026-Q2'],
    ['America/New_York', '2027-01-01T04:00:00Z', '2026-Q4'],
  ])('in %s at %s it is %s', (zone, at, quarter) => expect(quarterOf(zone, new Date(at))).toBe(quarter));

  test('lack a drill of a monthly copy until there was one', () => {
    const now = new Date('2026-11-22T00:00:00Z');
    expect(lacksMonthly([], 'UTC', now)).toBe(true);
    expect(lacksMonthly([new Date('2026-09-30T23:59:59Z')], 'UTC', now)).toBe(true);
    expect(lacksMonthly([new Date('2026-10-01T00:00:00Z')], 'UTC', now)).toBe(false);
    expect(lacksMonthly([new Date('2026-09-30T22:30:00Z')], 'Europe/Berlin', now)).toBe(false);
  });
});
