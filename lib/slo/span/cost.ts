import { formatDuration } from '@/lib/core/duration';
import type { Point } from '@/lib/service/contract';
import { joinGroups, methodSeconds, type Recorded, tallyBetween } from '../fleet/tallies';
import type { Span } from '../ledger/spans';
import { spentShare } from '../math/budget';
import { burnRate } from '../math/burn';
import { coverage, type Tally } from '../math/counts';
import type { Objective } from '../math/objective';
import { dataStateOf } from '../math/state';
import { type CountMethod, countMethods, type GroupLabels } from '../model';
import { methodNames, percent } from '../page/words';
import type { SloSpan, SpanGroup } from './contract';

export type SpanInput = {
  span: Span;
  /** Seconds of its largest buckets. */
  size: number;
  objective: Objective;
  /** What the page shows of the whole window: a budget grows with its traffic. */
  window: Tally & Span;
  groups: readonly { key: string; labels: GroupLabels; recorded: Recorded }[];
};

/** Everything that follows from counts. */
export type SpanCost = Pick<
  SloSpan,
  'state' | 'coverage' | 'method' | 'total' | 'bad' | 'share' | 'burn' | 'groups' | 'remarks' | 'steps'
>;

const mostSteps = 300;

/** What a span cost. Pure; the costs of spans that follow one another add up to that of all of them. */
export function spanCost(input: SpanInput): SpanCost {
  const { span, objective, window, groups } = input;
  const seconds = span.to - span.from;
  const tallyOf = (from: number, to: number): Tally =>
    joinGroups(
      groups.map(({ recorded }) => tallyBetween(recorded, from, to)),
      to - from,
    );
  const tally = tallyOf(span.from, span.to);
  const state = dataStateOf(tally);
  const counts = state === 'invalid' ? null : tally.counts;
  const isWindowKnown = window.counts !== null && window.invalid === 0;
  return {
    state,
    coverage: coverage(tally),
    method: tally.method,
    total: counts?.total ?? null,
    bad: counts?.bad ?? null,
    share:
      counts === null || !isWindowKnown ? null : spentShare(counts.bad, objective, window.counts?.total ?? 0),
    burn: burnRate(tally, objective),
    steps: stepsOf(input, tallyOf),
    groups: groups
      .map((group) => groupOf(group, span, counts?.bad ?? 0))
      .sort((a, b) => (b.bad ?? -1) - (a.bad ?? -1) || a.key.localeCompare(b.key)),
    remarks: [
      ...methodRemarks(
        groups.map(({ recorded }) => recorded),
        span,
        seconds,
      ),
      ...coverageRemarks(tally),
      ...windowRemarks(span, window),
    ],
  };
}

function groupOf({ key, labels, recorded }: SpanInput['groups'][number], span: Span, bad: number): SpanGroup {
  const tally = tallyBetween(recorded, span.from, span.to);
  const state = dataStateOf(tally);
  const counts = state === 'invalid' ? null : tally.counts;
  return {
    key,
    labels: { ...labels },
    state,
    total: counts?.total ?? null,
    bad: counts?.bad ?? null,
    part: counts === null || bad <= 0 ? null : counts.bad / bad,
  };
}

/** Burn by bucket; several buckets of a long span together, since nobody sees more. */
function stepsOf(
  { span: { from, to }, size: bucket, objective }: SpanInput,
  tallyOf: (from: number, to: number) => Tally,
): Point[] {
  const size = bucket * Math.max(1, Math.ceil((to - from) / bucket / mostSteps));
  const length = Math.ceil((to - from) / size);
  return Array.from({ length }, (_, index): Point => {
    const end = Math.min(to, from + (index + 1) * size);
    return [end, burnRate(tallyOf(from + index * size, end), objective)];
  });
}

/** How much of a span was counted in which way. */
export function methodShares(all: readonly Recorded[], { from, to }: Span): [CountMethod, number][] {
  const sums = new Map<CountMethod, number>();
  for (const one of all) {
    for (const [method, seconds] of methodSeconds(one, from, to)) {
      sums.set(method, (sums.get(method) ?? 0) + seconds / all.length / (to - from));
    }
  }
  return countMethods.flatMap((method): [CountMethod, number][] => {
    const share = sums.get(method);
    return share === undefined ? [] : [[method, Math.min(1, share)]];
  });
}

function methodRemarks(all: readonly Recorded[], span: Span, seconds: number): string[] {
  const shares = methodShares(all, span);
  const [first] = shares;
  if (seconds <= 0 || first === undefined) return [];
  if (shares.length === 1) {
    return first[0] === 'counted' ? [] : [`The counts are ${methodNames[first[0]]}.`];
  }
  const parts = shares.map(([method, share]) => `${percent(share, 1)} of the span is ${methodNames[method]}`);
  return [`Method mixed: ${parts.join('; ')}.`];
}

function coverageRemarks(tally: Tally): string[] {
  const known = coverage(tally);
  if (tally.invalid > 0) {
    return [`${tally.invalid} of its buckets hold impossible counts, so the true sum is not known.`];
  }
  if (known === 0) return ['Nothing was recorded in it: that is no data, not no failures.'];
  return known >= 0.9995
    ? []
    : [`${percent(1 - known, 1)} of the span is not known: it counts neither as good nor as bad.`];
}

function windowRemarks(span: Span, window: Span): string[] {
  const inside = Math.min(span.to, window.to) - Math.max(span.from, window.from);
  if (inside >= Math.min(span.to, window.to) - span.from) return [];
  return inside <= 0
    ? [
        'It lies before the window that counts now: the share is of the budget of now, which it no longer spends.',
      ]
    : [
        `Its first ${formatDuration(window.from - span.from)} lie before the window that counts now, and no longer spend its budget.`,
      ];
}
