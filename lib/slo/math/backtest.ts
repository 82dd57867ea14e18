import type { Bucket } from '../model';
import { type BurnRule, burnRules, judgeRule } from './burn';
import { between, type Cumulative, cumulate } from './cumulative';
import type { Objective } from './objective';

/** A span in which a rule would have fired. */
export type Firing = {
  /** End of the first bucket at which it fired, unix seconds. */
  from: number;
  /** End of the first bucket at which it no longer did; null when it still fires. */
  to: number | null;
  /** Highest burn of the long span meanwhile. */
  peak: number;
};

export type Backtest = {
  rule: BurnRule;
  /** First moment that could be judged: the long span needs data before it. Null when none could. */
  judgedFrom: number | null;
  /** Why the rule was not judged; null when it was. */
  notJudged: 'rule-problem' | 'too-coarse' | 'too-short' | null;
  fired: Firing[];
};

/**
 * When each rule would have fired over the buckets given, judged at the end of every bucket as the alert would be.
 * To judge from the first moment of a span, give the buckets of the longest rule (3 days) before it too. Buckets
 * coarser than the short span cannot tell; one that is absent is unknown, as it was for the alert.
 */
export function backtest(
  buckets: readonly Bucket[],
  size: number,
  objective: Objective,
  windowSeconds: number,
  minFailures: number,
  rules: readonly BurnRule[] = burnRules(objective, windowSeconds),
): Backtest[] {
  const first = buckets.reduce((least, { end }) => Math.min(least, end), Number.POSITIVE_INFINITY);
  const last = buckets.reduce((most, { end }) => Math.max(most, end), Number.NEGATIVE_INFINITY);
  if (buckets.length === 0) {
    return rules.map((rule) => ({ rule, judgedFrom: null, notJudged: 'too-short', fired: [] }));
  }
  const sums = cumulate(buckets, size, { from: first - size, to: last });
  return rules.map((rule) => {
    const judgedFrom = sums.from + rule.longSeconds;
    const notJudged = reasonAgainst(rule, size, judgedFrom, last);
    if (notJudged !== null) return { rule, judgedFrom: null, notJudged, fired: [] };
    return { rule, judgedFrom, notJudged, fired: firings(rule, sums, judgedFrom, objective, minFailures) };
  });
}

function reasonAgainst(rule: BurnRule, size: number, judgedFrom: number, last: number) {
  if (rule.problem !== null) return 'rule-problem';
  const spans = [rule.longSeconds, rule.shortSeconds ?? rule.longSeconds];
  if (spans.some((seconds) => seconds % size !== 0)) return 'too-coarse';
  return judgedFrom > last ? 'too-short' : null;
}

function firings(
  rule: BurnRule,
  sums: Cumulative,
  judgedFrom: number,
  objective: Objective,
  minFailures: number,
): Firing[] {
  const fired: Firing[] = [];
  let current: Firing | null = null;
  for (let at = judgedFrom; at <= sums.to; at += sums.size) {
    const judged = judgeRule(rule, (seconds) => between(sums, at - seconds, at), objective, minFailures);
    const burn = judged.long ?? 0;
    if (judged.firing && current === null) {
      current = { from: at, to: null, peak: burn };
      fired.push(current);
    } else if (judged.firing && current !== null) {
      current.peak = Math.max(current.peak, burn);
    } else if (current !== null) {
      current.to = at;
      current = null;
    }
  }
  return fired;
}
