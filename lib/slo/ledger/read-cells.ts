import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { readBuckets } from '../record/store';
import { type Cell, cellsOf, finest } from './cells';
import type { Span } from './spans';

/** Minutes are kept for three days and 5-minute buckets for weeks; a margin keeps clear of what is being removed. */
const minuteSeconds = 2 * 86_400;
const fiveMinuteSeconds = 39 * 86_400;

const downTo = (time: number, size: number): number => Math.floor(time / size) * size;

/**
 * The cells of each group over a span that ends about now: minutes of the last two days where they are known, 5-minute
 * buckets of the last weeks, hours before.
 */
export async function readCells(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  span: Span,
  now: number,
): Promise<Map<number, Cell[]>> {
  const to = Math.ceil(span.to / 60) * 60;
  const fineFrom = downTo(now - fiveMinuteSeconds, 3600);
  const hourly = span.from < fineFrom;
  const from = downTo(span.from, hourly ? 3600 : 300);
  const minuteFrom = Math.max(from, downTo(now - minuteSeconds, 300));
  const [hours, fives, minutes] = await Promise.all([
    hourly ? readBuckets(db, groupIds, 3600, from, Math.min(fineFrom, to)) : null,
    readBuckets(db, groupIds, 300, hourly ? fineFrom : from, to),
    minuteFrom < to ? readBuckets(db, groupIds, 60, minuteFrom, to) : null,
  ]);
  return new Map(
    groupIds.map((id) => [
      id,
      [
        ...cellsOf(hours?.get(id) ?? [], 3600),
        ...finest(cellsOf(fives.get(id) ?? [], 300), cellsOf(minutes?.get(id) ?? [], 60)),
      ],
    ]),
  );
}
