import type { StagedStep } from './contract';
import type { StagedFacts, StagedMove } from './facts';
import { type Judged, judged } from './judged';

type Prove = Extract<StagedStep, { do: 'prove' }>;

const wait = (sentence: string): StagedMove => ({ do: 'wait', sentence });
const goOn = (sentence: string): StagedMove => ({ do: 'go', state: 'Running', command: null, sentence });

/** A person goes on with a hold before its time is over, or without the verdict that it waits for. */
export const promotion = (
  facts: StagedFacts,
  promote: NonNullable<StagedFacts['commands']['promote']>,
): StagedMove => ({
  do: 'next',
  n: facts.step.n,
  command: promote,
  sentence: `${promote.actorName} promoted step ${facts.step.n}: ${promote.reason}`,
});

/** The newest reading of the share of a step after a moment; null: none. */
export const proofOf = (facts: StagedFacts, step: Prove, sinceMs: number) =>
  facts.measurements.findLast(
    (one) => one.proves && one.step === facts.step.n && one.region === step.region && one.atMs > sinceMs,
  ) ?? null;

/**
 * Held for want of a verdict: it goes on when there is one and nothing would hold it again at once, or when a person
 * promotes. What sends it back or stops it without figures (lost pods, a broken migration) does so here too.
 * `onward`: the move that were next if it was not held.
 */
export function decideDataHold(facts: StagedFacts, step: StagedStep, onward: StagedMove): StagedMove {
  if (onward.do === 'back-out' || (onward.do === 'hold' && onward.state !== 'DataHold')) return onward;
  const { promote } = facts.commands;
  if (promote !== null) return promotion(facts, promote);
  if (step.do === 'prove') {
    const proof = proofOf(facts, step, facts.holdSinceMs ?? facts.step.sinceMs);
    return proof?.verdict === 'PASS'
      ? goOn(`There is proof again: ${proof.detail}`)
      : wait(`No proof: ${proof?.detail ?? 'no answer yet.'}`);
  }
  const open = waitedFor(facts).find(({ outcome }) => outcome.kind === 'unclear');
  if (open !== undefined) return wait(`No verdict in ${open.region}: ${open.outcome.detail}`);
  if (onward.do === 'hold') return wait(onward.sentence);
  const late = latestOf(facts).find(({ verdict }) => verdict !== 'PASS');
  if (late === undefined) return goOn('There is a verdict again.');
  const said = late.verdict === 'FAIL' ? 'Fails in' : 'No verdict in';
  return wait(`${said} ${late.region}: ${late.detail}`);
}

/** The regions whose verdict is waited for: those of the step, and one that fails; where no step gates, all. */
function waitedFor(facts: StagedFacts): Judged[] {
  const all = judged(facts);
  return all.some(({ gates }) => gates)
    ? all.filter(({ gates, region }) => gates || fails(facts, region))
    : all;
}

const fails = ({ measurements }: StagedFacts, region: string): boolean =>
  measurements.findLast(
    (one) => !one.proves && one.region === region && (one.verdict === 'PASS' || one.verdict === 'FAIL'),
  )?.verdict === 'FAIL';

/** The newest reading of each of these regions, taken after the hold began. */
function latestOf(facts: StagedFacts) {
  const since = facts.holdSinceMs ?? facts.stateSinceMs;
  return waitedFor(facts).map(({ region }) => {
    const last = facts.measurements.findLast(
      (one) => !one.proves && one.region === region && one.atMs > since,
    );
    return last ?? { region, verdict: 'NODATA' as const, detail: 'no answer yet.' };
  });
}
