import 'server-only';
import { stage } from '@/lib/audit/stage';
import { changeId } from '@/lib/core/ids';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { closeCommand } from '../../execute/apply-move';
import type { Execution } from '../../execute/execution';
import { holdChange } from '../../execute/intents';
import { beginStep } from '../../execute/steps';
import { LostChange, moveChange, observe } from '../../move-change';
import type { StoredChange } from '../../stored';
import type { StagedMove } from '../facts';

type Next = Extract<StagedMove, { do: 'next' }>;

/**
 * Ends a step and begins the next, in one transaction; only the step that the decision saw (`n`), so that a command
 * that came twice skips nothing. An abort, a pause or another measurement that came meanwhile is decided on first.
 * Throws LostChange.
 */
export async function nextStep(run: Execution, move: Next): Promise<void> {
  await transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    const outranking = await tx.command.count({
      where: { changeNumber: run.number, kind: { in: ['abort', 'pause'] }, appliedAt: null },
    });
    if (outranking > 0 || change.backingOut || !(await isStillSo(tx, change, move))) return;
    const { count } = await tx.step.updateMany({
      where: { changeNumber: run.number, n: move.n, state: 'running' },
      data: { state: 'done', finishedAt: now, detail: move.sentence },
    });
    if (count === 0) throw new LostChange(`Step ${move.n} does not run any more.`);
    await observe(tx, run.number, move.n, 'state', move.sentence);
    if (move.command !== null) await closeCommand(tx, move.command, 'applied', now);
    await endDataHold(tx, run, move, change, now);
    await beginStep(tx, run.number, now);
    const details = { step: move.n, sentence: move.sentence.slice(0, 500), epoch: run.epoch };
    const entry = {
      actor: { kind: 'worker', id: run.workerId },
      target: `change:${changeId(run.number)}`,
      change: run.number,
      result: 'ok',
      planHash: change.planHash,
    } as const;
    if (move.verdict !== undefined) {
      await stage(tx, {
        ...entry,
        action: 'change.measured',
        details: { ...details, verdict: move.verdict, ...regionAt(change, move.n) },
      });
    }
    await stage(tx, { ...entry, action: 'change.step_done', details });
  }, run.db);
  await run.reached('moved');
}

/** A person who goes on without a verdict ends the hold that waited for it. */
async function endDataHold(
  tx: Transaction,
  { workerId, config }: Execution,
  { command }: Next,
  change: StoredChange,
  now: Date,
): Promise<void> {
  if (command === null || change.state !== 'DataHold') return;
  const actor = { kind: 'worker', id: workerId } as const;
  await moveChange(
    tx,
    config,
    change,
    { to: 'Running', action: 'change.resumed', actor, sentence: 'Going on without a verdict.', hold: null },
    now,
  );
}

/**
 * A step that is done on the ground of a pass is not when a newer reading of what it waits for says something else:
 * a proof of the share, a hold of how the version behaves, both of their own region.
 */
async function isStillSo(tx: Transaction, change: StoredChange, { n, verdict }: Next): Promise<boolean> {
  if (verdict === undefined) return true;
  const proves = change.plan.staged?.steps[n - 1]?.do === 'prove';
  const newest = await tx.measurement.findFirst({
    where: { changeNumber: change.number, step: n, proves, ...regionAt(change, n) },
    orderBy: { id: 'desc' },
    select: { verdict: true },
  });
  return newest?.verdict === verdict;
}

/** The region that a step is about, for the record; nothing where it is about all. */
function regionAt({ plan: { staged } }: StoredChange, n: number): { region?: string } {
  const step = staged?.steps[n - 1];
  return step !== undefined && 'region' in step ? { region: step.region } : {};
}
