import { type Outcome, outcomeOf, requestsSince } from '../analysis/outcome';
import type { Analysis, StagedStep } from './contract';
import type { StagedFacts } from './facts';
import { hasFields } from './fields';
import { shareBegan } from './steered';
import { noWayBack } from './way-back';

/** `gates`: the step ends on this judgement; else it is looked at for failures alone. */
export type Judged = { region: string; gates: boolean; outcome: Outcome };

/**
 * When the requests of a region were last steered anew by us; null when they never were, and while they are refused
 * for maintenance: what is measured before they are answered again tells nothing of the version.
 */
export function routedAtMs(facts: StagedFacts, region: string): number | null {
  let at: number | null = null;
  let answeredAt = 0;
  for (const { object, writes } of facts.objects.values()) {
    if (object.region !== region) continue;
    if (object.part === 'maintenance') {
      const last = writes.at(-1);
      if (last === undefined) continue;
      if (!hasFields(last.desired, object.baseline)) return null;
      answeredAt = last.atMs;
    } else if (steers(facts, object.key))
      for (const { atMs, verb } of writes) if (verb === 'write') at = Math.max(at ?? 0, atMs);
  }
  return at === null ? null : Math.max(at, answeredAt);
}

/** A router steers; and where the share is that of the pods, the Deployments do. */
export function steers({ objects }: StagedFacts, key: string): boolean {
  const fact = objects.get(key);
  if (fact === undefined) return false;
  const routed = [...objects.values()].some(
    ({ object }) => object.part === 'router' && object.region === fact.object.region,
  );
  if (routed) return fact.object.part === 'router';
  return fact.object.part === 'new' || fact.object.part === 'old';
}

/** Since when the pods or the router of a region are so that its requests have the share of the step that runs. */
const sharedAtMs = ({ steps, step, objects, startedAtMs }: StagedFacts, region: string): number | null =>
  shareBegan({
    steps,
    objects: [...objects.values()].map(({ object }) => object),
    region,
    n: step.n,
    startedAtMs,
  });

/** A hold is about its own region, a watch about all. */
const isGate = (step: StagedStep, region: string): boolean =>
  step.do === 'watch' || (step.do === 'hold' && step.region === region);

/**
 * The judgement of each region whose requests we steered, whichever region the step is about: one that is finished may
 * fail while another one is held. Where the step gates it is about that step; elsewhere it looks for failures only, so
 * nothing that ran meanwhile opens a gate.
 */
export function judged(facts: StagedFacts): Judged[] {
  const step = facts.steps[facts.step.n - 1];
  if (step === undefined) return [];
  return facts.regions.flatMap((region) => {
    const analysis = facts.analysis.find((one) => one.region === region);
    const routedAt = routedAtMs(facts, region);
    if (analysis === undefined || routedAt === null) return [];
    const gates = isGate(step, region);
    return [{ region, gates, outcome: judge(facts, step, { region, gates, analysis, routedAt }) }];
  });
}

function judge(
  facts: StagedFacts,
  step: StagedStep,
  { region, gates, analysis, routedAt }: Omit<Judged, 'outcome'> & { analysis: Analysis; routedAt: number },
): Outcome {
  const sinceMs = gates ? Math.max(facts.step.sinceMs, routedAt) : routedAt;
  // Where nothing goes back by itself a FAIL holds: once a hold is over, what it was held for is not counted again.
  const forgivenMs = noWayBack(facts) === null ? sinceMs : facts.stateSinceMs;
  const measurements = facts.measurements.filter(
    (one) =>
      one.region === region &&
      one.atMs >= sinceMs &&
      !one.proves &&
      (one.verdict !== 'FAIL' || one.atMs >= forgivenMs),
  );
  const steeredMs = Math.max(routedAt, sharedAtMs(facts, region) ?? routedAt);
  return outcomeOf(measurements, analysis, {
    sinceMs,
    steeredMs,
    nowMs: facts.nowMs,
    seconds: gates && 'seconds' in step ? step.seconds : 0,
    minRequests: step.do === 'hold' ? step.minRequests : 0,
    requests: requestsSince(measurements, analysis.windowSeconds, steeredMs),
  });
}
