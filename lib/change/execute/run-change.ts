import 'server-only';
import { changeId } from '@/lib/core/ids';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { dataRound } from '../data/execute/data-round';
import { observe } from '../move-change';
import { StagedRounds } from '../staged/execute/round';
import { readChange } from '../store';
import type { StoredChange } from '../stored';
import { hasEnded } from './act';
import { Background } from './background';
import type { Execution } from './execution';
import { holdChange } from './intents';
import { revalidate } from './revalidate';
import { RollingRounds } from './rolling-rounds';
import type { Round } from './round';
import { budgetOf, type Spending, spending } from './spend';
import { tellStep } from './steps';
import { tellStandstill } from './tell-standstill';

/** Longest pause after a failure that may pass by itself, seconds. */
const BACKOFF_MAX = 30;
/** Looks in a row at a cluster that does not answer, about a lease in all; then another worker may reach it. */
const SILENT_MAX = 6;

/**
 * Carries a claimed change out until it ends, the lease is lost or the worker drains: observe, decide, act, and
 * again (change-engine.md 2.2). Throws LostChange when another worker holds it, and whatever the database throws.
 */
export async function runChange(run: Execution): Promise<'ended' | 'waiting' | 'drained'> {
  const measuring = new Background();
  try {
    return await loop(spending(run), measuring);
  } finally {
    await measuring.settled();
  }
}

async function loop(run: Spending, measuring: Background): Promise<'ended' | 'waiting' | 'drained'> {
  const rolling = new RollingRounds(run, measuring);
  const staged = new StagedRounds(run, measuring);
  const nextRound = (change: StoredChange): Promise<Round> => {
    const { plan } = change;
    if (plan.data !== undefined) return dataRound(run, change, plan.data);
    return plan.staged === undefined ? rolling.next(change) : staged.next(change, plan.staged);
  };
  let failures = 0;
  let silent = 0;
  let told = '';
  /** Since when a way back has waited with the same sentence. */
  let stillSince: Date | null = null;
  while (!run.signal.aborted) {
    measuring.check();
    const change = await readChange(run.db, changeId(run.number));
    if (isLetGo(change)) return 'ended';
    run.spend(await budgetOf(run, change));
    if (change.state === 'Queued' || change.state === 'Revalidating') {
      const next = await revalidate(run, change);
      if (next === 'busy') return 'waiting';
      failures = next === 'unclear' ? failures + 1 : 0;
      if (failures > 0) await run.pause(backoff(failures) * 1000);
      continue;
    }
    const round = await nextRound(change);
    if (round.sentence !== null && round.sentence !== told) {
      await tell(run, round);
      told = round.sentence;
      stillSince = null;
    }
    failures = round.kind === 'later' ? failures + 1 : 0;
    if (round.kind === 'later') await run.pause((round.seconds ?? backoff(failures)) * 1000);
    silent = round.kind === 'wait' && round.silent !== null ? silent + 1 : 0;
    if (silent > SILENT_MAX) {
      await tellStandstill(run, told);
      return 'waiting';
    }
    if (round.kind === 'wait') {
      const ms =
        round.silent === null
          ? Math.min(lookAgainMs(run, change), round.dueMs ?? Number.POSITIVE_INFINITY)
          : silentMs(run, silent, round.silent.retryAfterSeconds);
      if (change.backingOut && change.state === 'Running') {
        const now = await databaseNow(run.db);
        stillSince ??= now;
        if (isStuck(change, now.getTime() - stillSince.getTime())) await tellStandstill(run, told);
      }
      await measuring.orSettled(run.pause(ms));
    }
  }
  return 'drained';
}

const backoff = (failures: number): number =>
  Math.min(BACKOFF_MAX, 2 ** (failures - 1)) * (0.75 + Math.random() / 2);

/** Ended, waits for a statement, or went back to review before the execution began: no worker is needed. */
const isLetGo = (change: StoredChange): boolean =>
  hasEnded(change) || ['InReview', 'Approved', 'ReconcileRequired'].includes(change.state);

/** A way back has no deadline, since there is nothing behind it: people are told when nothing has moved for as long as one. */
const isStuck = ({ plan }: StoredChange, stillMs: number): boolean =>
  stillMs > plan.timing.rolloutDeadlineSeconds * 1000;

/** Rollouts are looked at often; holds and watches at the guard's interval, never later than the resync. */
function lookAgainMs(run: Execution, change: StoredChange): number {
  const { resync } = run.config.timing;
  const calm = Math.min(resync, change.plan.guard.intervalSeconds);
  return (change.state === 'Running' ? Math.min(1, calm) : calm) * 1000;
}

/** A cluster that does not answer is asked less and less often, as it says itself, and never later than the resync. */
const silentMs = (run: Execution, silent: number, retryAfterSeconds: number | null): number =>
  Math.min(run.config.timing.resync, retryAfterSeconds ?? backoff(silent)) * 1000;

/** The sentence under the step, and in the log of the execution. */
async function tell(run: Execution, round: Exclude<Round, { kind: 'moved' }>): Promise<void> {
  const isProblem = round.kind === 'later' || round.silent !== null;
  await transaction(async (tx) => {
    await holdChange(tx, run);
    await tellStep(tx, run.number, round.step, round.sentence);
    if (round.kind === 'wait' && round.isCounting === true) return;
    await observe(tx, run.number, round.step, isProblem ? 'hold' : 'seen', round.sentence);
  }, run.db);
}
