import type { Bucket, Counts } from '../model';
import { clip, overlaps, type Span, totalLength, unite } from './spans';

/** A bucket with both of its ends, so that buckets of several sizes stand in one row. `counts` null: not known. */
export type Cell = Span & { counts: Counts | null };

/** Buckets up to this size are excluded whole when an exclusion touches them, coarser ones in proportion. */
export const WHOLE_MAX_SECONDS = 300;

const isUsable = ({ good, bad, total }: Counts): boolean =>
  [good, bad, total].every((count) => Number.isFinite(count) && count >= 0) && bad <= total;

/** Cells of buckets of one size; counts that contradict themselves are not known. */
export const cellsOf = (buckets: readonly Bucket[], size: number): Cell[] =>
  buckets.map(({ end, counts }) => ({
    from: end - size,
    to: end,
    counts: counts !== null && isUsable(counts) ? counts : null,
  }));

/** Index of the first cell that ends after `time`. Cells are in order and do not overlap. */
export function firstAfter(cells: readonly Cell[], time: number): number {
  let low = 0;
  let high = cells.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cells[middle]?.to ?? Number.POSITIVE_INFINITY) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The indices [first, last) of the cells that a span touches: a claim takes whole cells, so counts stay whole. */
export function touched(cells: readonly Cell[], { from, to }: Span): { first: number; last: number } {
  const first = firstAfter(cells, from);
  let last = first;
  while (last < cells.length && (cells[last]?.from ?? to) < to) last += 1;
  return { first, last };
}

/** Sums over cells; `known` and `all` are seconds with counts and seconds altogether. */
export type CellSum = { bad: number; total: number; known: number; all: number };

export function sumCells(cells: Iterable<Cell>): CellSum {
  const sum = { bad: 0, total: 0, known: 0, all: 0 };
  for (const { from, to, counts } of cells) {
    sum.all += to - from;
    if (counts === null) continue;
    sum.known += to - from;
    sum.bad += counts.bad;
    sum.total += counts.total;
  }
  return sum;
}

const nothing: Counts = { good: 0, bad: 0, total: 0 };
const scaled = ({ good, bad, total }: Counts, by: number): Counts => ({
  good: good * by,
  bad: bad * by,
  total: total * by,
});

/** What is left of a cell outside the spans: nothing of a small one, the rest in proportion of a coarse one. */
function outside({ from, to, counts }: Cell, spans: readonly Span[]): Counts {
  if (counts === null || to - from <= WHOLE_MAX_SECONDS) return nothing;
  return scaled(counts, 1 - totalLength(clip(spans, { from, to })) / (to - from));
}

/**
 * Cells without the good and the bad of excluded spans. What is excluded counts as known and without
 * traffic: it is neither a failure nor a hole in the data. A coarse cell that is excluded in part keeps the rest in
 * proportion to time.
 */
export function withoutSpans(cells: readonly Cell[], spans: readonly Span[]): Cell[] {
  const united = unite(spans);
  let next = 0;
  return cells.map((cell) => {
    while ((united[next]?.to ?? Number.POSITIVE_INFINITY) <= cell.from) next += 1;
    const span = united[next];
    if (span === undefined || !overlaps(span, cell)) return cell;
    return { ...cell, counts: outside(cell, united.slice(next)) };
  });
}

/**
 * The same for buckets of `size`, for sums that are made of buckets; a bucket of which a part is left is marked
 * estimated, since the rest is in proportion to time.
 */
export function applyExclusions(buckets: readonly Bucket[], spans: readonly Span[], size: number): Bucket[] {
  const cells = buckets.map(({ end, counts }) => ({ from: end - size, to: end, counts }));
  const left = withoutSpans(cells, spans);
  return buckets.map((bucket, index) => {
    const counts = left[index]?.counts ?? null;
    if (counts === bucket.counts) return bucket;
    return { end: bucket.end, counts, method: (counts?.total ?? 0) > 0 ? 'estimated' : bucket.method };
  });
}

/**
 * 5-minute cells with minutes in place of those of which the minutes tell the same total, so that windows of
 * changes are cut finely where they can be. Both lists are in order.
 */
export function finest(coarse: readonly Cell[], minutes: readonly Cell[]): Cell[] {
  let next = 0;
  return coarse.flatMap((cell) => {
    while ((minutes[next]?.to ?? Number.POSITIVE_INFINITY) <= cell.from) next += 1;
    const inside: Cell[] = [];
    for (let index = next; index < minutes.length; index += 1) {
      const minute = minutes[index];
      if (minute === undefined || minute.to > cell.to) break;
      inside.push(minute);
    }
    const sum = sumCells(inside);
    const same = cell.counts === null ? sum.known > 0 : isSame(sum, cell.counts);
    return inside.length > 0 && same ? inside : [cell];
  });
}

const isSame = (sum: CellSum, { bad, total }: Counts): boolean =>
  sum.known > 0 && Math.abs(sum.total - total) <= 1e-9 * total && Math.abs(sum.bad - bad) <= 1e-9 * total;
