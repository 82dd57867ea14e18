import 'server-only';
import { z } from 'zod';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import type { Restore } from '@/lib/actuators/postgres/restore/fence';
import { seeDatabases } from '@/lib/actuators/postgres/restore/look';
import { restoreNames } from '@/lib/actuators/postgres/restore/names';
import { installationId } from '@/lib/backup/installation';
import { readLoad } from '@/lib/backup/restore/load-fact';
import { formatDuration } from '@/lib/core/duration';
import { messageOf } from '@/lib/core/errors';
import { SourceError } from '@/lib/sources/source-error';
import type { Execution } from '../../execute/execution';
import { type IntentRow, settledResults } from '../../execute/intents';
import { observeTarget } from '../../execute/observe';
import type { StoredChange } from '../../stored';
import type { RestoreData } from '../contract';
import { type RestoreFacts, type RestoreVerb, restoreVerbs } from '../restore-facts';
import { type Layout, layoutOf } from '../restore-layout';
import { cancelWindowSeconds } from '../restore-steps';
import { readCopy } from './copy-fact';
import { readSteered } from './orders';

/** What one round of a restore knows. `problem`: why the server was not seen. */
export type Looked = {
  restore: Restore | null;
  facts: RestoreFacts;
  problem: string | null;
  open: IntentRow | null;
};

const unconfigured = 'signalbox.yaml names no account any more that may put copies of this database back.';

export async function lookAtRestore(
  run: Execution,
  change: StoredChange,
  data: RestoreData,
): Promise<Looked> {
  const [steered, copy, load, intents, resumed, installation] = await Promise.all([
    readSteered(run, change),
    // The copy has to be there; how far it is proven is for those who need it.
    readCopy(run.db, run.number, 1),
    readLoad(run.db, run.number),
    run.db.intent.findMany({ where: { changeNumber: run.number }, orderBy: { attempt: 'asc' } }),
    run.db.command.findFirst({
      where: { changeNumber: run.number, kind: 'resume', result: 'applied' },
      orderBy: { appliedAt: 'desc' },
    }),
    installationId(run.db),
  ]);
  const restore = restoreOf(run, data, installation);
  const isAnnounced = intents.some(({ verb }) => verb === 'make');
  const seen = await see(restore, data, run.number, isAnnounced);
  const open = intents.find(({ resolvedAt }) => resolvedAt === null) ?? null;
  const facts: RestoreFacts = {
    ...steered,
    name: data.name,
    names: restoreNames(data.serverDatabase, run.number),
    layout: seen.layout,
    safetyCopy: data.safetyCopy,
    copy,
    load,
    open: open === null ? null : { verb: verbOf(open), sinceMs: open.createdAt.getTime() },
    last: lastOf(intents),
    resumedAtMs: resumed?.appliedAt?.getTime() ?? null,
    watchUntilMs: change.watchUntil?.getTime() ?? null,
    sessionsBefore: data.sessions,
    pods: seen.layout?.stage === 'switched' ? await readPods(run, change) : null,
    keptFor: formatDuration(data.keepSeconds),
    cancelWindowSeconds,
  };
  return { restore, facts, problem: seen.problem, open };
}

function restoreOf(run: Execution, data: RestoreData, installation: string): Restore | null {
  const found = run.config.databases.find(({ id }) => id === data.database);
  if (found?.restore === undefined) return null;
  return {
    keeper: { id: data.database, restore: found.restore },
    names: restoreNames(data.serverDatabase, run.number),
    oid: data.oid,
    fence: { change: run.number, epoch: run.epoch, installation },
    // With stopActing it is shorter than the lease: over before another worker may have taken the change.
    limit: { mayStill: run.lease.mayAct, withinSeconds: run.config.timing.callTimeout },
  };
}

type SeenNow = { layout: Layout | null; problem: string | null };

async function see(
  restore: Restore | null,
  { oid }: RestoreData,
  change: number,
  isAnnounced: boolean,
): Promise<SeenNow> {
  if (restore === null) return { layout: null, problem: unconfigured };
  const { keeper, names, fence } = restore;
  try {
    const about = { names, oid, change, installation: fence.installation, isAnnounced };
    return { layout: layoutOf(await seeDatabases(keeper, names), about), problem: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { layout: null, problem: messageOf(error) };
  }
}

const Verb = z.enum(restoreVerbs);
export const verbOf = ({ verb }: Pick<IntentRow, 'verb'>): RestoreVerb => Verb.parse(verb);

const Detail = z.looseObject({ sentence: z.string().default('The server refused.') });

/** The last act that was carried out or refused; what was given up tells nothing. */
function lastOf(intents: readonly IntentRow[]): RestoreFacts['last'] {
  const ended = intents.findLast(
    ({ result }) => result === 'refused' || settledResults.some((one) => one === result),
  );
  if (ended === undefined || ended.resolvedAt === null) return null;
  const isDone = ended.result !== 'refused';
  const refusal = isDone ? null : Detail.parse(ended.resultDetail ?? {}).sentence;
  return { verb: verbOf(ended), isDone, refusal, atMs: ended.resolvedAt.getTime() };
}

/** Pods of the Deployment that the plan names; null while the cluster is silent. */
async function readPods(
  run: Execution,
  { plan }: StoredChange,
): Promise<{ ready: number; wanted: number } | null> {
  try {
    const { live } = await observeTarget(run.cluster(plan.cluster), plan.target);
    return { ready: live.counts.ready, wanted: live.replicas };
  } catch (error) {
    if (isClusterError(error)) return null;
    throw error;
  }
}
