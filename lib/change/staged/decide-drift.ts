import { formatDuration } from '@/lib/core/duration';
import type { Fields } from './contract';
import { type Drift, driftOf, expectedOf, isKnownState, objectName } from './expected';
import type { ObjectFact, StagedFacts, StagedMove } from './facts';
import { hasFields, pickFields } from './fields';

/** Written again this often against somebody who puts things back; then a person decides (fault 24). */
const REWRITES_MAX = 1;
const REWRITES_WITHIN_MS = 600_000;

/**
 * A stranger's edit stops everything. One exception: an object that a GitOps controller keeps and that is exactly
 * as before our write was reverted; it is written once more, and at the second time held, with the controller named.
 */
export function decideDrift(facts: StagedFacts): StagedMove | null {
  const drift = [...facts.objects.values()].map(driftOf).find((one) => one !== null) ?? null;
  if (drift === null) return null;
  if (facts.state !== 'DriftHold') return rewrite(facts, drift) ?? hold(facts, drift);
  const { resume, pause, promote } = facts.commands;
  if (resume !== null) {
    if (isKnownState(drift.fact, drift.live)) {
      return again(drift, `${resume.actorName} resumed: ${resume.reason}`, resume);
    }
    return {
      do: 'refuse',
      command: resume,
      sentence: `Not resumed: ${drift.sentence} Put it back, or abort.`,
    };
  }
  const other = pause ?? promote;
  if (other !== null) {
    return { do: 'refuse', command: other, sentence: 'Not done: the change is held. Resume it, or abort.' };
  }
  const heldSeconds = (facts.nowMs - (facts.holdSinceMs ?? facts.stateSinceMs)) / 1000;
  if (heldSeconds > facts.timing.maxHoldSeconds) {
    const sentence = `Held too long, and nothing was overwritten. ${drift.sentence}`;
    return { do: 'end', state: 'Failed', sentence };
  }
  return { do: 'wait', sentence: drift.sentence };
}

const again = (
  { fact }: Drift,
  sentence: string,
  command: null | StagedFacts['commands']['resume'],
): StagedMove => ({
  do: 'act',
  object: fact.object.key,
  verb: 'write',
  desired: writtenBy(fact),
  command,
  sentence,
});

/** The members that we have written, as they should be. */
function writtenBy(fact: ObjectFact): Fields {
  const members = new Set(fact.writes.flatMap(({ desired }) => Object.keys(desired)));
  return pickFields(expectedOf(fact), members);
}

function isReverted({ fact, live }: Drift): boolean {
  const last = fact.writes.at(-1);
  return last !== undefined && fact.keeper !== null && hasFields(live, last.before);
}

/** How often the same thing was written lately. */
function rewrites(fact: ObjectFact, nowMs: number): number {
  const last = fact.writes.at(-1);
  if (last === undefined) return 0;
  return fact.writes.filter(
    ({ desired, atMs }) => nowMs - atMs < REWRITES_WITHIN_MS && hasFields(desired, last.desired),
  ).length;
}

function rewrite(facts: StagedFacts, drift: Drift): StagedMove | null {
  if (!isReverted(drift) || facts.commands.pause !== null) return null;
  if (rewrites(drift.fact, facts.nowMs) > REWRITES_MAX) return null;
  return again(drift, `${drift.sentence} It was put back as before; written once more.`, null);
}

function hold(facts: StagedFacts, drift: Drift): StagedMove {
  const { fact } = drift;
  const fought = isReverted(drift) && rewrites(fact, facts.nowMs) > REWRITES_MAX;
  const sentence = fought
    ? `${drift.sentence} ${fact.keeper} has put ${objectName(fact)} back twice within ${formatDuration(REWRITES_WITHIN_MS / 1000)}: it is not fought any more. Let it ignore ${ignored[fact.object.kind] ?? 'these members'} (ignoreDifferences with RespectIgnoreDifferences=true), then resume.`
    : drift.sentence;
  return { do: 'hold', state: 'DriftHold', kind: 'drift', command: null, sentence };
}

/** What a GitOps controller has to leave to us, as its rule names it (change-engine.md 1.8). */
const ignored: Partial<Record<string, string>> = {
  VirtualService: '.spec.http[].route[].weight',
  HTTPRoute: '.spec.rules[].backendRefs[].weight',
  Service: '.spec.selector',
  ConfigMap: 'the key of .data',
  Deployment: '.spec.template and .spec.replicas',
  HorizontalPodAutoscaler: '.spec.minReplicas',
};
