import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { type Lens, type Run, throughLens } from '../fleet/tallies';
import type { Span } from '../ledger/spans';
import type { Bucket } from '../model';
import { readBuckets } from '../record/store';
import { fineFrom } from './bounds';

/** Minutes are kept for three days (retention.sloMinutes); a margin keeps clear of what is being removed. */
const minuteSeconds = 2 * 86_400;

const isKnown = ({ counts }: Bucket): boolean => counts !== null;

/**
 * The buckets of each group in a span that was taken to whole ones, as the objective counts them: hours where the
 * finer ones are gone, else 5 minutes, the newest of them from minutes; minutes themselves where slices of a minute
 * are judged. Nothing outside the span is read.
 */
export async function readSpanRuns(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  { from, to }: Span,
  { now, lens }: { now: number; lens: Lens },
): Promise<Map<number, Run[]>> {
  const fine = fineFrom(now);
  const cut = Math.max(from, Math.floor((now - minuteSeconds) / 300) * 300);
  const wantsMinutes = lens.slices?.seconds === 60 && cut < to;
  const [hours, fives, minutes] = await Promise.all([
    from < fine ? readBuckets(db, groupIds, 3600, from, Math.min(fine, to)) : null,
    to > fine ? readBuckets(db, groupIds, 300, Math.max(from, fine), to) : null,
    wantsMinutes ? readBuckets(db, groupIds, 60, cut, to) : null,
  ]);
  const runsOf = (id: number): Run[] => {
    const single = minutes?.get(id) ?? [];
    const known = single.some(isKnown);
    const five = fives?.get(id) ?? [];
    return [
      { size: 3600, buckets: hours?.get(id) ?? [] },
      { size: 300, buckets: known ? five.filter(({ end }) => end <= cut) : five },
      { size: 60, buckets: known ? single : [] },
    ];
  };
  return new Map(groupIds.map((id) => [id, runsOf(id).map((run) => throughLens(run, lens))]));
}
