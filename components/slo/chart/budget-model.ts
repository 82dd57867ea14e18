import type { Exhaustion } from '@/lib/slo/contract';
import { type Point, type Span, shareScale } from './frame';

/** The value of a line between its points; null outside, and where one of its neighbours is unknown. */
export function valueAt(points: readonly Point[], at: number): number | null {
  for (let index = 0; index < points.length; index += 1) {
    const [time, value] = points[index] ?? [0, null];
    if (time === at) return value;
    if (time > at) {
      const before = points[index - 1];
      if (before === undefined || before[1] === null || value === null) return null;
      return before[1] + ((at - before[0]) / (time - before[0])) * (value - before[1]);
    }
  }
  return null;
}

/** Where a falling line meets zero; null when it does not. */
export function zeroOf(points: readonly Point[]): number | null {
  for (let index = 1; index < points.length; index += 1) {
    const [a, from] = points[index - 1] ?? [0, null];
    const [b, to] = points[index] ?? [0, null];
    if (from !== null && to !== null && from > 0 && to <= 0) return a + (from / (from - to)) * (b - a);
  }
  return null;
}

/** The newest known value, and whether it is of the last point. */
export function newest(points: readonly Point[]): number | null {
  return points.reduce<number | null>((last, [, value]) => value ?? last, null);
}

type Mode = {
  from: number;
  to: number;
  end: number;
  budget: readonly Point[];
  ideal: readonly Point[] | null;
  forecast: { soonest: readonly Point[]; likely: readonly Point[]; latest: readonly Point[] } | null;
};

/** What the crosshair can stand at: every step of the past, then every step of the forecast. */
export const stopsOf = ({ budget, forecast, to }: Mode): number[] => [
  ...budget.map(([at]) => at),
  ...(forecast?.soonest ?? []).map(([at]) => at).filter((at) => at > to),
];

export const budgetSpan = ({ from, to, end }: Mode): Span => ({ from, to: Math.max(to, end) });
export const budgetScale = ({ budget }: Mode) => shareScale(budget);

/** Points above (or, negative, below) the line of an even spend; null without one. */
export function aheadOfIdeal({ ideal, budget, to }: Mode): number | null {
  const left = newest(budget);
  const even = ideal === null ? null : valueAt(ideal, to);
  return left === null || even === null ? null : left - even;
}

/** What the chart says in one sentence, for those who do not see it. */
export function budgetSentence(
  mode: Mode,
  soonest: Exhaustion,
  words: { left: (share: number) => string; gone: (at: number) => string },
): string {
  const left = newest(mode.budget);
  if (left === null) return 'Error budget left: no data';
  const gone =
    soonest.kind === 'in'
      ? `; at the fastest pace it is gone ${words.gone(mode.to + soonest.seconds)}`
      : soonest.kind === 'spent'
        ? '; it is spent'
        : '';
  return `Error budget left: ${words.left(left)} now${gone}`;
}
