import 'server-only';
import { readReadiness } from '@/lib/backup/readiness';
import { costWords, lacksOf, type Readiness } from '@/lib/backup/ready';
import type { Config } from '@/lib/config/schema';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import type { DeployPlan, Precheck } from '../contract';
import type { MigrationClass } from '../staged/contract';
import { attempt, type Finding, fail, joined, pass, warn } from '../staged/plan/check';

/** What a change does to the data: a deploy without a migration changes no tables. */
export type DataRisk = 'none' | MigrationClass;

export function dataRiskOf({ staged }: Pick<DeployPlan, 'staged'>): DataRisk {
  const job = staged?.steps.find((step) => step.do === 'job');
  return job?.do === 'job' ? job.class : 'none';
}

/**
 * Whether the copies of one database allow a deploy (change-engine.md 6.2): one that changes no tables is only warned,
 * a migration is blocked, and a destructive one asks for a restore of the last 7 days too. A database whose copies are
 * not ours is a warning, since nothing is known of those that others make.
 */
export function backupFinding(one: Readiness, risk: DataRisk): Finding {
  if (!one.isBackedUp) {
    const asks = risk === 'none' ? '' : ' Make sure by hand that a fresh one restores.';
    return warn(
      `This console makes no copies of ${one.name}, so what a restore would lose is not known.${asks} signalbox.yaml configures them under databases[].backup.`,
    );
  }
  const lacks = lacksOf(one, risk === 'destructive');
  const cost = `${one.name}: ${costWords(one)}`;
  if (lacks.length === 0) return pass(cost);
  const lacking = lacks.map(({ sentence }) => sentence).join(' ');
  if (risk === 'none') return warn(`${cost} ${lacking} The deploy changes no tables and is not held up.`);
  const isOfCopy = lacks.some(({ code }) => code === 'none' || code === 'age' || code === 'ahead');
  const steps = [
    isOfCopy ? 'wait for the next copy, or look on the page Backups why there is none' : null,
    lacks.length > 1 || !isOfCopy ? 'rehearse a restore on the page Backups' : null,
  ].filter((step) => step !== null);
  return fail(`${cost} ${lacking} Before the migration: ${steps.join('; then ')}.`);
}

/** The databases whose data a change over these regions may touch. */
export const databasesOf = (config: Config, { service, environment, region, staged }: DeployPlan) =>
  config.databases.filter(
    (one) =>
      one.service === service &&
      one.environment === environment &&
      (staged?.regions ?? [region]).includes(one.region),
  );

async function findings(db: DatabaseOrTransaction, config: Config, plan: DeployPlan) {
  const now = await databaseNow(db);
  return Promise.all(
    databasesOf(config, plan).map(async (known) => ({
      region: known.region,
      finding: backupFinding(await readReadiness(db, known, now), dataRiskOf(plan)),
    })),
  );
}

const title = 'Copies of its database';

/** What a restore would lose and how long it would take, on every deploy of a service with a database (RBK-07). */
export async function backupCheck(
  db: DatabaseOrTransaction,
  config: Config,
  plan: DeployPlan,
): Promise<Precheck[]> {
  if (plan.kind !== 'deploy') return [];
  if (databasesOf(config, plan).length === 0) {
    if (dataRiskOf(plan) !== 'destructive') return [];
    const unknown =
      'signalbox.yaml names no database of this service, so its copies are not known here. A destructive migration can be undone from a copy alone: make sure by hand that a fresh one restores.';
    return [{ id: 'backup', title, ...warn(unknown) }];
  }
  const { result, detail } = await attempt(async () =>
    joined('backup', title, await findings(db, config, plan)),
  );
  return [{ id: 'backup', title, result, detail }];
}

/**
 * Why a migration may not run by the copies of this moment; null when it may, and for what changes no tables. Asked
 * again when the change starts, and before the migration is let run: a copy may be gone or too old by then.
 */
export async function backupProblem(
  db: DatabaseOrTransaction,
  config: Config,
  plan: DeployPlan,
): Promise<string | null> {
  if (plan.kind !== 'deploy' || dataRiskOf(plan) === 'none') return null;
  const failed = (await findings(db, config, plan)).filter(({ finding }) => finding.result === 'fail');
  return failed.length === 0 ? null : failed.map(({ finding }) => finding.detail).join(' ');
}
