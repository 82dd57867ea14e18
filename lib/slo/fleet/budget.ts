import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import { type Figures, figuresOf } from '../math/budget';
import { objectiveOf } from '../math/objective';
import { windowSeconds } from '../math/window';
import { listGroups, readProgress, readSums } from '../record/store';
import { absenceWords } from './age';
import { knownFromBuckets } from './measure';
import { draftsOf, slosIn } from './read';
import { isClear, joinGroups, tallyOfSums } from './tallies';

/** `away`: who keeps the newest counts away, in a sentence; null while they are new. */
export type BudgetNow = { slo: Slo; figures: Figures; away: string | null };

/** The budget of the first objective of a service as the pages show it, read now; null when it has none. */
export async function budgetNow(
  db: DatabaseOrTransaction,
  config: Config,
  { service, environment }: { service: string; environment: string },
): Promise<BudgetNow | null> {
  const slo = slosIn(config, environment).find((one) => one.service === service);
  if (slo === undefined) return null;
  const now = (await databaseNow(db)).getTime() / 1000;
  const [groups, progress] = await Promise.all([listGroups(db, environment), readProgress(db, environment)]);
  const [draft] = await draftsOf(db, config, environment, { groups, progress, now }, [slo]);
  if (draft === undefined) return null;
  const { bounds, to, found } = draft;
  const ids = found.map(({ groupId }) => groupId);
  const window = isClear(draft.lens)
    ? joinGroups([...(await readSums(db, ids, bounds.from, to)).values()].map(tallyOfSums), to - bounds.from)
    : (await knownFromBuckets(db, draft, now)).whole.window;
  return {
    slo,
    figures: figuresOf(window, objectiveOf(slo.objective), windowSeconds(slo.window, to)),
    away: absenceWords(draft.progress, now),
  };
}
