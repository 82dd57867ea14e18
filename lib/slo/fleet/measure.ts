import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { burnSpans } from '../math/burn';
import type { Tally } from '../math/counts';
import type { HourStore } from './hours';
import { type Draft, knownOf, sourcesOfRecorded, tailFrom } from './measured';
import { readRuns } from './runs';
import type { Known } from './state';
import { joinGroups, recordedOf, throughLens } from './tallies';

/** From sums of the database: the events as they were counted. */
export const knownFromSums = (
  draft: Draft,
  tallyOf: (groupId: number, from: number, to: number) => Tally,
  { store, hourStamp }: { store: HourStore; hourStamp: string },
): Known => {
  const tally = (ids: readonly number[], from: number, to: number) =>
    joinGroups(
      ids.map((id) => tallyOf(id, from, to)),
      to - from,
    );
  const { bounds, to } = draft;
  return knownOf(draft, {
    tally,
    past: (ids) =>
      store.has(ids, hourStamp)
        ? { hours: store.hoursOf(ids, bounds.from, tailFrom(to)), tail: tally(ids, tailFrom(to), to) }
        : null,
  });
};

/** From the buckets themselves, through the lens of the objective. */
export async function knownFromBuckets(db: DatabaseOrTransaction, draft: Draft, now: number): Promise<Known> {
  const { to, bounds, found, lens } = draft;
  const span = { from: Math.min(bounds.from, to - (burnSpans.at(-1) ?? 0)), to };
  const minutes = lens.slices?.seconds === 60 ? { minutesFrom: span.from } : {};
  const ids = found.map(({ groupId }) => groupId);
  const runs = await readRuns(db, ids, span, { now, ...minutes });
  const all = new Map(
    [...runs].map(([id, read]) => [id, recordedOf(read.map((run) => throughLens(run, lens)))]),
  );
  return knownOf(draft, sourcesOfRecorded(draft, all));
}
