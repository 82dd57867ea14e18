import 'server-only';
import { type Caller, can } from '@/lib/access/model';
import { type Database as DatabaseConfig, recoveryTiers } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { environmentOf } from '@/lib/service/placements';
import { scheduleView } from '../schedule-view';
import { type GoodCopy, lostCopies, readGoodCopies } from './candidates';
import type { DrillChoice, DrillList, DrillsView } from './contract';
import { recoveryTimeOf } from './recovery-time';
import { passedDrill, readDrills } from './store';
import { underWaySentence } from './words';

/** More than so many are not chosen among by hand. */
const SHOWN = 60;

/** Of each database of an environment that has copies. Throws OpsError `not-found` for an unknown environment. */
export async function drillsView(
  config: Config,
  asked: string | undefined,
  actor: Caller,
  db: Database = database(),
): Promise<DrillList> {
  const environment = environmentOf(config, asked);
  const now = await databaseNow(db);
  const backed = config.databases.filter(
    (one) => one.environment === environment && one.backup !== undefined,
  );
  const views = await Promise.all(backed.map((one) => viewOf(db, one, now)));
  return {
    databases: actor.kind === 'pipeline' ? views.map(withoutEvidence) : views,
    mayRehearse: can(actor, 'backup.drill'),
  };
}

/** What tools said of a database is for people. */
const withoutEvidence = (view: DrillsView): DrillsView => ({
  ...view,
  underWay: view.underWay && { ...view.underWay, evidence: [] },
  last: view.last && { ...view.last, evidence: [] },
  lastPassed: view.lastPassed && { ...view.lastPassed, evidence: [] },
});

async function viewOf(db: Database, known: DatabaseConfig, now: Date): Promise<DrillsView> {
  const { id, name, backup } = known;
  const [drills, lost] = await Promise.all([readDrills(db, id), lostCopies(db, id)]);
  const choices = (await readGoodCopies(db, id, lost, SHOWN)).map(choiceOf);
  const schedule = backup?.drill ?? null;
  return {
    database: id,
    recoveryTime: recoveryTimeOf({
      drill: passedDrill(drills.lastPassed),
      newestBytes: choices[0]?.bytes ?? null,
      nowMs: now.getTime(),
      objective: rtoObjective(known),
    }),
    schedule: schedule === null || backup?.scratch === undefined ? null : scheduleView(schedule, now),
    ...drills,
    choices,
    refusal: refusalOf(known, { isBusy: drills.underWay, isEmpty: choices.length === 0, name }),
  };
}

/** How long a restore of this database may take. */
export const rtoObjective = ({ tier, rto }: DatabaseConfig): { seconds: number; isOfTier: boolean } => ({
  seconds: rto ?? recoveryTiers[tier].rto,
  isOfTier: rto === undefined,
});

const choiceOf = ({ id, snapshotAt, bytes, level }: GoodCopy): DrillChoice => ({
  copy: id,
  snapshotAt: snapshotAt.toISOString(),
  bytes,
  level,
});

type Circumstances = { isBusy: DrillsView['underWay']; isEmpty: boolean; name: string };

function refusalOf({ backup }: DatabaseConfig, { isBusy, isEmpty, name }: Circumstances): string | null {
  if (backup?.scratch === undefined)
    return 'signalbox.yaml names no scratch server to restore it on (databases[].backup.scratch).';
  if (isBusy !== null) return underWaySentence(name, isBusy.requestedBy);
  return isEmpty ? 'No copy of it was read in full yet (L3).' : null;
}
