import type { Tally } from './counts';
import type { Objective } from './objective';
import { dataStateOf } from './state';

const hour = 3600;

/**
 * SRE Workbook, table 5-8, and the day row that Sloth and Grafana add: per cent of the budget spent over the long
 * span. The short span, a twelfth of it, ends the alert soon after the burn ends.
 */
const rows = [
  { id: 'page-1h', severity: 'page', percent: 2, long: hour, short: hour / 12 },
  { id: 'page-6h', severity: 'page', percent: 5, long: 6 * hour, short: hour / 2 },
  { id: 'ticket-1d', severity: 'ticket', percent: 10, long: 24 * hour, short: 2 * hour },
  { id: 'ticket-3d', severity: 'ticket', percent: 10, long: 72 * hour, short: 6 * hour },
] as const;

/** Requirement SLO-03: a ticket when 4 h fall below 99.9 %, a page when 1 h falls below 99 %; failures per events. */
const guideRows = [
  { id: 'guide-1h', severity: 'page', long: hour, failures: 1, per: 100 },
  { id: 'guide-4h', severity: 'ticket', long: 4 * hour, failures: 1, per: 1000 },
] as const;

/** The spans that all rules need, in seconds, shortest first. */
export const burnSpans: readonly number[] = [
  ...new Set([...rows.flatMap(({ long, short }) => [long, short]), ...guideRows.map(({ long }) => long)]),
].sort((a, b) => a - b);

/** One burn alert: it fires when the burn rate of the long span, and of the short one if any, is above `factor`. */
export type BurnRule = {
  id: string;
  severity: 'page' | 'ticket';
  longSeconds: number;
  /** Null for the rules of SLO-03, which look at one span. */
  shortSeconds: number | null;
  /** Share of the budget that is gone when the rule fires on a steady burn. */
  spent: number;
  /** Burn rate; not rounded, since a rounded one spends another share. */
  factor: number;
  /** Why the rule can never do its work; null when it can. */
  problem: 'above-max-burn' | 'longer-than-window' | null;
};

/** The burn when every event fails: 1 / (1 - T). */
export const maxBurn = ({ failures, per }: Objective): number => per / failures;

function problemOf(factor: number, long: number, objective: Objective, windowSeconds: number) {
  if (long > windowSeconds) return 'longer-than-window';
  return factor >= maxBurn(objective) ? 'above-max-burn' : null;
}

/** The four pairs, scaled so that each spends the same share on any window: factor = share x W / long. */
export const burnRules = (objective: Objective, windowSeconds: number): BurnRule[] =>
  rows.map(({ id, severity, percent, long, short }) => {
    const factor = (percent * windowSeconds) / (100 * long);
    return {
      id,
      severity,
      longSeconds: long,
      shortSeconds: short,
      spent: percent / 100,
      factor,
      problem: problemOf(factor, long, objective, windowSeconds),
    };
  });

/** The guides' own alerts as burn rules: for 99.95 % the thresholds 99 % and 99.9 % are burns of 20 and 2. */
export const guideRules = (objective: Objective, windowSeconds: number): BurnRule[] =>
  guideRows.map(({ id, severity, long, failures, per }) => {
    const factor = (failures * objective.per) / (per * objective.failures);
    return {
      id,
      severity,
      longSeconds: long,
      shortSeconds: null,
      spent: (factor * long) / windowSeconds,
      factor,
      problem: problemOf(factor, long, objective, windowSeconds),
    };
  });

/** A sentence that names a rule which can never do its work; null for one that can (kcp-glbc#287, pyrra#1028). */
export function ruleProblem(rule: BurnRule, objective: Objective): string | null {
  switch (rule.problem) {
    case 'above-max-burn':
      return `The rule ${rule.id} can never fire: it waits for a burn above ${Number(rule.factor.toFixed(3))}, and with every request failing an objective of ${objective.text} % burns at ${Number(maxBurn(objective).toFixed(3))}.`;
    case 'longer-than-window':
      return `The rule ${rule.id} looks back ${rule.longSeconds / hour} h, further than the objective's window.`;
    case null:
      return null;
    default:
      return rule.problem satisfies never;
  }
}

/** How fast the budget is spent: 1 uses it up exactly over the window. Null without data, without traffic, invalid. */
export function burnRate(tally: Tally, { failures, per }: Objective): number | null {
  const { counts } = tally;
  if (counts === null || counts.total <= 0 || dataStateOf(tally) === 'invalid') return null;
  return (counts.bad * per) / (counts.total * failures);
}

/** Share of the budget that a steady burn of `seconds` spends. */
export const budgetSpentBy = (burn: number, seconds: number, windowSeconds: number): number =>
  (burn * seconds) / windowSeconds;

/** Events below which the long span trips `factor` on a single failure: 1 / (factor x (1 - T)) (slo.md 1.3). */
export const minimumEvents = (factor: number, { failures, per }: Objective): number =>
  per / (factor * failures);

/** Seconds until the long span of a rule is above its factor when `errorRatio` of a steady traffic fails. */
export const secondsToFire = (rule: BurnRule, { failures, per }: Objective, errorRatio = 1): number =>
  (rule.factor * failures * rule.longSeconds) / (per * errorRatio);

/**
 * How long series may be absent before it is an alert: as long as the first page would take if every event failed
 * meanwhile (pyrra#757), in whole minutes, at least one.
 */
export function absentWaitSeconds(objective: Objective, windowSeconds: number): number {
  const waits = burnRules(objective, windowSeconds)
    .filter(({ severity, problem }) => severity === 'page' && problem === null)
    .map((rule) => secondsToFire(rule, objective));
  return Math.max(60, Math.round(Math.min(hour, ...waits) / 60) * 60);
}

/** Both spans above the factor; only the long; only the short; neither (kibana#195139). */
export const burnWords = ['critical', 'recovering', 'increasing', 'acceptable'] as const;
export type BurnWord = (typeof burnWords)[number];

export type JudgedRule = {
  rule: BurnRule;
  /** Burn rates; null where there is none to tell. */
  long: number | null;
  short: number | null;
  /** Failures in the long span. */
  failures: number | null;
  /** Null when a span has no data or impossible counts: nothing may be said then. */
  word: BurnWord | null;
  firing: boolean;
  /** Above its factor in both spans, and silent because the long one holds fewer failures than asked for. */
  isHeldBack: boolean;
};

/**
 * Judges one rule. `tallyOfSpan` gives what is known of the last so many seconds. A span without traffic spends
 * nothing, so it is not above any factor. Less than half of a span known still counts: a page that comes with
 * little data is better than none. `minFailures` keeps single failures of a quiet service from paging.
 */
export function judgeRule(
  rule: BurnRule,
  tallyOfSpan: (seconds: number) => Tally,
  objective: Objective,
  minFailures: number,
): JudgedRule {
  const longTally = tallyOfSpan(rule.longSeconds);
  const shortTally = rule.shortSeconds === null ? longTally : tallyOfSpan(rule.shortSeconds);
  const long = burnRate(longTally, objective);
  const short = rule.shortSeconds === null ? null : burnRate(shortTally, objective);
  const isUnknown = [longTally, shortTally].some((tally) => isSilent(tally));
  const failures = isUnknown ? null : (longTally.counts?.bad ?? null);
  const exceeds = (burn: number | null) => burn !== null && burn > rule.factor;
  const longExceeds = exceeds(long);
  const shortExceeds = rule.shortSeconds === null ? longExceeds : exceeds(short);
  const isEnough = failures !== null && failures >= minFailures;
  const word = isUnknown ? null : wordOf(longExceeds && isEnough, shortExceeds);
  return {
    rule,
    long,
    short,
    failures,
    word,
    firing: word === 'critical',
    isHeldBack: !isUnknown && longExceeds && shortExceeds && !isEnough,
  };
}

const isSilent = (tally: Tally): boolean => ['no-data', 'invalid'].includes(dataStateOf(tally));

function wordOf(long: boolean, short: boolean): BurnWord {
  if (long) return short ? 'critical' : 'recovering';
  return short ? 'increasing' : 'acceptable';
}
