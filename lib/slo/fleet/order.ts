import { readingValue } from '@/lib/core/reading';
import type { Exhaustion, FleetRow, RowNumbers } from '../contract';
import { sloWords } from '../math/word';

const leftOf = (row: Pick<FleetRow, 'numbers'>): number =>
  readingValue(row.numbers)?.budgetLeft ?? Number.POSITIVE_INFINITY;

type Judged = Pick<FleetRow, 'word' | 'numbers' | 'name'>;

/** Worst first: by word, then by budget left. What cannot be judged is listed, never hidden. */
export const byUrgency = (a: Judged, b: Judged): number =>
  sloWords.indexOf(a.word) - sloWords.indexOf(b.word) ||
  Math.min(2, leftOf(a)) - Math.min(2, leftOf(b)) ||
  a.name.localeCompare(b.name);

/** Seconds to the end of a budget for sorting: what is spent first, what never ends last. */
export function exhaustionOrder(exhaustion: Exhaustion): number {
  if (exhaustion.kind === 'spent') return -1;
  return exhaustion.kind === 'in' ? exhaustion.seconds : Number.POSITIVE_INFINITY;
}

export const sortKeys = ['state', 'name', 'budget', 'level', 'burn', 'gone', 'cost'] as const;
export type SortKey = (typeof sortKeys)[number];

/** The figure that a row is sorted by, the smallest first; null: there is none, which stands last. */
const figures: Record<
  Exclude<SortKey, 'state' | 'name' | 'cost'>,
  (numbers: RowNumbers, row: Pick<FleetRow, 'objective'>) => number | null
> = {
  budget: ({ budgetLeft }) => budgetLeft,
  // How far above its own target: 99.9 % is much for 99 % and little for 99.95 %.
  level: ({ sli }, { objective }) => (sli === null ? null : sli - Number(objective) / 100),
  burn: ({ burn1h }) => (burn1h === null ? null : -burn1h),
  gone: ({ soonest }) => (soonest.kind === 'unknown' ? null : exhaustionOrder(soonest)),
};

type Sorted = Judged & Pick<FleetRow, 'objective' | 'lastChange'>;

function figureOf(row: Sorted, key: Exclude<SortKey, 'state' | 'name'>): number | null {
  if (key === 'cost') return row.lastChange?.share == null ? null : -row.lastChange.share;
  const numbers = readingValue(row.numbers);
  return numbers === null ? null : figures[key](numbers, row);
}

/** Rows in an order of choice, the worst first; equal ones by urgency, and what has no such figure last. */
export function sortRows<Row extends Sorted>(rows: readonly Row[], key: SortKey): Row[] {
  if (key === 'state') return rows.toSorted(byUrgency);
  if (key === 'name') return rows.toSorted((a, b) => a.name.localeCompare(b.name) || byUrgency(a, b));
  const known = new Map(rows.map((row) => [row, figureOf(row, key)]));
  return rows.toSorted((a, b) => {
    const [left, right] = [known.get(a) ?? null, known.get(b) ?? null];
    if (left === null || right === null) {
      return Number(left === null) - Number(right === null) || byUrgency(a, b);
    }
    // Two that never end are equal; their difference is not a number.
    return (left === right ? 0 : left - right) || byUrgency(a, b);
  });
}
