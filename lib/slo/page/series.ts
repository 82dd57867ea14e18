import type { Point } from '@/lib/service/contract';
import type { Kept } from '../fleet/kept';
import { type Recorded, tallyBetween } from '../fleet/tallies';
import { budgetLeft } from '../math/budget';
import { burnRate } from '../math/burn';
import { coverage, type Tally } from '../math/counts';
import { forecastSeries, type Rate } from '../math/forecast';
import type { Objective } from '../math/objective';
import { partialBelow } from '../math/state';
import type { Bounds } from '../math/window';

const ladder = [300, 900, 1800, 3600, 7200, 10_800, 21_600, 86_400] as const;
const mostPoints = 750;

/** The step that gives a span at most 750 points. */
export const stepOf = (seconds: number): number =>
  ladder.find((step) => seconds / step <= mostPoints) ?? 86_400;

/** The whole steps of a span, and its end: the last point is the figure of now. */
export function endsOf({ from, to }: Bounds, step: number): number[] {
  const ends: number[] = [];
  for (let end = (Math.floor(from / step) + 1) * step; end < to; end += step) ends.push(end);
  return [...ends, to];
}

/** What is known of spans of all groups together. */
export type TallyOf = (from: number, to: number) => Tally;

/** The groups of an objective as one: their counts add up. */
export const tallyOfAll =
  (all: readonly Recorded[], join: (tallies: Tally[], expected: number) => Tally): TallyOf =>
  (from, to) =>
    join(
      all.map((recorded) => tallyBetween(recorded, from, to)),
      to - from,
    );

/**
 * Budget left from the start of the window on, weighed against all of its events: it starts full, only falls, and
 * ends at the tile's figure. Gaps where a step is not known.
 */
export function fixedLine(steps: readonly Step[], whole: Tally, objective: Objective): Point[] {
  const total = whole.invalid > 0 ? 0 : (whole.counts?.total ?? 0);
  let bad = 0;
  return steps.map(({ end, tally }) => {
    bad += tally.counts?.bad ?? 0;
    return [end, tally.known > 0 ? budgetLeft({ good: total - bad, bad, total }, objective) : null];
  });
}

/** What is known of each step of a span, in order: several lines are drawn of the same steps. */
export type Step = { end: number; tally: Tally };
export function stepsOf(tally: TallyOf, bounds: Bounds, step: number): Step[] {
  let last = bounds.from;
  return endsOf(bounds, step).map((end) => {
    const known = tally(last, end);
    last = end;
    return { end, tally: known };
  });
}

/** Budget left of the window that ends at each point; a gap where less than half of that window is known. */
export const rollingLine = (
  tally: TallyOf,
  bounds: Bounds,
  { step, windowSeconds }: { step: number; windowSeconds: number },
  objective: Objective,
): Point[] =>
  endsOf(bounds, step).map((end) => {
    const window = tally(end - windowSeconds, end);
    const isKnown = window.invalid === 0 && coverage(window) >= partialBelow && window.counts !== null;
    return [end, isKnown && window.counts !== null ? budgetLeft(window.counts, objective) : null];
  });

/** One value per step, from what is known of the step. */
export const stepLine = (steps: readonly Step[], of: (tally: Tally) => number | null): Point[] =>
  steps.map(({ end, tally }) => [end, of(tally)]);

/** Burn rate of a step. */
export const burnOf =
  (objective: Objective) =>
  (tally: Tally): number | null =>
    burnRate(tally, objective);

/** Events per second of a step. */
export const rateOfStep = ({ counts, known }: Tally): number | null =>
  counts === null || known <= 0 ? null : counts.total / known;

export type Fan = { soonest: Point[]; likely: Point[]; latest: Point[] };
const fanPoints = 48;

/** Paces from the fastest to the slowest spender; the one of 6 h is the likely one. */
function chosen<T>(paces: readonly { spanSeconds: number; bad: number; rate: T }[]) {
  const sorted = paces.toSorted((a, b) => b.bad - a.bad);
  const likely = paces.find(({ spanSeconds }) => spanSeconds === 6 * 3600) ?? sorted[0];
  return { soonest: sorted[0], likely, latest: sorted.at(-1) };
}

export type PacedRate = { spanSeconds: number; rate: Rate };

/** Budget left from now on when old failures roll off and a pace goes on. Null without any pace. */
export function rollingFan(
  { sums, bounds, shift }: Kept,
  objective: Objective,
  rates: readonly PacedRate[],
  seconds: number,
): Fan | null {
  const line = (rate: Rate): Point[] =>
    forecastSeries(sums, bounds, objective, rate, seconds, fanPoints).map(([at, left]) => [at + shift, left]);
  const { soonest, likely, latest } = chosen(ratios(rates));
  if (soonest === undefined || likely === undefined || latest === undefined) return null;
  return { soonest: line(soonest.rate), likely: line(likely.rate), latest: line(latest.rate) };
}

const ratios = (rates: readonly PacedRate[]) =>
  rates.map((one) => ({ ...one, bad: one.rate.total > 0 ? one.rate.bad / one.rate.total : 0 }));

/** The same for a calendar period, in which nothing rolls off: it ends at what the period comes to. */
export function calendarFan(
  window: Tally,
  { to, end }: { to: number; end: number },
  objective: Objective,
  rates: readonly PacedRate[],
): Fan | null {
  const so = window.counts;
  const { soonest, likely, latest } = chosen(ratios(rates));
  if (so === null || window.invalid > 0) return null;
  if (soonest === undefined || likely === undefined || latest === undefined) return null;
  const line = ({ rate }: { rate: Rate }): Point[] =>
    Array.from({ length: fanPoints + 1 }, (_, index): Point => {
      const t = ((end - to) * index) / fanPoints;
      const [total, bad] = [so.total + rate.total * t, so.bad + rate.bad * t];
      return [to + t, budgetLeft({ good: total - bad, bad, total }, objective)];
    });
  return { soonest: line(soonest), likely: line(likely), latest: line(latest) };
}
