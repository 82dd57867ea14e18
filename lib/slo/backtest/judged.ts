import { formatDuration } from '@/lib/core/duration';
import type { Point } from '@/lib/service/contract';
import { type Span, totalLength, unite } from '../ledger/spans';
import { type Backtest, backtest } from '../math/backtest';
import { type BurnRule, burnRate, burnRules, guideRules } from '../math/burn';
import { coverage } from '../math/counts';
import { between, type Cumulative, cumulate } from '../math/cumulative';
import type { Objective } from '../math/objective';
import type { Bucket, Counts } from '../model';
import { methodNames, percent } from '../page/words';
import type { BacktestRule, SloBacktest } from './contract';

/** Buckets of this size are judged: the shortest span of the rules. */
export const judgedSeconds = 300;
const mostPoints = 360;

const plus = (a: Counts, b: Counts): Counts => ({
  good: a.good + b.good,
  bad: a.bad + b.bad,
  total: a.total + b.total,
});

/** Groups on one grid as one row of buckets: what is known of them adds up. */
export function joinBuckets(all: readonly (readonly Bucket[])[]): Bucket[] {
  const [first = [], ...others] = all;
  return first.map((bucket, index) => {
    const at = [bucket, ...others.flatMap((row) => row[index] ?? [])];
    const counts = at.flatMap((one) => one.counts ?? []);
    const methods = new Set(at.flatMap((one) => one.method ?? []));
    const [method = null] = methods;
    return {
      end: bucket.end,
      counts: counts.length === 0 ? null : counts.reduce(plus),
      method: methods.size > 1 ? 'mixed' : method,
    };
  });
}

export type JudgedInput = {
  /** All groups together, from before the window on so that the longest rule can be judged from its start. */
  buckets: readonly Bucket[];
  window: Span;
  objective: Objective;
  windowSeconds: number;
  minFailures: number;
  isExcluded: boolean;
  /** The window begins before buckets of this size are kept. */
  isCut: boolean;
};

type Judged = Pick<
  SloBacktest,
  'from' | 'to' | 'bucketSeconds' | 'sentence' | 'pages' | 'tickets' | 'rules' | 'limits'
>;

export const rulesOf = ({ objective, windowSeconds }: JudgedInput): BurnRule[] => [
  ...burnRules(objective, windowSeconds),
  ...guideRules(objective, windowSeconds),
];

/** What each rule would have done in the window. Pure. */
export function judgedBacktest(input: JudgedInput): Judged {
  const { buckets, window, objective, windowSeconds, minFailures } = input;
  const found = backtest(buckets, judgedSeconds, objective, windowSeconds, minFailures, rulesOf(input));
  const rules = found.map((one) => ruleOf(one, window));
  const times = (severity: 'page' | 'ticket') =>
    unite(
      rules
        .filter((rule) => rule.severity === severity && !rule.id.startsWith('guide-'))
        .flatMap(({ fired }) => fired.map(({ from, to }) => ({ from, to: to ?? window.to + judgedSeconds }))),
    );
  const [pages, tickets] = [times('page'), times('ticket')];
  return {
    from: window.from,
    to: window.to,
    bucketSeconds: judgedSeconds,
    sentence: sentenceOf(rules, window, pages, tickets),
    pages: pages.length,
    tickets: tickets.length,
    rules,
    limits: limitsOf(input),
  };
}

function ruleOf({ rule, judgedFrom, notJudged, fired }: Backtest, { from, to }: Span): BacktestRule {
  const inside = fired.filter((one) => (one.to ?? to) > from || one.from >= from);
  return {
    id: rule.id,
    severity: rule.severity,
    notJudged,
    judgedFrom: judgedFrom === null ? null : Math.max(judgedFrom, from),
    fired: inside,
    firedSeconds: inside.reduce(
      (sum, one) => sum + Math.max(0, (one.to ?? to) - Math.max(one.from, from)),
      0,
    ),
  };
}

const count = (number: number, one: string, many: string): string =>
  number === 0 ? `no ${many}` : `${number} ${number === 1 ? one : many}`;

function sentenceOf(
  rules: readonly BacktestRule[],
  window: Span,
  pages: readonly Span[],
  tickets: readonly Span[],
): string {
  const judged = rules.filter(({ id, notJudged }) => notJudged === null && !id.startsWith('guide-'));
  const span = formatDuration(window.to - window.from);
  if (judged.length === 0) return `Over ${span} none of these settings can be judged from what is recorded.`;
  const paged =
    pages.length === 0
      ? 'would not have paged'
      : `would have paged ${pages.length === 1 ? 'once' : `${pages.length} times`}, for ${formatDuration(totalLength(pages))} altogether`;
  return `These settings ${paged} in ${span}, and opened ${count(tickets.length, 'ticket', 'tickets')}.`;
}

function limitsOf({ buckets, window, isExcluded, isCut }: JudgedInput): string[] {
  const sums = cumulate(buckets, judgedSeconds, window);
  const all = between(sums, sums.from, sums.to);
  const known = coverage(all);
  const step = formatDuration(judgedSeconds);
  const estimated = part(sums, 'estimated') + part(sums, 'mixed');
  return [
    `Judged at the end of every ${step}, from counts of ${step}: an alert that is evaluated each minute comes up to ${step} sooner, and a burst that one short window of it would have caught alone can be missed.`,
    'All groups are judged together, as the table is.',
    ...(isCut
      ? [
          `Counts of ${step} are kept for 40 days; what of the window lies before ${isoMinute(window.from)} is not judged.`,
        ]
      : []),
    ...(known < 0.9995 ? [`${percent(1 - known, 1)} of the time is not known: nothing fires in it.`] : []),
    ...(estimated > 0
      ? [`${percent(estimated / Math.max(1, all.known), 1)} of what is known is ${methodNames.estimated}.`]
      : []),
    ...(isExcluded
      ? ['Excluded spans count as calm; an alert on the series themselves would not know of them.']
      : []),
  ];
}

const part = ({ methods }: Cumulative, method: 'estimated' | 'mixed'): number => methods[method].at(-1) ?? 0;
const isoMinute = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The burn that a rule looks at over the window; of each step the highest, so that no peak is lost. */
export function burnOverTime(input: JudgedInput, rule: BurnRule): NonNullable<SloBacktest['series']> {
  const { buckets, window, objective } = input;
  const first = buckets[0]?.end ?? window.to;
  const sums = cumulate(buckets, judgedSeconds, { from: first - judgedSeconds, to: window.to });
  const perPoint = Math.max(1, Math.ceil((window.to - window.from) / judgedSeconds / mostPoints));
  const step = perPoint * judgedSeconds;
  const lineOf = (seconds: number): Point[] => {
    const points: Point[] = [];
    for (let end = (Math.floor(window.from / step) + 1) * step; end <= window.to; end += step) {
      let most: number | null = null;
      for (let at = end - step + judgedSeconds; at <= end; at += judgedSeconds) {
        const burn = burnRate(between(sums, at - seconds, at), objective);
        if (burn !== null && (most === null || burn > most)) most = burn;
      }
      points.push([end, most]);
    }
    return points;
  };
  return {
    rule: rule.id,
    stepSeconds: step,
    long: lineOf(rule.longSeconds),
    short: rule.shortSeconds === null ? null : lineOf(rule.shortSeconds),
  };
}
