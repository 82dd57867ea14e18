import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { Run } from '../fleet/tallies';
import { type Cell, cellsOf, finest } from '../ledger/cells';
import type { Bucket } from '../model';
import { readBuckets } from '../record/store';

const [hour, day] = [3600, 86_400];
/** Buckets are kept for these spans at least; a margin keeps clear of what is being removed. */
const minuteSeconds = 2 * day;
const fiveMinuteSeconds = 39 * day;

const down = (time: number, size: number): number => Math.floor(time / size) * size;
const isKnown = ({ counts }: Bucket): boolean => counts !== null;

export type PageSpan = {
  /** The first moment that is needed, and the moment that the figures stand for. */
  from: number;
  to: number;
  /** Before it hours are enough; `from` where nothing is drawn so coarsely. */
  hoursUntil: number;
  /** From here on minutes are counted where there are any. */
  minutesFrom: number;
  now: number;
};

/** Buckets of groups, once as the charts sum them and once as the ledger prices them. */
export type PageBuckets = {
  runs: Map<number, Run[]>;
  /** The cells of each group from a moment on; null where they were not read so far back, or so finely. */
  cellsFrom: (from: number) => Map<number, Cell[]> | null;
};

/**
 * The buckets of a page, each read once: hours of the far past, 5-minute buckets, and the minutes of the last two days.
 * Charts and ledger stand on the same counts, and the same chunks would else be read for both.
 */
export async function readPageBuckets(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  { from, to, hoursUntil, minutesFrom, now }: PageSpan,
): Promise<PageBuckets> {
  const kept = down(now - fiveMinuteSeconds, hour);
  const fine = Math.max(kept, down(hoursUntil, hour), down(from, 300));
  const begin = down(from, fine > from ? hour : 300);
  const end = Math.ceil(now / 60) * 60;
  const minuteBegin = Math.max(fine, down(now - minuteSeconds, 300));
  const [hours, fives, minutes] = await Promise.all([
    begin < fine ? readBuckets(db, groupIds, 3600, begin, fine) : null,
    readBuckets(db, groupIds, 300, fine, end),
    readBuckets(db, groupIds, 60, minuteBegin, end),
  ]);
  const of = (id: number) => ({
    hours: hours?.get(id) ?? [],
    fives: fives.get(id) ?? [],
    minutes: minutes.get(id) ?? [],
  });
  const cut = Math.max(minuteBegin, minutesFrom);
  const runsOf = (id: number): Run[] => {
    const all = of(id);
    const newest = all.minutes.filter((bucket) => bucket.end > cut && bucket.end <= to);
    // Indicators without minutes, such as a native histogram, have 5-minute buckets up to the end.
    const until = newest.some(isKnown) ? cut : down(to, 300);
    return [
      { size: 3600, buckets: all.hours },
      { size: 300, buckets: all.fives.filter((bucket) => bucket.end <= until) },
      { size: 60, buckets: newest.some(isKnown) ? newest : [] },
    ];
  };
  const cellsOfGroup = (id: number, since: number): Cell[] => {
    const all = of(id);
    const after = (buckets: readonly Bucket[]) => buckets.filter((bucket) => bucket.end > since);
    return [
      ...cellsOf(after(all.hours), 3600),
      ...finest(cellsOf(after(all.fives), 300), cellsOf(after(all.minutes), 60)),
    ];
  };
  return {
    runs: new Map(groupIds.map((id) => [id, runsOf(id)])),
    cellsFrom: (since) =>
      since < Math.min(begin, kept) || (since < fine && fine > kept)
        ? null
        : new Map(groupIds.map((id) => [id, cellsOfGroup(id, since)])),
  };
}
