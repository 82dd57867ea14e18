import 'server-only';
import { type Caller, can } from '@/lib/access/model';
import type { Database as DatabaseConfig, DirectBackup } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { environmentOf } from '@/lib/service/placements';
import type { CopyFate, RetentionLine, RetentionList, RetentionView } from './contract';
import type { Verdict } from './model';
import { selectCopies } from './select-copies';
import { awaitsPerson } from './stops';
import { ageLimitOf, readCopies, readLastRun, type StoredCopy, toRetained } from './store';
import { keptText, leavesText, policyText } from './words';

type Backed = DatabaseConfig & { backup: DirectBackup };
const isBacked = (one: DatabaseConfig): one is Backed => one.backup !== undefined;

function fateOf({ state }: StoredCopy, verdict: Verdict | undefined): CopyFate {
  if (state === 'deleting') return 'ending';
  if (verdict?.stays !== false) return 'stays';
  return state === 'tombstoned' ? 'marked' : 'leaves';
}

function lineOf(copy: StoredCopy, verdict: Verdict | undefined, isMissing: boolean): RetentionLine {
  const by = verdict?.stays === true ? verdict.by : [];
  return {
    copy: copy.id,
    object: copy.object,
    snapshotAt: copy.snapshotAt.toISOString(),
    fate: fateOf(copy, verdict),
    isMissing,
    rules: by.map(({ rule }) => rule),
    reason:
      verdict === undefined
        ? 'Its end has begun.'
        : verdict.stays
          ? by.map(keptText).join(', ')
          : leavesText(verdict.leaves),
    deleteAfter: copy.deleteAfter?.toISOString() ?? null,
    pins: copy.pins,
  };
}

async function viewOf(db: Database, one: Backed, actor: Caller, now: Date): Promise<RetentionView> {
  const [copies, last] = await Promise.all([readCopies(db, one.id), readLastRun(db, one.id)]);
  const { retention } = one.backup;
  // The folder is the worker's to see: what it missed when it last looked is missing here.
  const missing = new Set(last?.missing);
  const filed = copies.filter(({ state }) => state === 'kept' || state === 'tombstoned');
  const verdicts = new Map(
    selectCopies(
      filed.map((copy) => toRetained(copy, missing.has(copy.id))),
      retention,
    ).map((verdict) => [verdict.id, verdict]),
  );
  const awaits = last !== null && last.state === 'stopped' && awaitsPerson(last.stops) ? last.leaving : [];
  return {
    database: one.id,
    policy: policyText(retention),
    graceSeconds: retention.grace,
    ageLimitSeconds: ageLimitOf(one, now),
    ranAt: last?.ranAt.toISOString() ?? null,
    state: last?.state ?? null,
    stops: last?.stops ?? [],
    awaits,
    letGo:
      last === null || last.approvedAt === null || last.approvedByName === null
        ? null
        : { by: last.approvedByName, at: last.approvedAt.toISOString() },
    unknownFiles: last?.unknownFiles ?? [],
    unknownCount: last?.unknownCount ?? 0,
    lines: copies
      .filter(({ state }) => state !== 'running')
      .map((copy) => lineOf(copy, verdicts.get(copy.id), missing.has(copy.id))),
    mayPin: can(actor, 'backup.pin'),
    mayLetGo: can(actor, 'backup.let_go'),
  };
}

/** Of each database of an environment that has copies. Throws OpsError `not-found` for an unknown environment. */
export async function retentionView(
  config: Config,
  asked: string | undefined,
  actor: Caller,
  db: Database = database(),
): Promise<RetentionList> {
  const environment = environmentOf(config, asked);
  const now = await databaseNow(db);
  const backed = config.databases.filter((one) => one.environment === environment).filter(isBacked);
  return { databases: await Promise.all(backed.map((one) => viewOf(db, one, actor, now))) };
}
