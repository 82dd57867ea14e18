import 'server-only';
import { stage } from '@/lib/audit/stage';
import { changeId } from '@/lib/core/ids';
import { type Transaction, transaction } from '@/lib/db/transaction';
import type { CommandFact, Move } from '../facts';
import type { ChangeState } from '../model';
import { type ChangeMove, moveChange, observe } from '../move-change';
import { reviewDue } from '../review/due';
import type { Outcome, StoredChange } from '../stored';
import type { Execution } from './execution';
import { holdChange } from './intents';
import { finishSteps, followSteps } from './steps';

type Written = Exclude<Move, { do: 'wait' } | { do: 'act' }>;

const holdActions = {
  Paused: 'change.held',
  DataHold: 'change.held',
  DriftHold: 'change.held',
  Frozen: 'change.held',
} as const;
const endActions = {
  Succeeded: { action: 'change.succeeded', notify: 'succeeded' },
  BackedOut: { action: 'change.backed_out', notify: 'undone' },
  Failed: { action: 'change.failed', notify: 'failed' },
} as const;

/** Writes a decision down: state, steps, command, audit and messages in one transaction. Throws LostChange. */
export async function applyMove(run: Execution, move: Written): Promise<void> {
  await transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    // What a person ordered after the facts were read comes first: the next round decides with it.
    if (await isOvertaken(tx, change, move)) return;
    const command = 'command' in move ? move.command : null;
    if (command !== null) await closeCommand(tx, command, move.do === 'refuse' ? 'refused' : 'applied', now);
    if (move.do === 'refuse') {
      await refuseCommand(tx, run, change, move);
      return;
    }
    const made = await moveOf(tx, run, change, move, now);
    const moved = await moveChange(tx, run.config, change, made, now);
    if (move.do === 'end') await finishSteps(tx, moved, now);
    else await followSteps(tx, moved, now);
  }, run.db);
  await run.reached('moved');
}

/**
 * An open abort outranks every move but the way back; an open pause, and a measurement that came meanwhile and is
 * no PASS, outrank success (change-engine.md 2.2, 11).
 */
async function isOvertaken(tx: Transaction, change: StoredChange, move: Written): Promise<boolean> {
  if (change.backingOut || move.do === 'back-out' || move.do === 'refuse') return false;
  if (move.do === 'hold' && move.state === 'Frozen') return false;
  const succeeds = move.do === 'end' && move.state === 'Succeeded';
  const waiting = await tx.command.count({
    where: {
      changeNumber: change.number,
      kind: { in: succeeds ? ['abort', 'pause'] : ['abort'] },
      appliedAt: null,
    },
  });
  if (waiting > 0) return true;
  if (!succeeds) return false;
  const newest = (await evidenceOf(tx, change.number)).evidence;
  // None at all: what takes no requests is not judged.
  if (newest === undefined) return false;
  // A rollback succeeds unjudged, too, and never against a FAIL.
  return change.kind === 'rollback' ? newest.verdict === 'FAIL' : newest.verdict !== 'PASS';
}

async function moveOf(
  tx: Transaction,
  run: Execution,
  change: StoredChange,
  move: Exclude<Written, { do: 'refuse' }>,
  now: Date,
): Promise<ChangeMove> {
  const actor = { kind: 'worker', id: run.workerId } as const;
  const base = { actor, sentence: move.sentence };
  switch (move.do) {
    case 'hold':
      return {
        ...base,
        to: move.state,
        action: holdActions[move.state],
        hold: {
          kind: move.kind,
          sentence: move.sentence,
          since: now.toISOString(),
          ...(move.state === 'Frozen' ? { before: { state: change.state, hold: change.hold } } : {}),
        },
        notify: 'held',
      };
    case 'go': {
      const { watchSeconds } = change.plan.timing;
      const watching = move.state === 'Watching';
      return {
        ...base,
        to: move.state,
        action: watching ? 'change.watching' : 'change.resumed',
        hold: null,
        ...(watching ? { set: { watchUntil: new Date(now.getTime() + watchSeconds * 1000) } } : {}),
      };
    }
    case 'thaw':
      return { ...base, ...thawed(change, now), action: 'change.resumed' };
    case 'back-out': {
      const outcome = await backOutOf(tx, move);
      return {
        ...base,
        to: 'Running' satisfies ChangeState,
        action: 'change.undo_started',
        hold: null,
        backingOut: true,
        outcome,
        ...(outcome.by !== undefined && (await putsBack(tx, change))
          ? { set: { reviewDueAt: reviewDue(now, run.config.workingDays) } }
          : {}),
      };
    }
    case 'end': {
      const outcome: Outcome = {
        ...change.outcome,
        sentence: endSentence(change, move.sentence),
        ...(move.kept === undefined ? {} : { kept: [...move.kept] }),
      };
      return {
        ...base,
        ...endActions[move.state],
        sentence: outcome.sentence,
        to: move.state,
        hold: null,
        outcome,
        ...(move.state === 'Succeeded' ? await evidenceOf(tx, change.number) : {}),
      };
    }
  }
}

/**
 * Ordered by one person without sign-offs: a lead looks at it afterwards (APR-05). Of the changes of a database only a
 * restore puts something back, once it has switched; of the others there is nothing to look at.
 */
async function putsBack(tx: Transaction, { number, plan }: StoredChange): Promise<boolean> {
  if (plan.data === undefined) return true;
  const where = { changeNumber: number, verb: 'switch', result: { in: ['applied', 'adopted'] } };
  return plan.data.do === 'restore' && (await tx.intent.count({ where })) > 0;
}

/** The newest measurement of how the version behaves; `decide` lets nothing succeed whose newest one is not a PASS. */
async function evidenceOf(tx: Transaction, changeNumber: number): Promise<Pick<ChangeMove, 'evidence'>> {
  const newest = await tx.measurement.findFirst({
    where: { changeNumber, proves: false },
    orderBy: { id: 'desc' },
  });
  if (newest === null) return {};
  const { verdict, total, failed } = newest;
  const counted =
    total === null || failed === null ? {} : { total: Math.round(total), failed: Math.round(failed) };
  return { evidence: { verdict, ...counted } };
}

/** Where it was when it was frozen; its clocks have stood still meanwhile. */
function thawed(change: StoredChange, now: Date): Pick<ChangeMove, 'to' | 'hold' | 'set'> {
  const before = change.hold?.before ?? { state: 'Running' as const, hold: null };
  const frozenMs = now.getTime() - Date.parse(change.hold?.since ?? now.toISOString());
  const later = (at: Date) => new Date(at.getTime() + frozenMs);
  return {
    to: before.state,
    hold:
      before.hold === null
        ? null
        : { ...before.hold, since: later(new Date(before.hold.since)).toISOString() },
    ...(change.watchUntil === null ? {} : { set: { watchUntil: later(change.watchUntil) } }),
  };
}

/** A change that went back says first why. */
const endSentence = (change: StoredChange, sentence: string): string =>
  change.backingOut && change.outcome !== null ? `${change.outcome.sentence} ${sentence}` : sentence;

async function backOutOf(tx: Transaction, move: Extract<Move, { do: 'back-out' }>): Promise<Outcome> {
  const outcome: Outcome = {
    sentence: /[.!?]$/.test(move.sentence) ? move.sentence : `${move.sentence}.`,
    cause: move.cause,
    ...(move.regions === undefined ? {} : { regions: [...move.regions] }),
  };
  if (move.by !== undefined) return { ...outcome, by: move.by };
  if (move.command === null) return outcome;
  const row = await tx.command.findUniqueOrThrow({ where: { id: move.command.id } });
  const user = await tx.user.findUnique({ where: { id: row.actorId }, select: { email: true } });
  return { ...outcome, by: { id: row.actorId, name: row.actorName, email: user?.email ?? row.actorId } };
}

export const closeCommand = (
  tx: Transaction,
  command: CommandFact,
  result: 'applied' | 'refused',
  now: Date,
) => tx.command.updateMany({ where: { id: command.id, appliedAt: null }, data: { appliedAt: now, result } });

async function refuseCommand(
  tx: Transaction,
  run: Execution,
  change: StoredChange,
  move: Extract<Move, { do: 'refuse' }>,
): Promise<void> {
  await observe(tx, run.number, null, 'command', move.sentence);
  const row = await tx.command.findUniqueOrThrow({ where: { id: move.command.id } });
  await stage(tx, {
    action: refusedAction(row.kind),
    actor: { kind: 'worker', id: run.workerId },
    target: `change:${changeId(run.number)}`,
    change: run.number,
    result: 'refused',
    reason: move.sentence,
    planHash: change.planHash,
  });
}

/** What a person asked for is recorded under its own name, also when it is refused. */
function refusedAction(kind: string) {
  switch (kind) {
    case 'pause':
      return 'change.paused';
    case 'abort':
      return 'change.aborted';
    case 'promote':
      return 'change.promoted';
    default:
      return 'change.resumed';
  }
}
