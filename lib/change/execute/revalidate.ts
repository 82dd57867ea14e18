import 'server-only';
import { stage } from '@/lib/audit/stage';
import { copyUnderWay } from '@/lib/backup/migration-lock';
import { changeId } from '@/lib/core/ids';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { approvalNow } from '../approval-now';
import { restoreProblem } from '../data/plan/restorable-copy';
import { incidentProblem } from '../incident/incident-problem';
import { type ChangeMove, moveChange, observe } from '../move-change';
import { backupProblem, databasesOf, dataRiskOf } from '../plan/backup-gate';
import { lockKeysOf } from '../plan/lock-keys';
import { gateProblem } from '../plan/plan-gate';
import type { LiveSignOff } from '../sign-offs';
import type { StoredChange } from '../stored';
import { activeKill } from '../switch/active';
import { clusterProblem } from './cluster-problem';
import type { Execution } from './execution';
import { imageProblem } from './image-problem';
import { holdChange } from './intents';
import { followSteps } from './steps';

/** `busy`: another change holds the workload. `unclear`: the cluster did not answer. */
export type Revalidation = 'moved' | 'busy' | 'unclear';

/**
 * Everything that was true when it was signed must be true when it runs (change-engine.md 2.4, trust.md 1.3, 8):
 * plan hash, each sign-off, the policy of today, the cluster, the object that the plan was made from, what the tag of
 * its image stands for, the error budget where a policy asks it, the copies of the database that it migrates, and no
 * incident opened since.
 */
export async function revalidate(run: Execution, change: StoredChange): Promise<Revalidation> {
  const kill = await activeKill(run.db, change);
  if (change.state === 'Queued') {
    return kill === null && (await enter(run)) ? 'moved' : 'busy';
  }
  if (kill !== null) return abortOrExpire(run);
  const [cluster, image, incident] = await Promise.all([
    clusterProblem(run, change),
    imageProblem(run.config, change.plan),
    incidentProblem(run.config, run.db, change),
  ]);
  if (cluster === 'unclear') return abortOrExpire(run);
  const fallen = await gateProblem(run.db, run.config, change.plan);
  const copies =
    (await backupProblem(run.db, run.config, change.plan)) ?? (await restoreProblem(run.db, change.plan));
  await transaction(async (tx) => {
    const { change: locked, now } = await holdChange(tx, run);
    if (locked.state !== 'Revalidating' || (await isAborted(tx, run, locked, now))) return;
    if ((await activeKill(tx, locked)) !== null) return;
    const why = fallen ?? copies;
    const gate = why === null ? null : `${why} Ask for a new plan.`;
    const problem =
      (await signOffProblem(tx, run, locked, now)) ?? cluster ?? image ?? gate ?? incident.problem;
    const move: ChangeMove =
      problem === null
        ? {
            to: 'Running',
            action: 'change.started',
            actor: { kind: 'worker', id: run.workerId },
            sentence: 'The plan still fits; the change starts.',
            notify: 'started',
            set: { startedAt: now },
          }
        : { ...ended(run, 'Voided', 'change.voided', problem), notify: 'failed' };
    const moved = await moveChange(tx, run.config, locked, move, now);
    if (problem !== null) return;
    if (incident.unknown !== null) await observe(tx, run.number, null, 'seen', incident.unknown);
    await followSteps(tx, moved, now, false);
  }, run.db);
  return 'moved';
}

const ended = (
  run: Execution,
  to: 'Cancelled' | 'Voided' | 'Expired',
  action: 'change.cancelled' | 'change.voided' | 'change.expired',
  sentence: string,
): ChangeMove => ({
  to,
  action,
  actor: { kind: 'worker', id: run.workerId },
  sentence,
  reason: sentence,
  outcome: { sentence },
});

/** Takes the locks and the workload's one active place; false when another change has them. */
async function enter(run: Execution): Promise<boolean> {
  try {
    return await transaction(async (tx) => {
      const { change, now } = await holdChange(tx, run);
      // Cancelled or reopened meanwhile: the next round reads it anew.
      if (change.state !== 'Queued') return true;
      if (await waitsForCopy(tx, run, change)) return false;
      const keys = lockKeysOf(change.plan);
      const { count } = await tx.lock.createMany({
        data: keys.map((key) => ({ key, changeNumber: run.number, acquiredAt: now })),
        skipDuplicates: true,
      });
      const mine = await tx.lock.count({ where: { key: { in: keys }, changeNumber: run.number } });
      if (count < keys.length && mine < keys.length) return false;
      const sentence = 'Checking that the plan still fits.';
      const move = { to: 'Revalidating', action: 'change.claimed', sentence } as const;
      await moveChange(tx, run.config, change, { ...move, actor: { kind: 'worker', id: run.workerId } }, now);
      return true;
    }, run.db);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002')
      return false;
    throw error;
  }
}

/** A migration keeps its place in the queue until a copy of its database is made; why is said once. */
async function waitsForCopy(tx: Transaction, run: Execution, { plan }: StoredChange): Promise<boolean> {
  if (dataRiskOf(plan) === 'none') return false;
  const copy = await copyUnderWay(tx, databasesOf(run.config, plan));
  if (copy === null) return false;
  const sentence = `A copy of ${copy.name} is being made (${copy.object}); the migration begins after its end.`;
  const said = await tx.observation.count({ where: { changeNumber: run.number, sentence } });
  if (said === 0) await observe(tx, run.number, null, 'seen', sentence);
  return true;
}

async function signOffProblem(
  tx: Transaction,
  run: Execution,
  change: StoredChange,
  now: Date,
): Promise<string | null> {
  const { problem, unfit } = await approvalNow(tx, run.config, change, now);
  for (const { signOff, why } of unfit) await voidSignOff(tx, run, change, signOff, why, now);
  return problem;
}

async function voidSignOff(
  tx: Transaction,
  run: Execution,
  change: StoredChange,
  signOff: LiveSignOff,
  why: string,
  now: Date,
): Promise<void> {
  await tx.signOff.update({ where: { id: signOff.id }, data: { voidedAt: now, voidReason: why } });
  await observe(tx, run.number, null, 'seen', `The sign-off of ${signOff.userName} does not count: ${why}.`);
  await stage(tx, {
    action: 'change.sign_off_voided',
    actor: { kind: 'worker', id: run.workerId },
    target: `change:${changeId(run.number)}`,
    change: run.number,
    result: 'ok',
    reason: why,
    planHash: change.planHash,
    details: { role: signOff.role },
  });
}

/** Nothing was written yet, so an abort needs no cluster: cancelled, in the words of who aborted. */
async function isAborted(tx: Transaction, run: Execution, change: StoredChange, now: Date): Promise<boolean> {
  const abort = await tx.command.findFirst({
    where: { changeNumber: run.number, kind: 'abort', appliedAt: null },
  });
  if (abort === null) return false;
  await tx.command.update({ where: { id: abort.id }, data: { appliedAt: now, result: 'applied' } });
  const sentence = `${abort.actorName} aborted before anything was done: ${abort.reason}`;
  await moveChange(tx, run.config, change, ended(run, 'Cancelled', 'change.cancelled', sentence), now);
  return true;
}

/** A cluster that stays away until the queue place ends: expired, nothing was done. */
async function abortOrExpire(run: Execution): Promise<Revalidation> {
  return transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    if (change.state !== 'Revalidating' || (await isAborted(tx, run, change, now))) return 'moved';
    if (change.queueExpiresAt === null || now < change.queueExpiresAt) return 'unclear';
    const sentence = 'The cluster did not answer until the place in the queue expired; nothing was done.';
    await moveChange(tx, run.config, change, ended(run, 'Expired', 'change.expired', sentence), now);
    return 'moved';
  }, run.db);
}
