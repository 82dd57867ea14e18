import 'server-only';
import { compareFence } from '@/lib/actuators/kubernetes/fence';
import { transaction } from '@/lib/db/transaction';
import { applyMove, closeCommand } from '../../execute/apply-move';
import type { Background } from '../../execute/background';
import { untilNext } from '../../execute/due';
import { emailOf } from '../../execute/email';
import type { Execution } from '../../execute/execution';
import { holdChange } from '../../execute/intents';
import { KeptProgress } from '../../execute/keep-progress';
import { followProgress, type Progress } from '../../execute/progress';
import { reconcileRequired } from '../../execute/reconcile';
import type { Round } from '../../execute/round';
import { tellStep } from '../../execute/steps';
import { type ActResult, recoverTarget, writeTarget } from '../../execute/write-target';
import type { CommandFact } from '../../facts';
import { observe } from '../../move-change';
import type { Live } from '../../rollout';
import type { StoredChange } from '../../stored';
import type { Staged } from '../contract';
import { decideStaged } from '../decide';
import { objectName } from '../expected';
import type { StagedFacts, StagedMove } from '../facts';
import { pickFields } from '../fields';
import { jobKeyOf } from '../job-key';
import { isUntimely } from '../serving';
import { approvalOf } from './approval';
import { stagedFacts, writesOf } from './facts-of';
import { endsMigration, jobStepOf, keepLog, observeJob, recoverJob, watchedJob, writeJob } from './job';
import { measureStaged, momentsOf, questionsOf } from './measure';
import { type ObservedAll, observeAll } from './observe';
import { readStaged, type StagedRecorded } from './recorded';
import { shortClocks } from './short-clocks';
import { nextStep } from './steps';
import { objectTarget } from './target';

type Act = Extract<StagedMove, { do: 'act' }>;

/**
 * Rounds of one staged change under one claim: observe all objects, decide, do one thing (change-engine.md 2.2). What
 * is kept between rounds is the clock of a rollout; everything else is read anew.
 */
export class StagedRounds {
  private clock: KeptProgress | null = null;
  private told = '';
  private readonly run: Execution;
  private readonly measuring: Background;

  constructor(run: Execution, measuring: Background) {
    this.run = run;
    this.measuring = measuring;
  }

  async next(change: StoredChange, staged: Staged): Promise<Round> {
    const { run } = this;
    const recorded = await readStaged(run, change, staged);
    const observed = await observeAll(run.cluster, staged);
    if (await this.isFromTheFuture(recorded, observed)) return { kind: 'moved', sentence: null };
    const job = await observeJob(run, recorded, observed);
    const approval = await approvalOf(run, recorded, job);
    const facts = stagedFacts(recorded, observed, await this.follow(recorded, observed), job, approval);
    const questions = questionsOf(facts);
    if (questions.length > 0) this.measuring.start(() => measureStaged(run, recorded, questions));
    const { open } = recorded;
    const move = decideStaged(facts);
    // While everything is frozen nothing is looked into either: what became of a write is seen afterwards.
    if (open !== null && recorded.kill?.verb !== 'freeze' && !(isUntimely(facts, open) && leaves(move))) {
      const settled = await this.recover(recorded, observed, facts);
      if (settled !== null) return settled;
    }
    const step = jobStepOf(recorded);
    if (step !== null && endsMigration(move, job)) await keepLog(run, recorded, step);
    const round = await this.carryOut(recorded, observed, move);
    return round.kind === 'wait' ? { ...round, dueMs: untilNext(facts.nowMs, momentsOf(facts)) } : round;
  }

  private async carryOut(recorded: StagedRecorded, observed: ObservedAll, move: StagedMove): Promise<Round> {
    const { run } = this;
    switch (move.do) {
      case 'wait': {
        const isSilent = observed.silent.size > 0;
        const shape = move.sentence.replaceAll(/\d+(\.\d+)?/g, '#');
        const isCounting = shape === this.told && counts.has(stepKind(recorded));
        this.told = shape;
        return {
          kind: 'wait',
          sentence: move.sentence,
          isCounting,
          silent: isSilent ? { retryAfterSeconds: observed.retryAfterSeconds } : null,
          step: recorded.step.n,
        };
      }
      case 'next':
        await nextStep(run, move);
        return { kind: 'moved', sentence: null };
      case 'create':
      case 'release':
      case 'seal': {
        const step = watchedJob(recorded);
        if (step === null) throw new Error('The step that runs has no Job.');
        return this.settle(recorded, await writeJob(run, recorded, step, move), null);
      }
      case 'act':
        return this.act(recorded, observed, move);
      default:
        await applyMove(run, move);
        return { kind: 'moved', sentence: null };
    }
  }

  private async act(recorded: StagedRecorded, observed: ObservedAll, move: Act): Promise<Round> {
    const { run } = this;
    const object = recorded.staged.objects.find(({ key }) => key === move.object);
    const seen = observed.objects.get(move.object);
    if (object === undefined || seen === undefined) {
      return { kind: 'wait', sentence: move.sentence, silent: null, step: recorded.step.n };
    }
    const target = objectTarget(run, object, writesOf(recorded.intents, object.key));
    const result = await writeTarget(run, recorded.change, target, seen, {
      verb: move.verb,
      step: recorded.step.n,
      before: pickFields(seen.subset, Object.keys(move.desired)),
      desired: move.desired,
      onBehalfOf: await emailOf(run, recorded.change, move),
      sentence: move.sentence,
    });
    return this.settle(recorded, result, move.command);
  }

  /** Null when the object cannot be seen now: an abort must not wait for one cluster of several. */
  private async recover(
    recorded: StagedRecorded,
    observed: ObservedAll,
    facts: StagedFacts,
  ): Promise<Round | null> {
    const { open, staged, change } = recorded;
    const job = jobStepOf(recorded);
    if (job !== null && open?.target === jobKeyOf(job)) {
      const result = await recoverJob(this.run, recorded, job);
      return result === null ? null : this.settle(recorded, result, null);
    }
    const object = staged.objects.find(({ key }) => key === open?.target);
    const seen = object === undefined ? undefined : observed.objects.get(object.key);
    if (open === null || object === undefined || seen === undefined) return null;
    const backingOut = change.backingOut || recorded.commands.abort !== null;
    const target = objectTarget(this.run, object, facts.objects.get(object.key)?.writes ?? []);
    return this.settle(recorded, await recoverTarget(this.run, change, target, open, seen, backingOut), null);
  }

  /** What a write's end means for the change. */
  private async settle(
    recorded: StagedRecorded,
    result: ActResult,
    command: CommandFact | null,
  ): Promise<Round> {
    switch (result.kind) {
      case 'done':
        if (command !== null) await this.resumed(recorded, command);
        return { kind: 'moved', sentence: null };
      case 'preempted':
        return { kind: 'moved', sentence: null };
      case 'later':
        return {
          kind: 'later',
          seconds: result.seconds,
          sentence: `${result.sentence} Looking again before anything is sent.`,
          step: recorded.step.n,
        };
      case 'drift':
      case 'refused':
        await this.stop(recorded, result.kind, result.sentence, command);
        return { kind: 'moved', sentence: null };
    }
  }

  /** A write that a person asked for on resuming: the hold is over with it. */
  private async resumed(recorded: StagedRecorded, command: CommandFact): Promise<void> {
    const { run } = this;
    if (recorded.change.state === 'DriftHold') {
      const sentence = `${command.actorName} resumed: ${command.reason}`;
      await applyMove(run, { do: 'go', state: 'Running', command, sentence });
      return;
    }
    await transaction(async (tx) => {
      const { now } = await holdChange(tx, run);
      await closeCommand(tx, command, 'applied', now);
    }, run.db);
  }

  /** A write that the cluster refused, or that met a stranger's: before the first write the change has failed. */
  private async stop(
    recorded: StagedRecorded,
    kind: 'drift' | 'refused',
    sentence: string,
    command: CommandFact | null,
  ): Promise<void> {
    const { run } = this;
    const { change, intents, step } = recorded;
    if (command !== null) await applyMove(run, { do: 'refuse', command, sentence });
    const acted = intents.some(({ result }) => result === 'applied' || result === 'adopted');
    if (!acted && kind === 'refused' && !change.backingOut) {
      await applyMove(run, { do: 'end', state: 'Failed', sentence: `Nothing was changed. ${sentence}` });
      return;
    }
    if (change.state === 'DriftHold') {
      if (command === null) await this.tell(step.n, sentence);
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

  private async tell(n: number, sentence: string): Promise<void> {
    const { run } = this;
    await transaction(async (tx) => {
      await holdChange(tx, run);
      await tellStep(tx, run.number, n, sentence);
      await observe(tx, run.number, n, 'hold', sentence);
    }, run.db);
  }

  /** The clock of the rollout that the current step waits for; another step, and each region back, has another. */
  private async follow(recorded: StagedRecorded, observed: ObservedAll): Promise<Progress> {
    const { run } = this;
    const { change, step, staged } = recorded;
    const nowMs = recorded.now.getTime();
    const held = ['Paused', 'DriftHold', 'Frozen'].includes(change.state);
    const phase = held ? 'held' : change.backingOut ? 'back' : `step-${step.n}`;
    this.clock ??= await KeptProgress.read(run, nowMs);
    const { now } = this.clock;
    const live = rolloutOf(recorded, observed);
    const progress = followProgress(now, live, { nowMs, phase, acted: true });
    const short = phase === 'back' ? { short: shortClocks(staged, observed, now.short, nowMs) } : {};
    await this.clock.follow(run, { ...progress, ...short });
    return this.clock.now;
  }

  /**
   * A fence of this change with an epoch that no recorded write was announced under: the database has lost its newest
   * rows (change-engine.md 2.2, 9). Nothing is written any more; a person has to say what happened.
   */
  private async isFromTheFuture(
    { staged, newestEpoch }: StagedRecorded,
    { objects }: ObservedAll,
  ): Promise<boolean> {
    const known = { change: this.run.number, epoch: newestEpoch };
    for (const object of staged.objects) {
      const fence = objects.get(object.key)?.fence ?? null;
      if (compareFence(fence, known) !== 'newer') continue;
      await reconcileRequired(this.run, objectName({ object }), fence?.epoch ?? 0, newestEpoch);
      return true;
    }
    return false;
  }
}

/** Steps whose sentences count time or requests. */
const counts = new Set<string | undefined>(['prove', 'hold', 'drain', 'watch']);
const leaves = (move: StagedMove): boolean => ['wait', 'hold', 'back-out'].includes(move.do);
const stepKind = ({ staged, step }: StagedRecorded): string | undefined => staged.steps[step.n - 1]?.do;

/** Forth: the Deployment of the step, else the new one of its region. Back: the old one that takes over. */
function rolloutOf({ staged, step, change }: StagedRecorded, { objects }: ObservedAll): Live | null {
  const current = staged.steps[step.n - 1];
  const waited = change.backingOut
    ? staged.back.find((one) => one.do === 'ready')?.object
    : current !== undefined && 'object' in current
      ? current.object
      : undefined;
  const keys = [waited, ...staged.objects.filter(({ part }) => part === 'new').map(({ key }) => key)];
  for (const key of keys) {
    const rollout = key === undefined ? null : (objects.get(key)?.rollout ?? null);
    if (rollout !== null) return rollout;
  }
  return null;
}
