import type { Labels } from '@/lib/sources/prometheus/client';

/**
 * A figure of another tool, or why there is none: its rule gave no sample in the last 5 minutes, it gave NaN (0/0, or
 * a window that once had one), nothing was asked in those minutes, or a value that cannot be.
 */
export const noFigureReasons = ['absent', 'not-a-number', 'no-traffic', 'impossible'] as const;
export type NoFigure = (typeof noFigureReasons)[number];
export type Figure = { value: number; none: null } | { value: null; none: NoFigure };

/** One combination of the labels that a tool groups by. */
export type AdoptedGroup = {
  labels: Labels;
  /** Failed share of the last 5 minutes. */
  ratio: Figure;
  /** Share of the budget of the window, as the tool has it; may be negative. */
  budgetLeft: Figure;
};

export const noFigure = (none: NoFigure): Figure => ({ value: null, none });

/** A sample as a figure; binary fractions may lie a little beyond the bounds. */
export function figureOf(sample: number | undefined, bounds: { least: number; most: number }): Figure {
  if (sample === undefined) return noFigure('absent');
  if (Number.isNaN(sample)) return noFigure('not-a-number');
  if (!Number.isFinite(sample)) return noFigure('impossible');
  if (sample < bounds.least - 1e-9 || sample > bounds.most + 1e-9) return noFigure('impossible');
  return { value: sample, none: null };
}

export const shareBounds = { least: 0, most: 1 };
/** A budget is overspent without end, and never more than whole. */
export const budgetBounds = { least: Number.NEGATIVE_INFINITY, most: 1 };

/** Labels by which copies of one rule differ, of Prometheus pairs and of Thanos, Cortex and Mimir. */
const replicaLabels = new Set([
  'replica',
  '__replica__',
  'prometheus_replica',
  'rule_replica',
  'ruler_replica',
  'thanos_replica',
  'thanos_ruler_replica',
]);

export const withoutReplica = (labels: Labels): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !replicaLabels.has(name)));

/** Names the copy that a series is of; empty where there is one. */
export const replicaOf = (labels: Labels): string =>
  labelText(Object.fromEntries(Object.entries(labels).filter(([name]) => replicaLabels.has(name))));

/** Labels as one text, in order of their names. */
export const labelText = (labels: Labels): string =>
  JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));

/** The worse of what several copies say; without any figure, why the first has none. */
function worst(figures: readonly Figure[], isWorse: (one: number, other: number) => boolean): Figure {
  const known = figures.flatMap(({ value }) => (value === null ? [] : [value]));
  // A value that cannot be is not outvoted: somebody records nonsense.
  const odd = figures.find(({ none }) => none === 'impossible');
  if (odd !== undefined) return odd;
  const [first, ...others] = known;
  if (first === undefined) return figures[0] ?? noFigure('absent');
  return { value: others.reduce((a, b) => (isWorse(b, a) ? b : a), first), none: null };
}

/** Groups of several copies of the rules as one each: the higher error ratio, the smaller rest of the budget. */
export function mergeCopies(copies: readonly (readonly AdoptedGroup[])[]): AdoptedGroup[] {
  const byLabels = Map.groupBy(copies.flat(), ({ labels }) => labelText(labels));
  return [...byLabels]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, same]) => {
      const [first] = same;
      if (first === undefined) return [];
      return [
        {
          labels: first.labels,
          ratio: worst(
            same.map(({ ratio }) => ratio),
            (one, other) => one > other,
          ),
          budgetLeft: worst(
            same.map(({ budgetLeft }) => budgetLeft),
            (one, other) => one < other,
          ),
        },
      ];
    });
}
