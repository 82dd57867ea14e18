import type { StagedPlan } from './staged/staged-plan';
import { noWayBack } from './staged/way-back';
import { whatOf } from './words';

type At = Date | null;
/** `limitSeconds` is of a clock that starts anew with each progress, so that it has no fixed end. */
export type Timer = { label: string; at: At; limitSeconds?: number };
export type NextAction = { owner: string; timer: Timer; next: string };
/** The step that runs; null before the first. */
export type StepNow = { n: number; startedAt: Date | null };

/** The moment so many seconds after another one. */
export const secondsAfter = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1000);

const after = (from: Date | null, seconds: number): Date | null =>
  from === null ? null : secondsAfter(from, seconds);

export const noClock: Timer = { label: 'No clock', at: null };

/** A change that the cluster has no part in, right before its start. */
export const revalidatesData: NextAction = {
  owner: 'Worker',
  timer: noClock,
  next: 'Starts when plan, sign-offs and signalbox.yaml are as they were.',
};

/** The change does not go back by itself from its step: to a sick version, or past a migration (way-back.ts). */
export const staysForPerson = (plan: StagedPlan, n: number): boolean =>
  noWayBack({
    undoIsKnownGood: whatOf(plan).undoIsKnownGood,
    isRollback: plan.kind === 'rollback',
    steps: plan.staged.steps,
    step: { n, sinceMs: 0 },
  }) !== null;

/** The step that runs is a migration whose failure waits for a repair by hand (fault 28). */
export const isRepaired = ({ staged }: StagedPlan, n: number): boolean => {
  const step = staged.steps[n - 1];
  return step?.do === 'job' && step.class === 'destructive';
};

/** Without progress pods are not waited for: back where that is the change's to decide, else held (decide-step.ts). */
const noProgress = (plan: StagedPlan, n: number): Timer => ({
  label: staysForPerson(plan, n) ? 'Held for a person' : 'Goes back',
  at: null,
  limitSeconds: plan.timing.rolloutDeadlineSeconds,
});

function timerOf(plan: StagedPlan, { n, startedAt }: StepNow): Timer {
  const step = plan.staged.steps[n - 1];
  switch (step?.do) {
    case 'prove': {
      const analysis = plan.staged.analysis.find(({ region }) => region === step.region);
      return { label: 'The proof is due', at: after(startedAt, analysis?.proveTimeoutSeconds ?? 0) };
    }
    case 'hold':
      // Only good time counts, so it may take longer and never less.
      return { label: 'The hold ends at the earliest', at: after(startedAt, step.seconds) };
    case 'job':
      return { label: 'The migration is stopped', at: after(startedAt, step.timeoutSeconds) };
    case 'drain':
      return { label: 'Drained', at: after(startedAt, step.seconds) };
    case 'ready':
      return noProgress(plan, n);
    default:
      return noClock;
  }
}

/** Owner, timer and next action while the steps of a plan are taken. */
export function runningStep(plan: StagedPlan, step: StepNow | null): NextAction {
  const next = plan.steps.find(({ n }) => n === (step?.n ?? 0) + 1);
  return {
    owner: 'Worker',
    timer: step === null ? { label: 'No clock', at: null } : timerOf(plan, step),
    next: next === undefined ? 'Nothing; this is the last step.' : `Step ${next.n}: ${next.title}.`,
  };
}
