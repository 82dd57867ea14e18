import type { CountMethod, Counts, DataState } from '../model';
import { coverage, type Tally } from './counts';
import { allowedFailures, isMet, type Objective } from './objective';
import { dataStateOf } from './state';

/** What a window says. Figures are null where they do not exist: no data, no traffic (0/0 is not 100 %), invalid. */
export type Figures = {
  state: DataState;
  /** Share of the buckets known, 0 to 1. */
  coverage: number;
  method: CountMethod | null;
  counts: Counts | null;
  /** good / total, 0 to 1, weighted by events. */
  sli: number | null;
  /** Share of the budget left; negative when overspent, never clamped. */
  budgetLeft: number | null;
  /** (1 - T) x total. */
  allowedFailures: number | null;
  /** May be negative. */
  failuresLeft: number | null;
  /** Share of the budget that one more failure costs: what makes low traffic visible (slo.md 1.3). */
  failureCosts: number | null;
  isMet: boolean | null;
  /** Full outage that the window allows at constant traffic, in seconds. */
  budgetSeconds: number;
  /** The rest of it; may be negative. */
  secondsLeft: number | null;
};

/** (1 - T) x W in seconds: 0.05 % of 30 days is 1296 s, 21.6 min (SLO-08). */
export const budgetSeconds = (objective: Objective, windowSeconds: number): number =>
  allowedFailures(objective, windowSeconds);

/**
 * Share of the budget left: 1 - bad / ((1 - T) x N). Null without events. Computed as one fraction of whole
 * numbers, so it is 0 exactly where the budget is spent to the last failure. Counts must be valid.
 */
export function budgetLeft({ bad, total }: Counts, { failures, per }: Objective): number | null {
  if (total <= 0) return null;
  return (total * failures - bad * per) / (total * failures);
}

/** Share of the budget of a window of `windowTotal` events that `bad` of them spent; null without events. */
export const spentShare = (bad: number, objective: Objective, windowTotal: number): number | null =>
  windowTotal <= 0 ? null : (bad * objective.per) / (windowTotal * objective.failures);

/**
 * Share of the budget that an outage of `seconds` costs, in time slices or at constant traffic: 15 min of 99.95 %
 * over 30 days are 0.694 (SLO-09). `errorRatio` is the share of events that fail meanwhile.
 */
export const outageShare = (
  objective: Objective,
  windowSeconds: number,
  seconds: number,
  errorRatio = 1,
): number => (seconds * errorRatio) / budgetSeconds(objective, windowSeconds);

/** All figures of a window from what is known of it. */
export function figuresOf(tally: Tally, objective: Objective, windowSeconds: number): Figures {
  const state = dataStateOf(tally);
  const seconds = budgetSeconds(objective, windowSeconds);
  const counts = state === 'invalid' ? null : tally.counts;
  const head = { state, coverage: coverage(tally), method: tally.method, counts, budgetSeconds: seconds };
  const left = counts === null ? null : budgetLeft(counts, objective);
  if (counts === null || left === null) {
    return {
      ...head,
      sli: null,
      budgetLeft: null,
      allowedFailures: null,
      failuresLeft: null,
      failureCosts: null,
      isMet: null,
      secondsLeft: null,
    };
  }
  const allowed = allowedFailures(objective, counts.total);
  return {
    ...head,
    sli: (counts.total - counts.bad) / counts.total,
    budgetLeft: left,
    allowedFailures: allowed,
    failuresLeft: allowed - counts.bad,
    failureCosts: 1 / allowed,
    isMet: isMet(objective, counts),
    secondsLeft: left * seconds,
  };
}
