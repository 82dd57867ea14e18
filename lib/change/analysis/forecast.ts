import { formatDuration } from '@/lib/core/duration';
import type { Analysis, Forecast, Staged, StagedStep } from '../staged/contract';

/** Failed requests that the budget allows in its window, and how many of them are left (negative: overspent). */
export type BudgetEvents = { events: number; remaining: number };

type StepCost = Forecast['steps'][number];

export type ForecastParts = {
  steps: readonly StagedStep[];
  shares: Staged['shares'];
  analysis: readonly Analysis[];
  /** Of all regions together; null: not known. */
  requestsPerSecond: number | null;
  /** Of single regions, where they are known; the others share what is left alike. */
  regionsPerSecond?: Readonly<Record<string, number>>;
  budget: BudgetEvents | null;
  /** Until the last request of a version that lost its traffic is answered. */
  drainSeconds: number;
  /** Requests that are refused for maintenance: from step `n`, in these regions, for so long at most. */
  refused?: { n: number; regions: readonly string[]; seconds: number } | null;
};

/** From the verdict to the weights written back, in seconds: the bound that the numbers of the engine allow. */
export const abortWriteSeconds = 2;

/** Until a total failure is seen and undone (2.8): the measurements that must fail, settling, the write, the drain. */
export const detectionSeconds = (analysis: Analysis, drainSeconds: number): number =>
  analysis.intervalSeconds * analysis.failsInRow + analysis.settleSeconds + abortWriteSeconds + drainSeconds;

/** The most failures above the old version's that the analysis lets through. */
const letThrough = ({ maxErrorRatio, maxExcessRatio }: Analysis): number =>
  Math.min(maxErrorRatio, maxExcessRatio);

/**
 * What a change may cost in failed requests (change-engine.md 2.8): for each hold and for the watch, when all requests
 * of the share fail until that is seen, and when it fails just below the limits for the whole time. The watch is on
 * all regions at their final shares.
 */
export function forecastOf(parts: ForecastParts): Forecast {
  const { requestsPerSecond, budget } = parts;
  if (requestsPerSecond === null) return nothingCounted;
  const judged = parts.steps.flatMap((step, index) => costOf(step, index + 1, requestsPerSecond, parts));
  const steps = [...refusedCost(requestsPerSecond, parts), ...judged].sort((a, b) => a.n - b.n);
  return weighed(steps, { requestsPerSecond, budget }, (at) => howWords(at, parts));
}

/** Of a service whose requests nobody counts. */
export const nothingCounted: Forecast = {
  ...{ requestsPerSecond: null, steps: [], worst: null, ofBudget: null, ofRemaining: null },
  sentence: 'What it may cost is not known: nobody counts the requests of this service.',
};

/** The costliest of the steps, as a part of the budget; `how` says in words what would have to happen for it. */
export function weighed(
  steps: StepCost[],
  { requestsPerSecond, budget }: { requestsPerSecond: number; budget: BudgetEvents | null },
  how: (at: StepCost) => string,
): Forecast {
  const worst = Math.max(0, ...steps.flatMap(({ totalFailure, slowBurn }) => [totalFailure, slowBurn]));
  const ofBudget = budget === null || budget.events <= 0 ? null : worst / budget.events;
  const ofRemaining = budget === null || budget.remaining <= 0 ? null : worst / budget.remaining;
  const figures = { requestsPerSecond, steps, worst, ofBudget, ofRemaining };
  const at = steps.find((one) => Math.max(one.totalFailure, one.slowBurn) === worst);
  if (at === undefined) {
    const sentence = 'No step of it is judged by the analysis, so there is nothing to forecast from.';
    return { ...figures, sentence };
  }
  const part = ofBudget === null ? '' : `, ${percentWords(ofBudget)} of the error budget`;
  const left =
    budget === null
      ? ' The service has no error budget to compare with.'
      : ofRemaining === null
        ? ' Nothing of the budget is left.'
        : ` That is ${percentWords(ofRemaining)} of what is left of it.`;
  const sentence = `At worst ${countWords(worst)} failed requests${part}: ${how(at)}.${left}`;
  return { ...figures, sentence };
}

function costOf(step: StagedStep, n: number, requestsPerSecond: number, parts: ForecastParts): StepCost[] {
  if (step.do === 'hold') {
    const analysis = parts.analysis.find(({ region }) => region === step.region);
    if (analysis === undefined) return [];
    const rate = rateOf(step.region, requestsPerSecond, parts);
    return [{ n, share: step.share, ...costs(step.share * rate, step.seconds, analysis, parts) }];
  }
  if (step.do !== 'watch') return [];
  const all = parts.analysis.map((analysis) => {
    const share = parts.shares.find(({ region }) => region === analysis.region)?.after ?? 1;
    const rate = rateOf(analysis.region, requestsPerSecond, parts);
    return { rate, share, ...costs(share * rate, step.seconds, analysis, parts) };
  });
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0);
  if (all.length === 0) return [];
  const rate = sum((one) => one.rate);
  const share = rate === 0 ? (all[0]?.share ?? 1) : sum((one) => one.share * one.rate) / rate;
  return [
    {
      n,
      share: Math.min(1, share),
      totalFailure: sum((one) => one.totalFailure),
      slowBurn: sum((one) => one.slowBurn),
    },
  ];
}

/** while a service is in maintenance every request of it fails. */
function refusedCost(requestsPerSecond: number, parts: ForecastParts): StepCost[] {
  const { refused = null } = parts;
  if (refused === null) return [];
  const rate = refused.regions.reduce((sum, region) => sum + rateOf(region, requestsPerSecond, parts), 0);
  return [{ n: refused.n, share: 1, totalFailure: rate * refused.seconds, slowBurn: 0 }];
}

const costs = (rate: number, seconds: number, analysis: Analysis, { drainSeconds }: ForecastParts) => ({
  totalFailure: rate * detectionSeconds(analysis, drainSeconds),
  slowBurn: rate * seconds * letThrough(analysis),
});

/** Requests per second of one region: its own figure, or an equal part of what the known ones leave. */
function rateOf(
  region: string,
  requestsPerSecond: number,
  { analysis, regionsPerSecond = {} }: ForecastParts,
): number {
  const own = regionsPerSecond[region];
  if (own !== undefined) return own;
  const others = analysis.filter((one) => regionsPerSecond[one.region] === undefined).length;
  const known = Object.values(regionsPerSecond).reduce((sum, rate) => sum + rate, 0);
  return Math.max(0, requestsPerSecond - known) / Math.max(1, others);
}

export const percentWords = (ratio: number): string => {
  const per = ratio * 100;
  return `${per < 1 ? per.toFixed(2) : per.toFixed(1)} %`;
};

const countWords = (count: number): string => Math.ceil(count).toLocaleString('en-GB');

function howWords(at: StepCost, { analysis, drainSeconds, refused = null }: ForecastParts): string {
  const share = percentWords(at.share).replace(/\.0+ %$/, ' %');
  const detection = Math.max(...analysis.map((one) => detectionSeconds(one, drainSeconds)));
  if (refused !== null && at.n === refused.n)
    return `when the migration takes all of its time, since maintenance mode refuses all requests meanwhile (${formatDuration(refused.seconds)} at most, longer when the change is held)`;
  return at.totalFailure >= at.slowBurn
    ? `when all requests of the new version fail at ${share} until that is seen and undone (about ${formatDuration(detection)})`
    : `when the new version fails just below the limits at ${share} for the whole step`;
}
