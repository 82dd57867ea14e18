import type { Tally } from './counts';
import { between, type Cumulative } from './cumulative';
import { allowedFailures, type Objective } from './objective';
import { dataStateOf } from './state';
import type { Bounds } from './window';

/** A pace, in events per second. */
export type Rate = { bad: number; total: number };

/** The pace of a span from its known buckets of `size` seconds; null without data or with impossible counts. */
export function rateOf(tally: Tally, size: number): Rate | null {
  const { counts, known } = tally;
  if (counts === null || known === 0 || dataStateOf(tally) === 'invalid') return null;
  return { bad: counts.bad / (known * size), total: counts.total / (known * size) };
}

/** When the budget runs out if a pace goes on. */
export const exhaustionKinds = ['spent', 'in', 'never', 'unknown'] as const;
export type Exhaustion =
  /** Spent already; `recoversInSeconds` is null when it does not come back. */
  | { kind: 'spent'; recoversInSeconds: number | null }
  | { kind: 'in'; seconds: number }
  | { kind: 'never' }
  | { kind: 'unknown' };

/** Running sum at any instant: events of one bucket are taken as spread evenly over it. */
function sumAt(values: Float64Array, { size, from }: Cumulative, at: number): number {
  const position = Math.min(values.length - 1, Math.max(0, (at - from) / size));
  const index = Math.floor(position);
  const low = values[index] ?? 0;
  return low + (position - index) * ((values[index + 1] ?? low) - low);
}

/** Events of the window as it stands `t` seconds from `to`: what is kept of (from + t, to] and what the pace adds. */
function eventsAt(kept: Cumulative, { from, to }: Bounds, rate: Rate, t: number): Rate {
  // After a whole window the oldest of the added events roll off as fast as new ones come.
  const added = Math.min(t, to - from);
  const start = Math.min(to, from + t);
  const left = (values: Float64Array) => sumAt(values, kept, to) - sumAt(values, kept, start);
  return { bad: left(kept.bad) + rate.bad * added, total: left(kept.total) + rate.total * added };
}

/** Failures that may still come, times `per`; its zeros are those of the budget, and it is linear between buckets. */
const margin = ({ bad, total }: Rate, { failures, per }: Objective): number => total * failures - bad * per;

/**
 * Budget left `t` seconds from now when old errors roll off and the pace goes on:
 * rem(t) = 1 - (bad kept in (now - W + t, now] + r t) / ((1 - T) (N kept + n t)).
 * `bounds` is the rolling window as it stands, inside the summed span. May be negative; null without events, or
 * when impossible counts lie in the window.
 */
export function remaining(
  kept: Cumulative,
  bounds: Bounds,
  objective: Objective,
  rate: Rate,
  t: number,
): number | null {
  if (between(kept, bounds.from, bounds.to).invalid > 0) return null;
  const events = eventsAt(kept, bounds, rate, t);
  return events.total <= 0 ? null : margin(events, objective) / (events.total * objective.failures);
}

/**
 * When a rolling budget runs out at a pace, or comes back if it is spent. Exact for events spread evenly inside
 * their buckets: the margin is linear from one bucket's edge to the next. After one window nothing old is left,
 * so what has not happened by then never does.
 */
export function rollingExhaustion(
  kept: Cumulative,
  bounds: Bounds,
  objective: Objective,
  rate: Rate | null,
): Exhaustion {
  const tally = between(kept, bounds.from, bounds.to);
  if (rate === null || tally.invalid > 0 || tally.counts === null) return { kind: 'unknown' };
  const at = (t: number) => {
    const events = eventsAt(kept, bounds, rate, t);
    return { t, total: events.total, margin: margin(events, objective) };
  };
  let last = at(0);
  if (last.total <= 0) return { kind: 'unknown' };
  const isSpent = last.margin <= 0;
  for (const t of edges(kept, bounds)) {
    const next = at(t);
    // A window that has run empty has neither spent nor regained a budget.
    const crosses = next.total > 0 && (isSpent ? next.margin > 0 : next.margin <= 0);
    if (crosses) {
      const seconds = last.t + ((next.t - last.t) * last.margin) / (last.margin - next.margin);
      return isSpent ? { kind: 'spent', recoversInSeconds: seconds } : { kind: 'in', seconds };
    }
    last = next;
  }
  return isSpent ? { kind: 'spent', recoversInSeconds: null } : { kind: 'never' };
}

/** Seconds from now at which a bucket's edge leaves the window, and the moment all of it has left. */
function* edges({ size }: Cumulative, { from, to }: Bounds): Generator<number> {
  for (let edge = (Math.floor(from / size) + 1) * size; edge < to; edge += size) yield edge - from;
  yield to - from;
}

const orderOf = (one: Exhaustion): number => {
  if (one.kind === 'spent') return -1;
  return one.kind === 'in' ? one.seconds : Number.POSITIVE_INFINITY;
};

/** The soonest and the latest of several forecasts, such as those of the 1 h, 6 h and 3 d paces; unknown ones are left out. */
export function exhaustionRange(all: readonly Exhaustion[]): { soonest: Exhaustion; latest: Exhaustion } {
  const known = all.filter(({ kind }) => kind !== 'unknown').sort((a, b) => orderOf(a) - orderOf(b));
  const nothing: Exhaustion = { kind: 'unknown' };
  return { soonest: known[0] ?? nothing, latest: known.at(-1) ?? nothing };
}

/** The spans whose pace is carried on, in seconds: 1 h, 6 h and 3 d. */
export const forecastSpans = [3600, 21_600, 259_200] as const;

export type Forecast = {
  paces: { spanSeconds: number; rate: Rate | null; exhaustion: Exhaustion }[];
  soonest: Exhaustion;
  latest: Exhaustion;
};

/** When a rolling budget runs out at the pace of the last 1 h, 6 h and 3 d, and the range that they span. */
export function rollingForecast(kept: Cumulative, bounds: Bounds, objective: Objective): Forecast {
  const paces = forecastSpans.map((spanSeconds) => {
    const rate = rateOf(between(kept, bounds.to - spanSeconds, bounds.to), kept.size);
    return { spanSeconds, rate, exhaustion: rollingExhaustion(kept, bounds, objective, rate) };
  });
  return { paces, ...exhaustionRange(paces.map(({ exhaustion }) => exhaustion)) };
}

/** Budget left from now on at a pace: `points` + 1 pairs of unix seconds and share, evenly over `seconds`. */
export const forecastSeries = (
  kept: Cumulative,
  bounds: Bounds,
  objective: Objective,
  rate: Rate,
  seconds: number,
  points: number,
): [number, number | null][] =>
  Array.from({ length: points + 1 }, (_, index) => {
    const t = (seconds * index) / points;
    return [bounds.to + t, remaining(kept, bounds, objective, rate, t)];
  });

/** What a calendar period comes to when a pace goes on to its end. */
export type Projection = {
  total: number;
  bad: number;
  /** (1 - T) x the projected total: the budget of the whole period, which grows with traffic. */
  allowedFailures: number;
  /** At the end of the period; may be negative. */
  budgetLeft: number;
  /** Against the projected budget of the whole period, not the one of the events so far. */
  exhaustion: Exhaustion;
};

/**
 * Projects a calendar period from what it has so far and a pace. In a calendar window nothing rolls off, so a spent
 * budget stays spent. Null without data, with impossible counts, or when no event is known or expected.
 */
export function projectPeriod(
  tally: Tally,
  { to, end }: Bounds & { end: number },
  objective: Objective,
  rate: Rate | null,
): Projection | null {
  const { counts } = tally;
  if (rate === null || counts === null || dataStateOf(tally) === 'invalid') return null;
  const left = Math.max(0, end - to);
  const total = counts.total + rate.total * left;
  if (total <= 0) return null;
  const bad = counts.bad + rate.bad * left;
  const allowed = allowedFailures(objective, total);
  const budgetLeft = margin({ bad, total }, objective) / (total * objective.failures);
  return {
    total,
    bad,
    allowedFailures: allowed,
    budgetLeft,
    exhaustion: periodExhaustion(counts.bad, allowed, rate.bad, left),
  };
}

function periodExhaustion(bad: number, allowed: number, pace: number, left: number): Exhaustion {
  if (bad >= allowed) return { kind: 'spent', recoversInSeconds: null };
  const seconds = pace > 0 ? (allowed - bad) / pace : Number.POSITIVE_INFINITY;
  return seconds <= left ? { kind: 'in', seconds } : { kind: 'never' };
}

/**
 * The rule of thumb: remaining x W / burn, for when no buckets are at hand. It lets nothing roll off, so it is
 * early in a rolling window. Null at a burn of 1 or less; 0 when spent.
 */
export function exhaustionAtPace(
  budgetLeft: number | null,
  burn: number | null,
  windowSeconds: number,
): number | null {
  if (budgetLeft === null || burn === null || burn <= 1) return null;
  return budgetLeft <= 0 ? 0 : (budgetLeft * windowSeconds) / burn;
}
