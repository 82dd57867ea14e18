import fc from 'fast-check';
import type { Claim } from '../claims';
import { row, times } from './cells';

export const hour = 3600;
export const options = { budgetRatio: 0.0005, minFailures: 1 };
export const claim = (id: string, from: number, to: number, more: Partial<Claim> = {}): Claim => ({
  id,
  regions: null,
  from,
  to,
  carriedOut: { from, to },
  end: 'written',
  causedBy: null,
  ...more,
});
export const calm: [number, number] = [1, 10_000];
/** A calm day, then `bad` of 10,000 in each of `cells` cells, then a calm hour. */
export const dayThen = (bad: number, cells: number) =>
  row([...times(288, calm), ...times(cells, [bad, 10_000] as [number, number]), ...times(12, calm)]);
export const day = 24 * hour;
export const window = { from: day, to: day + 3 * hour };

export const anyCells = fc.array(
  fc.option(fc.tuple(fc.nat({ max: 300 }), fc.integer({ min: 300, max: 5000 })), { freq: 10 }),
  { minLength: 40, maxLength: 40 },
);
