import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { type Run, tallyOfSums } from '../fleet/tallies';
import { type Claim, claimsOfGroup } from '../ledger/claims';
import type { Span } from '../ledger/spans';
import { addTallies } from '../math/counts';
import type { GroupLabels } from '../model';
import { readBuckets, readSums } from '../record/store';
import type { LineGroup } from './line';

/** 5-minute buckets are kept for 40 days; a margin keeps clear of what is being removed. */
const fiveMinuteSeconds = 39 * 86_400;
const down = (time: number, size: number): number => Math.floor(time / size) * size;

/** The buckets of a month, the same whenever it is read: 5 minutes each, hours where those are gone. */
async function readRuns(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  { from, to }: Span,
  now: number,
): Promise<Map<number, Run[]>> {
  const fine = down(now - fiveMinuteSeconds, 3600);
  const middle = Math.min(Math.max(down(from, 300), fine), Math.ceil(to / 3600) * 3600);
  const [hours, fives] = await Promise.all([
    from < fine ? readBuckets(db, groupIds, 3600, down(from, 3600), middle) : null,
    middle < to ? readBuckets(db, groupIds, 300, middle, to) : null,
  ]);
  return new Map(
    groupIds.map((id) => [
      id,
      [
        { size: 3600, buckets: hours?.get(id) ?? [] },
        { size: 300, buckets: fives?.get(id) ?? [] },
      ],
    ]),
  );
}

export type RecordedGroup = { groupId: number; labels: GroupLabels };
const idsOf = (groups: readonly RecordedGroup[]): number[] => groups.map(({ groupId }) => groupId);

/** Sums of spans, for an objective of which no bucket is asked for by itself: the database adds up much faster. */
export async function sumGroups(
  db: DatabaseOrTransaction,
  groups: readonly RecordedGroup[],
  spans: readonly Span[],
): Promise<LineGroup[]> {
  const sums = await Promise.all(spans.map(({ from, to }) => readSums(db, idsOf(groups), from, to)));
  return groups.map(({ groupId }) => ({
    sum: addTallies(sums.flatMap((all) => all.get(groupId) ?? []).map(tallyOfSums)),
  }));
}

/** Buckets of a span with who may have spent in them. `label` tells the regions of the service apart. */
export async function readGroups(
  db: DatabaseOrTransaction,
  groups: readonly RecordedGroup[],
  { span, now, claims, label }: { span: Span; now: number; claims: readonly Claim[]; label: string | null },
): Promise<LineGroup[]> {
  const runs = await readRuns(db, idsOf(groups), span, now);
  return groups.map(({ groupId, labels }) => ({
    runs: runs.get(groupId) ?? [],
    claims: claimsOfGroup(claims, labels, label),
  }));
}
