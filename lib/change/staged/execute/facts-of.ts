import type { Progress } from '../../execute/progress';
import type { DeployPlan } from '../../plan-contract';
import { completeWords, whatOf } from '../../words';
import type { JobFact, ObjectFact, StagedFacts, WriteFact } from '../facts';
import type { ObservedAll } from './observe';
import type { StagedRecorded } from './recorded';
import type { StagedIntent } from './target';

/** Joins what is recorded with what the clusters show. */
export function stagedFacts(
  recorded: StagedRecorded,
  observed: ObservedAll,
  { progressAtMs, short = {} }: Progress,
  job: JobFact | null = null,
  approval: string | null = null,
): StagedFacts {
  const { change, staged } = recorded;
  const { plan } = change;
  return {
    nowMs: recorded.now.getTime(),
    state: change.state,
    stateSinceMs: change.stateSince.getTime(),
    holdSinceMs: change.hold === null ? null : Date.parse(change.hold.since),
    backingOut: change.backingOut,
    orderedBack: change.backingOut && change.outcome?.by !== undefined,
    undoIsKnownGood: whatOf(plan).undoIsKnownGood,
    isRollback: plan.kind === 'rollback',
    kill: recorded.kill,
    commands: recorded.commands,
    step: recorded.step,
    steps: staged.steps,
    done: doneSentence(plan, staged.regions),
    titles: plan.steps.map(({ title }) => title),
    back: staged.back,
    regions: staged.regions,
    onFailure: staged.onFailure,
    failedIn: change.outcome?.regions ?? [],
    analysis: staged.analysis,
    objects: new Map(
      staged.objects.map((object) => [object.key, objectFact(object, recorded.intents, observed)]),
    ),
    job,
    approval,
    silent: observed.silent,
    measurements: recorded.measurements,
    startedAtMs: recorded.startedAtMs,
    progressAtMs,
    shortSinceMs: new Map(Object.entries(short).map(([region, { sinceMs }]) => [region, sinceMs])),
    timing: {
      rolloutDeadlineSeconds: plan.timing.rolloutDeadlineSeconds,
      maxHoldSeconds: plan.timing.maxHoldSeconds,
    },
  };
}

/** `3.2.0 takes all requests in us-east-1 and eu-west-1.` */
function doneSentence(plan: DeployPlan, regions: readonly string[]): string {
  const what = whatOf(plan);
  const where = regions.join(' and ');
  return what.kind === 'shift'
    ? `${completeWords(what, plan.replicas)} in ${where}.`
    : `${what.to} takes all requests in ${where}.`;
}

/** Settled writes of one object, the oldest first. */
export const writesOf = (intents: readonly StagedIntent[], key: string): WriteFact[] =>
  intents
    .filter(({ target, result }) => target === key && (result === 'applied' || result === 'adopted'))
    .flatMap(({ step, verb, before, desired, resolvedAt, createdAt }) =>
      verb === 'create' ? [] : [{ step, verb, before, desired, atMs: (resolvedAt ?? createdAt).getTime() }],
    );

function objectFact(
  object: ObjectFact['object'],
  intents: readonly StagedIntent[],
  { objects, gone }: ObservedAll,
): ObjectFact {
  const seen = objects.get(object.key);
  const mine = intents.filter(({ target }) => target === object.key);
  // Made anew under the same name it is another object: nothing that was signed is about it.
  const isOther = seen !== undefined && seen.uid !== object.uid;
  return {
    object,
    live: isOther ? null : (seen?.subset ?? null),
    gone: gone.has(object.key) || isOther,
    fence: seen?.fence ?? null,
    writer: seen?.writer ?? null,
    keeper: seen?.keeper ?? null,
    rollout: seen?.rollout ?? null,
    endpoints: seen?.endpoints ?? null,
    writes: writesOf(intents, object.key),
    touched: mine.length > 0,
    unseen: mine.some(({ result }) => result === 'superseded'),
  };
}
