/** Geometry of the charts of an objective: unix seconds and values to a plot of 1000 x 100, gaps kept. */
export type Point = readonly [at: number, value: number | null];
export type Span = { from: number; to: number };
export type Scale = { low: number; high: number; ticks: number[]; log: boolean };

export const plotWidth = 1000;

/** Under this a burn rate is drawn on the foot: a logarithmic axis has no zero. */
const burnFoot = 0.05;
const burnTicks = [0.1, 1, 10, 100, 1000, 10_000];

/** A place as CSS writes it. */
export const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** Horizontal place, 0 to 1 inside the span. */
export const xShare = (span: Span, at: number): number =>
  span.to <= span.from ? 0 : (at - span.from) / (span.to - span.from);

/** Place from the top, 0 to 1 inside the scale; outside of it beyond, never clamped. */
export function yShare({ low, high, log }: Scale, value: number): number {
  if (!log) return (high - value) / (high - low);
  const foot = Math.max(value, low);
  return (Math.log(high) - Math.log(foot)) / (Math.log(high) - Math.log(low));
}

/** An SVG path; an unknown value breaks it, and a lone known one becomes a dot-sized dash. */
export function pathOf(points: readonly Point[], span: Span, scale: Scale): string {
  let path = '';
  let begun = false;
  points.forEach(([at, value], index) => {
    if (value === null) {
      begun = false;
      return;
    }
    const x = (xShare(span, at) * plotWidth).toFixed(1);
    const y = (yShare(scale, value) * 100).toFixed(2);
    const isAlone = !begun && (points[index + 1]?.[1] ?? null) === null;
    path += isAlone ? `M${x} ${y}h0.1` : `${begun ? 'L' : 'M'}${x} ${y}`;
    begun = true;
  });
  return path;
}

/** The area between two lines over time, such as the fan of a forecast; nothing where one of them is unknown. */
export function areaOf(upper: readonly Point[], lower: readonly Point[], span: Span, scale: Scale): string {
  const known = (points: readonly Point[]) =>
    points.flatMap(([at, value]) =>
      value === null
        ? []
        : [`${(xShare(span, at) * plotWidth).toFixed(1)} ${(yShare(scale, value) * 100).toFixed(2)}`],
    );
  const there = known(upper);
  const back = known(lower).reverse();
  return there.length < 2 || back.length < 2 ? '' : `M${[...there, ...back].join('L')}Z`;
}

/** Spans without a value, from the last known point to the next one; the end of the data is no gap. */
export function gapsOf(points: readonly Point[]): Span[] {
  const gaps: Span[] = [];
  let lastKnown: number | null = null;
  let from: number | null = null;
  for (const [at, value] of points) {
    if (value === null) from ??= lastKnown ?? at;
    else {
      if (from !== null) gaps.push({ from, to: at });
      from = null;
      lastKnown = at;
    }
  }
  const end = points.at(-1)?.[0];
  if (from !== null && end !== undefined && end > from) gaps.push({ from, to: end });
  return gaps;
}

const lowestOf = (points: readonly Point[]): number =>
  points.reduce((low, [, value]) => (value !== null && value < low ? value : low), Number.POSITIVE_INFINITY);

const steps = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * From 100 % down to the lowest share ever left, and always a step below zero, so that an overspent budget has
 * room. Forecasts do not widen it: they may leave the plot, what happened may not.
 */
export function shareScale(points: readonly Point[]): Scale {
  const lowest = Math.min(0, lowestOf(points));
  const step = steps.find((each) => (1 - lowest) / each <= 6) ?? Math.ceil((1 - lowest) / 5);
  const low = Math.min(-0.25, Math.floor(lowest / step - 1e-9) * step);
  const count = Math.round(-low / step);
  const below = Array.from({ length: count + 1 }, (_, index) => low + index * step);
  const above =
    step < 1 ? Array.from({ length: Math.round(1 / step) }, (_, index) => (index + 1) * step) : [];
  // A hundred per cent close above zero would be written over it.
  const top = step >= 1 && step <= 5 ? [1] : [];
  return { low, high: 1, ticks: [...below, ...above, ...top], log: false };
}

/** Decades from the foot to the highest of the data and the named levels. */
export function burnScale(points: readonly Point[], levels: readonly number[]): Scale {
  const top = points.reduce((high, [, value]) => Math.max(high, value ?? 0), Math.max(1, ...levels)) * 1.4;
  return { low: burnFoot, high: top, ticks: burnTicks.filter((tick) => tick <= top), log: true };
}

/** The known point nearest to a time; null when there is none. */
export function nearest(points: readonly Point[], at: number): Point | null {
  let best: Point | null = null;
  for (const point of points) {
    if (best === null || Math.abs(point[0] - at) < Math.abs(best[0] - at)) best = point;
  }
  return best;
}

export type Label = { at: number; width: number };

/** Which of several names beside their marks can be written without lying on each other; left to right. */
export function freeLabels(labels: readonly Label[], span: Span, plotPixels: number): boolean[] {
  let end = Number.NEGATIVE_INFINITY;
  return labels.map(({ at, width }, index) => {
    const x = xShare(span, at) * plotPixels;
    const next = labels[index + 1];
    const nextX = next === undefined ? plotPixels : xShare(span, next.at) * plotPixels;
    const isFree = x >= end && x + width <= Math.max(nextX, x) && x + width <= plotPixels;
    end = x + (isFree ? width : 0);
    return isFree;
  });
}
