import { formatDuration } from '@/lib/core/duration';
import { isComplete, readyNewPods, rolloutSentence, troubles } from '../rollout';
import type { StagedStep } from './contract';
import { decideDataHold, promotion, proofOf } from './decide-data-hold';
import { back, decideJob } from './decide-job';
import { isMoot, objectName } from './expected';
import type { ObjectFact, StagedFacts, StagedMove } from './facts';
import { hasFields } from './fields';
import { type Judged, judged } from './judged';
import { baselineWeight, deadline, holdForData, newIn, notServing, partIn, stopsOld, wait } from './serving';
import { noWayBack } from './way-back';

type Step<K extends StagedStep['do']> = Extract<StagedStep, { do: K }>;

/** The step that runs: is it done, and if not, what is to do. */
export function decideStep(facts: StagedFacts): StagedMove {
  const step = facts.steps[facts.step.n - 1];
  if (step === undefined) {
    return { do: 'end', state: 'Failed', sentence: 'The plan has no further step, and none that ends it.' };
  }
  if (facts.state !== 'DataHold') return onward(facts, step);
  return decideDataHold(facts, step, onward({ ...facts, state: 'Running' }, step));
}

function onward(facts: StagedFacts, step: StagedStep): StagedMove {
  const lost = decideLostPods(facts);
  if (lost !== null) return lost;
  switch (step.do) {
    case 'write':
      return decideWrite(facts, step);
    case 'ready':
      return decideReady(facts, step);
    case 'prove':
      return decideProve(facts, step);
    case 'hold':
      return decideHold(facts);
    case 'job':
      return decideJob(facts, step);
    case 'drain':
      return decideDrain(facts, step);
    case 'watch':
      return decideWatch(facts);
  }
}

const next = (facts: StagedFacts, sentence: string): StagedMove => ({
  do: 'next',
  n: facts.step.n,
  command: null,
  sentence,
});
/** Done on the ground of a measurement, which is recorded with it. */
const passed = (facts: StagedFacts, sentence: string): StagedMove => ({
  do: 'next',
  n: facts.step.n,
  command: null,
  verdict: 'PASS',
  sentence,
});
/** The new version lost its pods while it takes requests (fault 25). */
function decideLostPods(facts: StagedFacts): StagedMove | null {
  for (const region of facts.regions) {
    const fact = newIn(facts, region);
    const isLost = takesRequests(facts, region) && hasNone(fact);
    const other = isLost ? null : lostBaseline(facts, region);
    if (!isLost && other === null) continue;
    const trouble = troublesOf(isLost ? fact : other);
    const who = isLost ? 'The new version' : 'The baseline';
    const sentence = `${who} has no ready pod left in ${region}${trouble === null ? '' : ` (${trouble})`}, and it takes requests.`;
    const held = noWayBack(facts);
    if (held === null) return { do: 'back-out', cause: 'guard', command: null, regions: [region], sentence };
    if (facts.state !== 'DataHold') return holdForData(`${sentence} ${held}`);
  }
  return null;
}

const hasNone = (fact: ObjectFact | null): boolean =>
  fact?.rollout != null && readyNewPods(fact.rollout) === 0;
const troublesOf = (fact: ObjectFact | null): string | null =>
  fact?.rollout == null ? null : troubles(fact.rollout);

/** The baseline while it has a weight and no pod that answers: its requests fail as those of a lost version do. */
function lostBaseline(facts: StagedFacts, region: string): ObjectFact | null {
  const fact = partIn(facts, region, 'baseline');
  return fact !== null && hasNone(fact) && baselineWeight(facts, region) > 0 ? fact : null;
}

/**
 * Whether a write of ours sent requests to the new version of a region; where the share is that of the pods, they take
 * them from the moment on at which they were ready.
 */
function takesRequests(facts: StagedFacts, region: string): boolean {
  const here = [...facts.objects.values()].filter(({ object }) => object.region === region);
  const router = here.find(({ object }) => object.part === 'router');
  if (router !== undefined) return router.writes.some(({ verb }) => verb === 'write');
  const fresh = here.find(({ object }) => object.part === 'new')?.object.key;
  return facts.steps.some(
    (step, index) => step.do === 'ready' && step.object === fresh && index + 1 < facts.step.n,
  );
}

/** Done when a write of this step has settled; whether the object still is so, drift has looked before. */
function decideWrite(facts: StagedFacts, step: Step<'write'>): StagedMove {
  const fact = facts.objects.get(step.object);
  if (fact === undefined) return wait('The plan does not name this object.');
  const title = facts.titles[facts.step.n - 1] ?? 'Write';
  const written = fact.writes.some(({ step: n, verb }) => n === facts.step.n && verb === 'write');
  if (isMoot(fact) || (written && fact.live !== null && hasFields(fact.live, step.set))) {
    // Only after the watch is a write the last step.
    const isLast = facts.step.n === facts.steps.length;
    const told = isMoot(fact) ? `${objectName(fact)} is gone and takes no pods.` : `Done: ${title}.`;
    return isLast ? { do: 'end', state: 'Succeeded', sentence: facts.done } : next(facts, told);
  }
  if (facts.approval !== null && !written && stopsOld(fact.object, step.set)) {
    return back(facts, `The old pods were not stopped: ${facts.approval}`);
  }
  return (
    notServing(facts, fact, step.set) ?? {
      do: 'act',
      object: step.object,
      verb: 'write',
      desired: step.set,
      command: null,
      sentence: `${title}.`,
    }
  );
}

function decideReady(facts: StagedFacts, step: Step<'ready'>): StagedMove {
  const fact = facts.objects.get(step.object);
  if (fact?.rollout == null) return wait('The Deployment cannot be seen.');
  const { rollout, endpoints } = fact;
  const ready = readyNewPods(rollout);
  if (isComplete(rollout) && ready >= step.pods) {
    if (step.service === null || (endpoints ?? 0) >= step.pods) {
      return next(facts, `${ready} pods of ${objectName(fact)} are ready.`);
    }
    return (
      deadline(facts, rollout) ??
      wait(`${ready} pods are ready; ${endpoints ?? 0} of ${step.pods} are endpoints of ${step.service}.`)
    );
  }
  return deadline(facts, rollout) ?? wait(`${rolloutSentence(rollout, objectName(fact))}.`);
}

/** The requests follow the weights: the hold's clock starts only after that (change-engine.md 2.3). */
function decideProve(facts: StagedFacts, step: Step<'prove'>): StagedMove {
  const proof = proofOf(facts, step, facts.step.sinceMs);
  if (proof?.verdict === 'PASS') return passed(facts, `Proven in ${step.region}: ${proof.detail}`);
  const limit = facts.analysis.find(({ region }) => region === step.region)?.proveTimeoutSeconds ?? 0;
  const said = proof?.detail ?? 'no answer yet.';
  if ((facts.nowMs - facts.step.sinceMs) / 1000 <= limit) return wait(`Waits for proof: ${said}`);
  const sentence = `The requests in ${step.region} did not follow within ${formatDuration(limit)}: ${said}`;
  if (proof?.verdict !== 'FAIL') return facts.isRollback ? next(facts, sentence) : holdForData(sentence);
  const held = noWayBack(facts);
  return held === null
    ? { do: 'back-out', cause: 'guard', command: null, sentence }
    : holdForData(`${sentence} ${held}`);
}

function decideHold(facts: StagedFacts): StagedMove {
  const { promote } = facts.commands;
  if (promote !== null) return promotion(facts, promote);
  const found = judged(facts).find(({ gates }) => gates);
  if (found === undefined) return wait('Nothing of this region was steered yet.');
  return openGate(found) ?? (found.outcome.kind === 'pass' ? passed(facts, said(found)) : wait(said(found)));
}

const said = ({ region, outcome }: Judged): string => `${region}: ${outcome.detail}`;

const openGate = (found: Judged): StagedMove | null =>
  found.outcome.kind === 'unclear'
    ? holdForData(`No verdict in ${found.region}: ${found.outcome.detail}`)
    : null;

function decideDrain(facts: StagedFacts, step: Step<'drain'>): StagedMove {
  const left = step.seconds - (facts.nowMs - facts.step.sinceMs) / 1000;
  return left <= 0
    ? next(facts, `Drained for ${formatDuration(step.seconds)}.`)
    : wait(`Draining; ${formatDuration(Math.ceil(left))} more.`);
}

/**
 * A rollback waits for no figures (change-engine.md 2.2, 14): when its watch is over and nobody can judge it, it has
 * done what it is for. A FAIL was looked for before.
 */
function endUnjudged(facts: StagedFacts, all: readonly Judged[]): StagedMove | null {
  const step = facts.steps[facts.step.n - 1];
  const seconds = step?.do === 'watch' ? step.seconds : 0;
  const isOver = facts.nowMs - facts.step.sinceMs >= seconds * 1000;
  const open = all.filter(({ outcome }) => outcome.kind === 'unclear');
  const isSettled = all.every(({ outcome }) => outcome.kind === 'unclear' || outcome.kind === 'pass');
  if (!isOver || open.length === 0 || !isSettled) return null;
  const sentence = `${facts.done} Nobody could judge it. ${open.map(said).join(' ')}`;
  return { do: 'end', state: 'Succeeded', sentence };
}

/** The last look at every region; only a fresh pass in all of them ends the change well. */
function decideWatch(facts: StagedFacts): StagedMove {
  if (facts.state !== 'Watching') {
    const title = facts.titles[facts.step.n - 1] ?? 'Watch';
    return { do: 'go', state: 'Watching', command: null, sentence: `${title}.` };
  }
  const all = judged(facts);
  const unjudged = facts.isRollback ? endUnjudged(facts, all) : null;
  if (unjudged !== null) return unjudged;
  const open = facts.isRollback ? undefined : all.map(openGate).find((move) => move !== null);
  if (open !== undefined && open !== null) return open;
  const waiting = all.find(({ outcome }) => outcome.kind !== 'pass');
  if (all.length === 0) return wait('Nothing was steered, so there is nothing to watch.');
  if (waiting !== undefined) return wait(said(waiting));
  const sentence = `${facts.done} ${all.map(said).join(' ')}`;
  const isLast = facts.step.n === facts.steps.length;
  return isLast ? { do: 'end', state: 'Succeeded', sentence } : passed(facts, sentence);
}
