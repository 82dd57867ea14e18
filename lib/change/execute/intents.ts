import 'server-only';
import type { Fence } from '@/lib/actuators/kubernetes/fence';
import { canonicalHash } from '@/lib/audit/canonical';
import { stage } from '@/lib/audit/stage';
import { changeId } from '@/lib/core/ids';
import type { Transaction } from '@/lib/db/transaction';
import { transaction } from '@/lib/db/transaction';
import type { Intent as IntentRow, Prisma } from '@/prisma/generated/client';
import type { ActVerb } from '../facts';
import { lockChange } from '../lock-change';
import { LostChange, observe } from '../move-change';
import { type StoredChange, Subset } from '../stored';
import { activeKill } from '../switch/active';
import type { Execution } from './execution';

export type { IntentRow };

/** An announced write; `S` is the part of the object that is written and compared. */
export type IntentOf<S, V extends string = string> = Omit<IntentRow, 'before' | 'desired' | 'verb'> & {
  verb: V;
  before: S;
  desired: S;
};
/** Of a rolling change. */
export type Intent = IntentOf<Subset, ActVerb>;

export const settledResults = ['applied', 'adopted'] as const;
export type IntentResult = (typeof settledResults)[number] | 'conflict' | 'refused' | 'superseded';

const verbOf: Record<string, ActVerb> = {
  apply: 'apply',
  // As it was called while there were deploys only.
  'set-version': 'apply',
  pause: 'pause',
  resume: 'resume',
  restore: 'restore',
};

export function parseIntent(row: IntentRow): Intent {
  const verb = verbOf[row.verb];
  if (verb === undefined) throw new Error(`The intent ${row.id} has a verb of another version: ${row.verb}.`);
  return { ...row, verb, before: Subset.parse(row.before), desired: Subset.parse(row.desired) };
}

/** Locks the change and makes sure that this run still holds it. Throws LostChange. */
export async function holdChange(
  tx: Transaction,
  run: Execution,
): Promise<{ change: StoredChange; now: Date }> {
  const locked = await lockChange(tx, changeId(run.number));
  if (locked.change.epoch !== run.epoch) throw new LostChange('Another worker holds the change.');
  if (!run.lease.mayAct()) throw new LostChange('The lease is too old to act on.');
  return locked;
}

export type NewIntent = {
  verb: string;
  step: number;
  target: string;
  targetUid: string;
  targetRv: string;
  onBehalfOf: string;
  before: Prisma.InputJsonObject;
  desired: Prisma.InputJsonObject;
  sentence: string;
};

/** Whether a write may still be announced, beside what holds for all of them. */
export type MayStill = (tx: Transaction, change: StoredChange, now: Date, verb: string) => Promise<boolean>;

/**
 * Announces a write: committed before it is sent. Null when an abort or a switch came first (its way back is next), or
 * when `mayStill` says no: those are read after the row lock, in the transaction of the intent.
 */
export function writeIntent(run: Execution, made: NewIntent, mayStill?: MayStill): Promise<IntentRow | null> {
  return transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    if (await isStopped(tx, change, made.verb)) return null;
    if (mayStill !== undefined && !(await mayStill(tx, change, now, made.verb))) return null;
    const attempt = 1 + (await tx.intent.count({ where: { changeNumber: run.number } }));
    const { sentence, ...columns } = made;
    const row = await tx.intent.create({
      data: {
        ...columns,
        id: `${changeId(run.number)}/${made.step}/${attempt}/${made.target}`,
        changeNumber: run.number,
        attempt,
        epoch: run.epoch,
        createdAt: now,
      },
    });
    await observe(tx, run.number, made.step, 'act', sentence);
    await stageIntent(tx, run, change, row);
    return row;
  }, run.db);
}

type Known = Pick<IntentRow, 'id' | 'verb' | 'step' | 'target' | 'attempt'>;

/** The same intent again under the new epoch, after it was seen that the first was never carried out. */
export function reissueIntent(
  run: Execution,
  intent: Known,
  targetRv: string,
  mayStill?: MayStill,
): Promise<IntentRow | null> {
  return transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    if (await isStopped(tx, change, intent.verb)) return null;
    if (mayStill !== undefined && !(await mayStill(tx, change, now, intent.verb))) return null;
    const row = await tx.intent.update({ where: { id: intent.id }, data: { epoch: run.epoch, targetRv } });
    await observe(
      tx,
      run.number,
      intent.step,
      'act',
      'The last write was not carried out; it is sent again.',
    );
    await stageIntent(tx, run, change, row);
    return row;
  }, run.db);
}

/** Of a Deployment, of a database that was switched or closed, and of the one that was made for it. */
const wayBack: readonly string[] = ['restore', 'switch-back', 'open', 'drop'];
export const isWayBack = (verb: string): boolean => wayBack.includes(verb);

/** FREEZE stops every write, an abort every one but the way back. */
export async function isStopped(tx: Transaction, change: StoredChange, verb: string): Promise<boolean> {
  const kill = await activeKill(tx, change);
  if (kill?.verb === 'freeze') return true;
  return !isWayBack(verb) && (kill !== null || (await isAborted(tx, change)));
}

async function isAborted(tx: Transaction, change: StoredChange): Promise<boolean> {
  if (change.backingOut) return true;
  const abort = await tx.command.findFirst({
    where: { changeNumber: change.number, kind: 'abort', appliedAt: null },
    select: { id: true },
  });
  return abort !== null;
}

const stageIntent = (tx: Transaction, run: Execution, change: StoredChange, row: IntentRow) =>
  stage(tx, {
    action: 'change.intent',
    actor: { kind: 'worker', id: run.workerId },
    target: `change:${changeId(run.number)}`,
    change: run.number,
    result: 'ok',
    planHash: change.planHash,
    details: {
      intent: row.id,
      verb: row.verb,
      object: row.target,
      step: row.step,
      attempt: row.attempt,
      epoch: run.epoch,
      onBehalfOf: row.onBehalfOf,
      resourceVersion: row.targetRv,
      digest: canonicalHash(row.desired),
    },
  });

export type Settlement = {
  result: IntentResult;
  sentence: string;
  auditId?: string | null;
  resourceVersion?: string;
  fence?: Fence | null;
};

/** Records how a write ended. Throws LostChange when another worker holds the change: it will see for itself. */
export function settleIntent(run: Execution, intent: Known, settlement: Settlement): Promise<void> {
  return transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    const { sentence, ...detail } = settlement;
    await tx.intent.update({
      where: { id: intent.id },
      data: { resolvedAt: now, result: settlement.result, resultDetail: { ...detail, sentence } },
    });
    await observe(tx, run.number, intent.step, 'act', sentence);
    const done = settlement.result === 'applied' || settlement.result === 'adopted';
    await stage(tx, {
      action: 'change.outcome',
      actor: { kind: 'worker', id: run.workerId },
      target: `change:${changeId(run.number)}`,
      change: run.number,
      result: done ? 'ok' : 'failed',
      planHash: change.planHash,
      ...(done ? {} : { reason: sentence }),
      details: {
        intent: intent.id,
        verb: intent.verb,
        object: intent.target,
        step: intent.step,
        attempt: intent.attempt,
        epoch: run.epoch,
        outcome: settlement.result,
        auditId: settlement.auditId ?? undefined,
        resourceVersionAfter: settlement.resourceVersion,
      },
    });
  }, run.db);
}
