import { formatDuration } from '@/lib/core/duration';
import { type Live, readyNewPods, rolloutSentence, troubles } from '../rollout';
import { podsWord } from '../words';
import type { Fields, PlannedObject } from './contract';
import { objectName } from './expected';
import type { ObjectFact, StagedFacts, StagedMove } from './facts';
import { hasFields } from './fields';
import { sharesOf } from './router';
import { noWayBack } from './way-back';

export const wait = (sentence: string): StagedMove => ({ do: 'wait', sentence });
export const holdForData = (sentence: string): StagedMove => ({
  do: 'hold',
  state: 'DataHold',
  kind: 'no-verdict',
  command: null,
  sentence,
});

export const partIn = (facts: StagedFacts, region: string, part: 'new' | 'baseline'): ObjectFact | null =>
  [...facts.objects.values()].find(({ object }) => object.part === part && object.region === region) ?? null;
export const newIn = (facts: StagedFacts, region: string): ObjectFact | null => partIn(facts, region, 'new');

/** Percent that the router of a region sends to the baseline now, or would with these fields. */
export function baselineWeight(facts: StagedFacts, region: string, fields?: Fields): number {
  for (const step of facts.back) {
    if (step.do !== 'write' || step.stepwise === undefined) continue;
    const router = facts.objects.get(step.object);
    if (router?.object.region !== region) continue;
    return sharesOf(step.stepwise.pair, fields ?? router.live)?.baseline ?? 0;
  }
  return 0;
}

/** A write after which the old version has no pods: only where the pods are the share. */
export const stopsOld = ({ part }: Pick<PlannedObject, 'part'>, set: Fields): boolean =>
  part === 'old' && set['replicas'] === 0;

/** Requests go only where pods are ready at this moment, however long ago that was found (invariants I3 and I5). */
export function notServing(facts: StagedFacts, router: ObjectFact, set: Fields): StagedMove | null {
  const { part, region } = router.object;
  if (part === 'old') return outgrown(facts, router) ?? tooFewPods(facts, newIn(facts, region));
  if (part !== 'router') return null;
  const beside = baselineWeight(facts, region, set) > 0 ? partIn(facts, region, 'baseline') : null;
  return withoutPods(facts, newIn(facts, region)) ?? withoutPods(facts, beside);
}

/**
 * Pods that have to be ready before a weight is written: those that the step before it waited for, since a migration
 * or a soak may lie between; no more than there are to be now, where an autoscaler has made them fewer. A rollback
 * leaves a version that is worse than few pods: one is enough.
 */
function podsNeeded(
  { steps, step: { n }, isRollback }: StagedFacts,
  { object }: ObjectFact,
  pods: number,
): number {
  if (isRollback) return 1;
  const waited = steps.findLast(
    (step, index) => index + 1 < n && step.do === 'ready' && step.object === object.key,
  );
  return Math.max(1, Math.min(waited?.do === 'ready' ? waited.pods : 1, pods));
}

function withoutPods(facts: StagedFacts, fact: ObjectFact | null): StagedMove | null {
  if (fact?.rollout == null) return null;
  const { rollout } = fact;
  const ready = readyNewPods(rollout);
  if (Math.min(ready, fact.endpoints ?? ready) >= podsNeeded(facts, fact, rollout.replicas)) return null;
  return (
    deadline(facts, rollout) ?? wait(`Waits for ready pods: ${rolloutSentence(rollout, objectName(fact))}.`)
  );
}

/** An autoscaler made the old pods more than the plan counted on: the new ones are no match for them any more. */
function outgrown(facts: StagedFacts, old: ObjectFact): StagedMove | null {
  const { rollout, object } = old;
  const planned = object.baseline['replicas'];
  if (rollout === null || typeof planned !== 'number' || rollout.replicas <= planned) return null;
  return (
    deadline(facts, rollout) ??
    wait(
      `${objectName(old)} has ${podsWord(rollout.replicas)} now, and the plan made as many new ones as carried the requests of ${planned}: the old ones stay.`,
    )
  );
}

/** Where pods are the share the old ones go last: those that stay carry all requests from that moment on. */
function tooFewPods(facts: StagedFacts, fact: ObjectFact | null): StagedMove | null {
  if (fact?.rollout == null) return wait('The new pods cannot be seen, so the old ones stay.');
  const { rollout } = fact;
  const ready = Math.min(readyNewPods(rollout), fact.endpoints ?? rollout.replicas);
  if (ready >= rollout.replicas) return null;
  return (
    deadline(facts, rollout) ??
    wait(`The old pods stay until the new ones are ready: ${rolloutSentence(rollout, objectName(fact))}.`)
  );
}

/** No net progress for too long sends a change back. */
export function deadline(facts: StagedFacts, rollout: Live): StagedMove | null {
  const limit = facts.timing.rolloutDeadlineSeconds;
  if ((facts.nowMs - facts.progressAtMs) / 1000 <= limit) return null;
  const trouble = troubles(rollout);
  const why = trouble === null ? '' : ` (${trouble})`;
  const sentence = `No net progress for ${formatDuration(limit)}${why}.`;
  const held = noWayBack(facts);
  if (held === null) return { do: 'back-out', cause: 'deadline', command: null, sentence };
  return facts.state === 'DataHold' ? null : holdForData(`${sentence} ${held}`);
}

/**
 * A write that was announced and never arrived, and would send requests to pods that are not ready any more: whoever
 * takes over looks first, as long as nobody orders the way back.
 */
export function isUntimely(
  facts: StagedFacts,
  { verb, target, before, desired }: { verb: string; target: string; before: Fields; desired: Fields },
): boolean {
  const fact = facts.objects.get(target);
  if (verb !== 'write' || fact?.live == null || facts.backingOut) return false;
  if (facts.commands.abort !== null || facts.kill !== null) return false;
  const isOpen = hasFields(fact.live, before) && !hasFields(fact.live, desired);
  return isOpen && notServing(facts, fact, desired) !== null;
}
