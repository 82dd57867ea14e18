import { describe, expect, test } from 'vitest';
import { allowedFailures, objectiveOf } from '../math/objective';
import { monthBounds, monthOf, monthsBetween, shiftMonth } from './month';
import { minutesText, monthForm, monthName } from './words';

const lengthOf = (month: string, zone = 'UTC') => {
  const { from, to } = monthBounds(month, zone);
  return to - from;
};
/** In seconds. */
const budget = (month: string, zone?: string) => allowedFailures(objectiveOf('99.95'), lengthOf(month, zone));

describe('the budget of a month at 99.95 %, in minutes, to the decimal (SLO-08, X-06)', () => {
  test.each([
    ['2026-11', 'UTC', 21.6],
    ['2026-10', 'UTC', 22.32],
    ['2026-02', 'UTC', 20.16],
    ['2028-02', 'UTC', 20.88],
    // 30 days and 23 hours, 31 days and an hour: clocks change in Berlin, not in UTC.
    ['2026-03', 'Europe/Berlin', 22.29],
    ['2026-10', 'Europe/Berlin', 22.35],
    ['2026-11', 'Europe/Berlin', 21.6],
  ])('%s in %s: %d', (month, zone, minutes) => {
    expect(budget(month, zone)).toBe(Number((minutes * 60).toFixed(6)));
    expect(minutesText(budget(month, zone))).toBe(`${minutes} min`);
  });

  test('a quarter and a year are the sums of their months', () => {
    const of = (months: string[]) => months.reduce((sum, month) => sum + lengthOf(month), 0);
    expect(of(monthsBetween('2026-01', '2026-12')) / 86_400).toBe(365);
    expect(of(monthsBetween('2028-01', '2028-12')) / 86_400).toBe(366);
  });
});

test('a month begins at midnight of its zone, and months follow one another without a gap', () => {
  expect(new Date(monthBounds('2026-11', 'Europe/Berlin').from * 1000).toISOString()).toBe(
    '2026-10-31T23:00:00.000Z',
  );
  for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'America/St_Johns']) {
    for (const month of monthsBetween('2025-12', '2027-01')) {
      expect(monthBounds(month, zone).to).toBe(monthBounds(shiftMonth(month, 1), zone).from);
      expect(monthOf(zone, monthBounds(month, zone).from)).toBe(month);
      expect(monthOf(zone, monthBounds(month, zone).to - 1)).toBe(month);
    }
  }
});

test('months are named, shifted over years, and listed', () => {
  expect(monthName('2026-11')).toBe('November 2026');
  expect(shiftMonth('2026-01', -1)).toBe('2025-12');
  expect(shiftMonth('2026-12', 1)).toBe('2027-01');
  expect(monthsBetween('2026-11', '2027-01')).toEqual(['2026-11', '2026-12', '2027-01']);
  expect(monthsBetween('2026-12', '2026-11')).toEqual([]);
});

test('what is no month is refused', () => {
  for (const text of ['2026-13', '2026-00', '2026-1', '26-11', '2026-11-01', '', '../audit']) {
    expect(monthForm.test(text)).toBe(false);
    expect(() => monthBounds(text, 'UTC')).toThrow(RangeError);
  }
  expect(() => monthBounds('2026-11', 'Europe/Nowhere')).toThrow(RangeError);
});
