import { formatDuration } from '@/lib/core/duration';
import { readyNewPods, servingOldPods, troubles } from '../rollout';
import { untouchedSentence } from '../words';
import type { BackStep, Fields } from './contract';
import { carriedBy, easeBack, shareNow } from './ease-back';
import { driftOf, isKnownState, isMoot, objectName } from './expected';
import type { ObjectFact, StagedFacts, StagedMove } from './facts';
import { hasFields, pickFields } from './fields';
import { steers } from './judged';
import { stepsBeforeWatch } from './schedule';

/**
 * Old pods of a region that have not become more for this long are waited for no longer: then all requests go to those
 * that are ready (fault 26).
 */
const CAPACITY_PATIENCE_SECONDS = 60;

/**
 * On the way back: each region goes back by itself, its steps in the plan's order, so that a cluster that does not
 * answer keeps no other one waiting. A change that goes back never goes forward again.
 */
export function decideBackingOut(facts: StagedFacts): StagedMove {
  const { pause, abort, promote, resume } = facts.commands;
  const late = pause ?? abort ?? promote;
  if (late !== null) {
    return { do: 'refuse', command: late, sentence: 'The change already goes back to how it was before.' };
  }
  const touched = [...facts.objects.values()].filter((fact) => fact.touched);
  if (touched.length === 0) return { do: 'end', state: 'BackedOut', sentence: untouchedSentence };
  const regions = regionsBack(facts);
  const kept = facts.regions.filter((region) => !regions.includes(region));
  const moves = [
    ...regions.map((region) => inRegion(facts, region)),
    // What was for the time of the change ends with it, also where the new version stays.
    ...kept.map((region) => inRegion(facts, region, ({ object }) => object.part === 'autoscaler')),
  ];
  const open = moves.filter((move) => move !== null);
  const [first] = open;
  const act = open.find(({ do: kind }) => kind === 'act');
  if (act !== undefined) return act;
  if (facts.job?.late === true) return sealJob;
  if (first === undefined) return endOf(regions, kept);
  const hold = open.find(({ do: kind }) => kind === 'hold');
  if (hold !== undefined && facts.state !== 'DriftHold') return hold;
  if (facts.state === 'DriftHold' && hold === undefined) {
    return { do: 'go', state: 'Running', command: resume, sentence: 'Going on with the way back.' };
  }
  if (resume !== null) {
    return { do: 'refuse', command: resume, sentence: 'Not resumed: the change goes back.' };
  }
  const heldSeconds = (facts.nowMs - (facts.holdSinceMs ?? facts.stateSinceMs)) / 1000;
  if (facts.state === 'DriftHold' && heldSeconds > facts.timing.maxHoldSeconds) {
    return {
      do: 'end',
      state: 'Failed',
      sentence: `Held too long on the way back. ${(hold ?? first).sentence}`,
    };
  }
  return { do: 'wait', sentence: (hold ?? first).sentence };
}

/** A release that may still arrive must not: the Job gets a version that it was not made for. */
const sealJob: StagedMove = {
  do: 'seal',
  sentence: 'The release of the migration may still arrive: its Job is sealed, so that it is refused.',
};

/** By the policy fixed in the plan, regions that were finished before the failing one may stay; never one that failed. */
function regionsBack(facts: StagedFacts): readonly string[] {
  if (facts.onFailure === 'back-out-all') return facts.regions.toReversed();
  return facts.regions
    .filter((region) => facts.failedIn.includes(region) || !isFinished(facts, region))
    .toReversed();
}

/** All its own steps are done; from the watch of all regions on none is finished. */
function isFinished(facts: StagedFacts, region: string): boolean {
  const own = stepsBeforeWatch(facts.steps);
  const last = own.findLastIndex((step) => regionOf(facts, step) === region);
  return facts.step.n <= own.length && last >= 0 && facts.step.n > last + 1;
}

const regionOf = (facts: StagedFacts, step: StagedFacts['steps'][number]): string | null =>
  'region' in step
    ? step.region
    : 'object' in step
      ? (facts.objects.get(step.object)?.object.region ?? null)
      : null;

function endOf(back: readonly string[], kept: readonly string[]): StagedMove {
  const all = `All is as it was before in ${back.toReversed().join(', ')}.`;
  const end = { do: 'end', state: 'BackedOut' } as const;
  if (kept.length === 0) return { ...end, sentence: all };
  const stay = `${kept.join(', ')} keep${kept.length === 1 ? 's' : ''} the new version.`;
  return { ...end, kept, sentence: `${all} ${stay}` };
}

type Open = Extract<StagedMove, { do: 'act' | 'wait' | 'hold' }>;

type Chosen = (fact: ObjectFact) => boolean;

/** The first thing that is left to do in a region, with all its objects or the chosen ones; null when it is back. */
function inRegion(facts: StagedFacts, region: string, isChosen: Chosen = () => true): Open | null {
  const silent = facts.silent.get(region);
  for (const [index, step] of facts.back.entries()) {
    const fact = facts.objects.get(step.object);
    if (fact?.object.region !== region || !isChosen(fact)) continue;
    if (silent !== undefined) {
      return isAnyTouched(facts, region, isChosen)
        ? { do: 'wait', sentence: `${silent} ${region} goes back when it answers.` }
        : null;
    }
    const move = backStep(facts, step, index, fact);
    if (move !== null) return move;
  }
  return null;
}

const isAnyTouched = (facts: StagedFacts, region: string, isChosen: Chosen = () => true): boolean =>
  [...facts.objects.values()].some((fact) => fact.object.region === region && fact.touched && isChosen(fact));

function backStep(facts: StagedFacts, step: BackStep, index: number, fact: ObjectFact): Open | null {
  switch (step.do) {
    case 'write':
      return restore(facts, fact, `${step.title}${shortWords(facts, step, index)}`);
    case 'ready':
      return capacity(facts, fact, step.pods, index);
    case 'drain':
      return drain(facts, fact, step.seconds, index);
  }
}

/** The members that we announced to write, as they were when the plan was made. */
const wantedBack = (fact: ObjectFact): Fields => {
  const members = new Set(fact.writes.flatMap(({ desired }) => Object.keys(desired)));
  return members.size === 0 ? fact.object.baseline : pickFields(fact.object.baseline, members);
};

const isBack = (fact: ObjectFact): boolean =>
  fact.writes.at(-1)?.verb === 'restore' && fact.live !== null && hasFields(fact.live, wantedBack(fact));

function restore(facts: StagedFacts, fact: ObjectFact, title: string): Open | null {
  if (isUntaken(fact)) return refill(facts, fact, title);
  return !fact.touched || isMoot(fact) || isBack(fact)
    ? null
    : put(facts, fact, wantedBack(fact), `${title}.`);
}

/** Old pods that the plan would stop, and no write of ours has or still may. */
const isUntaken = ({ object, writes, unseen }: ObjectFact): boolean =>
  object.part === 'old' &&
  object.baseline['replicas'] !== undefined &&
  !unseen &&
  writes.every(({ verb }) => verb === 'restore');

/**
 * Pods that somebody else took, an autoscaler or a person: where pods are the share, the old ones have all requests again
 * as soon as the new ones go. A stranger's number is overwritten by order alone, and nobody's twice.
 */
function refill(facts: StagedFacts, fact: ObjectFact, title: string): Open | null {
  const { object, live, rollout, gone, writes } = fact;
  const { replicas } = object.baseline;
  if (writes.length > 0 || gone || live === null || typeof replicas !== 'number') return null;
  if (Number(live['replicas'] ?? 0) >= replicas || !isAnyTouched(facts, object.region)) return null;
  const { resume } = facts.commands;
  if (!facts.orderedBack && resume === null && rollout?.scaledByAutoscaler !== true) return null;
  if (fact.touched && facts.state === 'DriftHold' && resume === null)
    return hold(`The cluster refused to put ${objectName(fact)} back.`);
  return {
    do: 'act',
    object: object.key,
    verb: 'restore',
    desired: { replicas },
    command: resume,
    sentence: `${title}.`,
  };
}

/** A write of the way back; null where nothing of ours is left and nothing of ours can come late. */
function put(facts: StagedFacts, fact: ObjectFact, desired: Fields, sentence: string): Open | null {
  if (fact.gone || fact.live === null) {
    return hold(`${objectName(fact)} is gone: put it back, then resume, or say how it ended.`);
  }
  const { resume } = facts.commands;
  // Never written, or back already by another hand, and nothing of ours can come late: whatever is there stays.
  if (fact.writes.length === 0 && !fact.unseen) return null;
  const known = isKnownState(fact, fact.live) || facts.orderedBack || resume !== null;
  if (!known || (facts.state === 'DriftHold' && resume === null)) {
    return hold(driftOf(fact)?.sentence ?? `The cluster refused to put ${objectName(fact)} back.`);
  }
  return { do: 'act', object: fact.object.key, verb: 'restore', desired, command: resume, sentence };
}

const hold = (sentence: string): Open => ({
  do: 'hold',
  state: 'DriftHold',
  kind: 'drift',
  command: null,
  sentence,
});

type Router = { step: Extract<BackStep, { do: 'write' }>; fact: ObjectFact };

/** What steers the requests of a region and comes later in the way back. */
const routersAfter = (facts: StagedFacts, index: number, region: string): Router[] =>
  facts.back.slice(index + 1).flatMap((step) => {
    const fact = facts.objects.get(step.object);
    return step.do === 'write' && fact?.object.region === region && steers(facts, fact.object.key)
      ? [{ step, fact }]
      : [];
  });

/**
 * Requests go to no more than the old pods can carry: part by part as they get ready where the router can split them,
 * else all at once when all are; and to whichever are ready when they do not become more, or when none of the new
 * version is (fault 26).
 */
function capacity(facts: StagedFacts, fact: ObjectFact, pods: number, index: number): Open | null {
  const { region } = fact.object;
  const open = routersAfter(facts, index, region).filter((one) => one.fact.touched && !isBack(one.fact));
  if (open.length === 0 || fact.rollout === null) return null;
  const ready = readyNewPods(fact.rollout);
  if (open.every(({ step }) => isEnough(step, ready, pods))) return null;
  const isOver = facts.nowMs - shortSince(facts, region) > CAPACITY_PATIENCE_SECONDS * 1000;
  if (ready > 0 && (isOver || isNewAway(facts, region))) return null;
  const trouble = troubles(fact.rollout);
  const why = trouble === null ? '' : ` (${trouble})`;
  const counted = `${ready} of ${pods} pods of ${objectName(fact)} are ready${why}`;
  for (const { step, fact: router } of open) {
    const eased = easeBack(step, router, ready);
    const sentence = `${region}: send ${eased?.percent} % of the requests back: ${counted}.`;
    const move = eased === null ? null : put(facts, router, eased.fields, sentence);
    if (move !== null) return move;
  }
  return { do: 'wait', sentence: `${counted}; ${waitingWords(open)}.` };
}

const isEnough = (step: Router['step'], ready: number, pods: number): boolean =>
  ready >= pods || (step.stepwise !== undefined && carriedBy(step.stepwise, ready) >= step.stepwise.percent);

/** No pod of the new version serves: a part of the requests that stayed there would only fail. */
const isNewAway = ({ objects }: StagedFacts, region: string): boolean =>
  [...objects.values()].some(
    ({ object, gone, rollout }) =>
      object.part === 'new' &&
      object.region === region &&
      (gone || (rollout !== null && readyNewPods(rollout) + servingOldPods(rollout) === 0)),
  );

const shortSince = (facts: StagedFacts, region: string): number =>
  facts.shortSinceMs.get(region) ?? facts.progressAtMs;

function waitingWords([first]: readonly Router[]): string {
  const now = first?.step.stepwise === undefined ? null : shareNow(first.step.stepwise, first.fact);
  return now === null || now <= 0
    ? 'requests go there when they are'
    : `${Math.round(now * 10) / 10} % of the requests go there, and more as more are`;
}

/** Said of requests that go back to fewer pods than carry them. */
function shortWords(facts: StagedFacts, step: Router['step'], index: number): string {
  const region = facts.objects.get(step.object)?.object.region;
  if (!steers(facts, step.object)) return '';
  for (const one of facts.back.slice(0, index)) {
    const fact = facts.objects.get(one.object);
    if (one.do !== 'ready' || fact?.object.region !== region || fact?.rollout == null) continue;
    const ready = readyNewPods(fact.rollout);
    if (isEnough(step, ready, one.pods)) continue;
    const why = isNewAway(facts, fact.object.region)
      ? 'no pod of the new version is'
      : `for ${formatDuration(CAPACITY_PATIENCE_SECONDS)} they did not become more`;
    return `, though only ${ready} of ${one.pods} pods of ${objectName(fact)} are ready: ${why}`;
  }
  return '';
}

/** Time for open connections to end, since the last write before this step. */
function drain(facts: StagedFacts, fact: ObjectFact, seconds: number, index: number): Open | null {
  const before = facts.back.slice(0, index).flatMap((step) => {
    const one = facts.objects.get(step.object);
    return step.do === 'write' && one?.object.region === fact.object.region ? [one] : [];
  });
  const restored = before.flatMap(({ writes }) =>
    writes.filter(({ verb }) => verb === 'restore').map(({ atMs }) => atMs),
  );
  if (restored.length === 0) return null;
  const left = seconds - (facts.nowMs - Math.max(...restored)) / 1000;
  return left <= 0 ? null : { do: 'wait', sentence: `Draining; ${formatDuration(Math.ceil(left))} more.` };
}
