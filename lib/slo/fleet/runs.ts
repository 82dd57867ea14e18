import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { Span } from '../ledger/spans';
import { readBuckets } from '../record/store';
import type { Run } from './tallies';

const day = 86_400;
/** Buckets are kept for these spans at least; a margin keeps clear of what is being removed. */
const minuteSeconds = 2 * day;
const fiveMinuteSeconds = 39 * day;

const down = (time: number, size: number): number => Math.floor(time / size) * size;

/**
 * The buckets of each group over a span that ends about `now`, oldest first and none twice: hours where the finer
 * ones are gone, 5-minute buckets, and minutes from `minutesFrom` on, since 5-minute buckets are written only when
 * they are whole.
 */
export async function readRuns(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  span: Span,
  { now, minutesFrom = down(span.to, 300) - 900 }: { now: number; minutesFrom?: number },
): Promise<Map<number, Run[]>> {
  const cut = Math.max(down(span.from, 300), down(Math.max(minutesFrom, now - minuteSeconds), 300));
  const fineFrom = down(now - fiveMinuteSeconds, 3600);
  const hourly = span.from < fineFrom;
  const middle = hourly ? fineFrom : down(span.from, 300);
  const [hours, fives, minutes] = await Promise.all([
    hourly ? readBuckets(db, groupIds, 3600, down(span.from, 3600), fineFrom) : null,
    cut > middle ? readBuckets(db, groupIds, 300, middle, cut) : null,
    cut < span.to ? readBuckets(db, groupIds, 60, cut, span.to) : null,
  ]);
  const fivesAfter = await readBucketsWithoutMinutes(db, groupIds, minutes, cut, span.to);
  return new Map(
    groupIds.map((id) => [
      id,
      [
        { size: 3600, buckets: hours?.get(id) ?? [] },
        { size: 300, buckets: [...(fives?.get(id) ?? []), ...(fivesAfter.get(id) ?? [])] },
        { size: 60, buckets: fivesAfter.has(id) ? [] : (minutes?.get(id) ?? []) },
      ],
    ]),
  );
}

type Read = Awaited<ReturnType<typeof readBuckets>>;

/** Indicators that have no minutes, such as a native histogram, are read in 5-minute buckets up to the end. */
async function readBucketsWithoutMinutes(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  minutes: Read | null,
  from: number,
  to: number,
): Promise<Read> {
  const without = groupIds.filter((id) => !(minutes?.get(id) ?? []).some(({ counts }) => counts !== null));
  if (minutes === null || without.length === 0) return new Map();
  const read = await readBuckets(db, without, 300, from, down(to, 300));
  return new Map([...read].filter(([, buckets]) => buckets.some(({ counts }) => counts !== null)));
}
