import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { monotonicMs } from '@/lib/core/time';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import { listGroups, readProgress } from '../record/store';
import { HourStore } from './hours';
import { knownFromBuckets, knownFromSums } from './measure';
import { draftsOf, readSpans } from './read';
import type { FleetState, Known } from './state';
import { isClear, type Recorded } from './tallies';

/**
 * What is recorded of some objectives of an environment, read at this moment and not as the pages last saw it. The
 * hours of the past are left out, so there is no forecast and no line of the budget; every figure and word is there.
 */
export async function knownNow(
  db: DatabaseOrTransaction,
  config: Config,
  environment: string,
  slos: readonly Slo[],
): Promise<FleetState> {
  const now = (await databaseNow(db)).getTime() / 1000;
  const [groups, progress] = await Promise.all([listGroups(db, environment), readProgress(db, environment)]);
  const drafts = await draftsOf(db, config, environment, { groups, progress, now }, slos);
  const clear = drafts.filter(({ lens }) => isClear(lens));
  const tally = await readSpans(db, clear);
  const hours = { store: new HourStore(), hourStamp: '' };
  const known: Known[] = [];
  for (const draft of drafts) {
    known.push(
      isClear(draft.lens) ? knownFromSums(draft, tally, hours) : await knownFromBuckets(db, draft, now),
    );
  }
  const recent = new Map<number, Recorded>();
  return { environment, known, groups, progress, recent, at: now, readAtMs: monotonicMs(), failure: null };
}
