import 'server-only';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { compareFence } from '@/lib/actuators/kubernetes/fence';
import { messageOf } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import { transaction } from '@/lib/db/transaction';
import { decide } from '../decide';
import type { CommandFact, Move } from '../facts';
import { observe } from '../move-change';
import { readyNewPods } from '../rollout';
import { readChange } from '../store';
import type { StoredChange } from '../stored';
import { act, recover } from './act';
import { applyMove, closeCommand } from './apply-move';
import type { Background } from './background';
import { untilNext } from './due';
import { emailOf } from './email';
import type { Execution } from './execution';
import { holdChange } from './intents';
import { KeptProgress } from './keep-progress';
import { isDue, measure } from './measure';
import { type Observed, observeTarget } from './observe';
import { followProgress, type Progress } from './progress';
import { factsOf, type Recorded, readRecorded } from './read-facts';
import { reconcileRequired } from './reconcile';
import type { Round } from './round';
import { followSteps, hasActed, stepOf, tellStep } from './steps';
import type { ActResult } from './write-target';

type Seen = {
  observed: Observed | null;
  problem: string | null;
  gone: boolean;
  retryAfterSeconds: number | null;
};

const moved: Round = { kind: 'moved', sentence: null };
const hasNewPods = (observed: Observed): boolean =>
  readyNewPods(observed.live) > 0 || observed.live.newPods.length > 0;
const held = (change: StoredChange): boolean =>
  ['Paused', 'DataHold', 'DriftHold', 'Frozen'].includes(change.state);
const phaseOf = (change: StoredChange): string =>
  held(change) ? 'held' : change.backingOut ? 'back' : 'forth';

/** Rounds of one rolling change under one claim: one Deployment, one write, its rollout and the watch. */
export class RollingRounds {
  private clock: KeptProgress | null = null;
  private readonly run: Execution;
  private readonly measuring: Background;

  constructor(run: Execution, measuring: Background) {
    this.run = run;
    this.measuring = measuring;
  }

  async next(change: StoredChange): Promise<Round> {
    const { run } = this;
    const recorded = await readRecorded(run, change);
    const nowMs = recorded.now.getTime();
    const seen = await look(run, change);
    const { observed, problem } = seen;
    if (observed !== null && (await isFromTheFuture(run, recorded, observed))) return moved;
    // Announced is not written: the pods that are ready until then are those of the old version.
    const acted = recorded.written;
    const at = { nowMs, phase: phaseOf(change), acted };
    this.clock ??= await KeptProgress.read(run, nowMs);
    await this.clock.follow(run, followProgress(this.clock.now, observed?.live ?? null, at));
    const judges = change.plan.guard.judges !== false;
    if (
      judges &&
      observed !== null &&
      acted &&
      !change.backingOut &&
      isDue(recorded) &&
      hasNewPods(observed)
    ) {
      this.measuring.start(() => measure(run, change, recorded.latest?.verdict ?? null));
    }
    const round = await oneRound(run, recorded, seen, this.clock.now);
    if (round.kind !== 'wait') return round;
    return { ...round, sentence: problem ?? round.sentence, dueMs: untilNext(nowMs, momentsOf(recorded)) };
  }
}

/** The next reading of the guard, and the end of the watch. */
const momentsOf = ({ change, latest }: Recorded): (number | null)[] => [
  latest === null ? null : latest.at.getTime() + change.plan.guard.intervalSeconds * 1000,
  change.watchUntil?.getTime() ?? null,
];

async function look(run: Execution, change: StoredChange): Promise<Seen> {
  try {
    const observed = await observeTarget(run.cluster(change.cluster), change.plan.target);
    return { observed, problem: null, gone: false, retryAfterSeconds: null };
  } catch (error) {
    if (!isClusterError(error)) throw error;
    const { failure, retryAfterSeconds } = error;
    return { observed: null, problem: messageOf(error), gone: failure === 'not-found', retryAfterSeconds };
  }
}

/**
 * A fence of this change with an epoch that no recorded write was announced under. The epoch of this claim is no
 * measure: a lost claim may have had the same.
 */
async function isFromTheFuture(
  run: Execution,
  { newestEpoch }: Recorded,
  observed: Observed,
): Promise<boolean> {
  const known = { change: run.number, epoch: newestEpoch };
  if (compareFence(observed.fence, known) !== 'newer') return false;
  await reconcileRequired(run, 'The Deployment', observed.fence?.epoch ?? 0, newestEpoch);
  return true;
}

async function oneRound(
  run: Execution,
  recorded: Recorded,
  { observed, gone, retryAfterSeconds }: Seen,
  progress: Progress,
): Promise<Round> {
  const { change, open } = recorded;
  const step = stepOf(change, recorded.lastSettled !== null);
  const wait = (sentence: string): Round => ({
    kind: 'wait',
    sentence,
    silent: observed === null && !gone ? { retryAfterSeconds } : null,
    step,
  });
  // While everything is frozen nothing is looked into either: what became of a write is seen afterwards.
  if (open !== null && observed !== null && recorded.kill?.verb !== 'freeze') {
    const backingOut = change.backingOut || recorded.commands.abort !== null;
    return settle(run, await recover(run, change, open, observed, backingOut), null, step);
  }
  const move = decide(factsOf(recorded, observed, progress, gone));
  if (move.do === 'wait') return wait(move.sentence);
  if (move.do !== 'act') {
    await applyMove(run, move);
    return moved;
  }
  if (observed === null) return wait(move.sentence);
  const onBehalfOf = await emailOf(run, change, move);
  const made = { verb: move.verb, step, onBehalfOf, sentence: move.sentence };
  return settle(run, await act(run, change, observed, made), move, step);
}

/** What a write's end means for the change. */
async function settle(
  run: Execution,
  result: ActResult,
  move: Extract<Move, { do: 'act' }> | null,
  step: number,
): Promise<Round> {
  switch (result.kind) {
    case 'done':
      await afterAct(run, move);
      return moved;
    case 'preempted':
      return moved;
    case 'later':
      return {
        kind: 'later',
        seconds: result.seconds,
        sentence: `${result.sentence} Looking again before anything is sent.`,
        step,
      };
    case 'drift':
    case 'refused':
      await stop(run, result.kind, result.sentence, move?.command ?? null);
      return moved;
  }
}

/** The steps follow the write; the command that asked for a pause stays open until the hold is written down. */
async function afterAct(run: Execution, move: Extract<Move, { do: 'act' }> | null): Promise<void> {
  await transaction(async (tx) => {
    const { change, now } = await holdChange(tx, run);
    await followSteps(tx, change, now);
    if (move?.verb === 'restore' && move.command !== null)
      await closeCommand(tx, move.command, 'applied', now);
  }, run.db);
}

/** A write that the cluster refused, or that met a stranger's: before the first write the change has failed. */
async function stop(
  run: Execution,
  kind: 'drift' | 'refused',
  sentence: string,
  command: CommandFact | null,
): Promise<void> {
  if (command !== null) await applyMove(run, { do: 'refuse', command, sentence });
  const acted = await transaction((tx) => hasActed(tx, run.number), run.db);
  const change = await readChange(run.db, changeId(run.number));
  if (!acted && kind === 'refused' && !change.backingOut) {
    await applyMove(run, { do: 'end', state: 'Failed', sentence: `Nothing was changed. ${sentence}` });
    return;
  }
  if (change.state === 'DriftHold') {
    if (command === null) await tellHeld(run, stepOf(change, acted), sentence);
    return;
  }
  await applyMove(run, {
    do: 'hold',
    state: 'DriftHold',
    kind: kind === 'drift' ? 'drift' : 'refused',
    command: null,
    sentence,
  });
}

const tellHeld = (run: Execution, step: number, sentence: string): Promise<void> =>
  transaction(async (tx) => {
    await holdChange(tx, run);
    await tellStep(tx, run.number, step, sentence);
    await observe(tx, run.number, step, 'hold', sentence);
  }, run.db);
