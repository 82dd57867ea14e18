import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { Recorder } from '@/lib/slo/record/recorder';
import { listGroups, readProgress } from '@/lib/slo/record/store';
import { type Cost, costOf } from '../report/cost';
import { objectives, regions } from './traffic';

const ticks = 5;
const tickGapMs = 15_000;

export type Recording = { db: Database; config: Config; signal: AbortSignal };

/** Every objective is due with every tick. */
const recorderOf = ({ db, config }: Recording): Recorder =>
  new Recorder({ db, config, workerId: 'bench', everySeconds: 0 });

/** What it costs to fill the days of all objectives, after their first tick. Throws when any is left. */
export async function backfillCost(recording: Recording): Promise<Cost> {
  const recorder = recorderOf(recording);
  await recorder.tick(recording.signal);
  const cost = await costOf(() => recorder.backfill(recording.signal));
  await mustBeWhole(recording.db);
  return cost;
}

/** A figure of a recorder that failed would be a fast one. */
async function mustBeWhole(db: Database): Promise<void> {
  const progress = await readProgress(db);
  const groups = await listGroups(db, 'production');
  const bad = progress.find(({ backfill, problem }) => problem !== null || backfill.done < backfill.total);
  if (bad !== undefined) throw new Error(`${bad.slo} is not recorded: ${JSON.stringify(bad.problem)}`);
  if (progress.length !== objectives || groups.length !== objectives * regions.length) {
    throw new Error(`${progress.length} objectives and ${groups.length} groups are recorded.`);
  }
}

/**
 * What each of some ticks costs over all objectives, 15 s apart as in the worker. The last is one that follows a
 * 5-minute mark, when the coarse buckets are written too: the time of the reading before it is put back.
 */
export async function tickCosts(recording: Recording): Promise<Cost[]> {
  const { db, signal } = recording;
  const recorder = recorderOf(recording);
  // What a recorder learns with its first tick it knows for as long as its process runs.
  await recorder.tick(signal);
  const all: Cost[] = [];
  while (all.length < ticks) {
    await sleep(tickGapMs, undefined, { signal });
    if (all.length === ticks - 1) {
      await db.$executeRaw`UPDATE slo_progress SET recorded_until = recorded_until - interval '5 min'`;
    }
    const cost = await costOf(() => recorder.tick(signal));
    if (cost.result !== objectives) {
      throw new Error(`A tick read ${cost.result} objectives of ${objectives}.`);
    }
    all.push(cost);
  }
  await mustBeWhole(db);
  return all;
}
