import 'server-only';
import type { AuditAction } from '@/lib/audit/actions';
import { withoutSecrets } from '@/lib/audit/secrets';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import type { Transaction } from '@/lib/db/transaction';
import type { NotifiedEvent } from '@/lib/notify/model';
import { notify } from '@/lib/notify/outbox';
import { Prisma } from '@/prisma/generated/client';
import { type ChangeState, isTerminal, mayMove } from './model';
import { type Hold, type Outcome, parseChange, type StoredChange } from './stored';
import { changeTitle, whatOf } from './words';

/** Actions that record a move from one state to another. */
export type MoveAction = Extract<
  AuditAction,
  | 'change.approved'
  | 'change.reopened'
  | 'change.queued'
  | 'change.cancelled'
  | 'change.expired'
  | 'change.voided'
  | 'change.claimed'
  | 'change.started'
  | 'change.held'
  | 'change.paused'
  | 'change.resumed'
  | 'change.aborted'
  | 'change.undo_started'
  | 'change.watching'
  | 'change.succeeded'
  | 'change.backed_out'
  | 'change.failed'
  | 'change.reconcile_required'
  | 'change.reconciled'
>;

export type ChangeMove = {
  to: ChangeState;
  action: MoveAction;
  actor: AuditActor;
  sentence: string;
  reason?: string;
  notify?: NotifiedEvent;
  hold?: Hold | null;
  outcome?: Outcome;
  /** The measurement that the move rests on: the audit log alone must tell that there was one (I4). */
  evidence?: { verdict: string; total?: number; failed?: number };
  backingOut?: boolean;
  set?: Pick<
    Prisma.ChangeUncheckedUpdateInput,
    'approvedAt' | 'queueExpiresAt' | 'startedAt' | 'watchUntil' | 'reviewDueAt'
  >;
};

/** The row was changed by somebody else meanwhile: this run must stop (change-engine.md 2.2, 5). */
export class LostChange extends Error {
  override readonly name = 'LostChange';
}

/**
 * One arrow of the state machine: the row (only with our epoch and version), the audit entry and the messages,
 * in the caller's transaction. Returns the change as it is now. Throws LostChange when the row moved on.
 */
export async function moveChange(
  tx: Transaction,
  config: Config,
  change: StoredChange,
  move: ChangeMove,
  now: Date,
): Promise<StoredChange> {
  if (move.to !== change.state && !mayMove(change.state, move.to)) {
    throw new Error(`A change does not go from ${change.state} to ${move.to}.`);
  }
  const ends = isTerminal(move.to);
  const moved = {
    state: move.to,
    ...(move.to === change.state ? {} : { stateSince: now }),
    ...(ends ? { finishedAt: now, leaseOwner: null, leaseUntil: null } : {}),
    ...(move.backingOut === undefined ? {} : { backingOut: move.backingOut }),
    ...move.set,
  };
  const { count } = await tx.change.updateMany({
    where: { number: change.number, epoch: change.epoch, version: change.version },
    data: {
      ...moved,
      ...(move.hold === undefined ? {} : { hold: move.hold ?? Prisma.DbNull }),
      ...(move.outcome === undefined ? {} : { outcome: move.outcome }),
      version: { increment: 1 },
      dueAt: now,
    },
  });
  if (count === 0) throw new LostChange(`Change ${changeId(change.number)} was moved by somebody else.`);
  if (ends) await tidy(tx, change.number, now);
  await observe(tx, change.number, null, 'state', move.sentence);
  const id = changeId(change.number);
  if (move.notify !== undefined) {
    const { plan } = change;
    const title = changeTitle(serviceNameOf(config, plan.service), whatOf(plan));
    await notify(tx, config, move.notify, { id, title, sentence: withoutSecrets(move.sentence) });
  }
  await stage(tx, {
    action: move.action,
    actor: move.actor,
    target: `change:${id}`,
    change: change.number,
    result: 'ok',
    planHash: change.planHash,
    ...(move.reason === undefined ? {} : { reason: move.reason }),
    details: {
      from: change.state,
      to: move.to,
      sentence: move.sentence.slice(0, 500),
      epoch: change.epoch,
      ...move.evidence,
    },
  });
  const row = await tx.change.findUniqueOrThrow({ where: { number: change.number } });
  return parseChange(row);
}

/** What a change that has ended needs no more: locks, clock, and commands that came too late for it. */
async function tidy(tx: Transaction, number: number, now: Date): Promise<void> {
  const where = { changeNumber: number };
  await tx.lock.deleteMany({ where });
  await tx.rolloutProgress.deleteMany({ where });
  await tx.command.updateMany({
    where: { ...where, appliedAt: null },
    data: { appliedAt: now, result: 'too-late' },
  });
}

const serviceNameOf = (config: Config, service: string): string =>
  config.services.find(({ id }) => id === service)?.name ?? service;

/** Appends a sentence to the log of the execution, without what looks like a secret in it. The change's row lock keeps the numbers dense. */
export async function observe(
  tx: Transaction,
  changeNumber: number,
  step: number | null,
  kind: 'state' | 'act' | 'reading' | 'hold' | 'command' | 'seen',
  sentence: string,
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO observation (change_number, seq, step, kind, sentence)
    SELECT ${changeNumber}, coalesce(max(seq), 0) + 1, ${step}, ${kind}, ${withoutSecrets(sentence)}
    FROM observation WHERE change_number = ${changeNumber}`;
}
