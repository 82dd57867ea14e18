import { judgeSlice, type SliceTarget, toSlices } from '../math/slices';
import type { Bucket } from '../model';
import type { Cell } from './cells';

/** How an objective judges time: the length of a slice, and the share of good events that makes one good. */
export type SliceLens = { seconds: number; target: SliceTarget };

/**
 * Cells of events as cells of slices, each of which is good or bad. Cells finer than a slice are added up to one; a
 * coarser one, of which the slices are no longer known, is judged as a whole, for as many slices as it spans.
 */
export function sliceCells(cells: readonly Cell[], { seconds, target }: SliceLens): Cell[] {
  const slices: Cell[] = [];
  for (let at = 0; at < cells.length; ) {
    const cell = cells[at];
    if (cell === undefined) break;
    const size = cell.to - cell.from;
    if (size >= seconds) {
      slices.push(coarse(cell, size / seconds, target));
      at += 1;
      continue;
    }
    const end = Math.ceil(cell.to / seconds) * seconds;
    const parts: Bucket[] = [];
    let to = cell.to;
    for (let next = cells[at]; next !== undefined && next.to <= end; next = cells[at]) {
      parts.push({ end: next.to, counts: next.counts, method: null });
      to = next.to;
      at += 1;
    }
    const [slice] = toSlices(parts, size, seconds, target);
    slices.push({ from: cell.from, to, counts: slice?.counts ?? null });
  }
  return slices;
}

function coarse({ from, to, counts }: Cell, within: number, target: SliceTarget): Cell {
  const slice = judgeSlice(counts, target);
  return {
    from,
    to,
    counts:
      slice === null
        ? null
        : { good: slice.good * within, bad: slice.bad * within, total: slice.total * within },
  };
}
