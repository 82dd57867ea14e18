import type { FailedByLabel } from './contract';

/** More series than these are not added up: the largest are asked for. */
export const mostSeries = 500;
const mostLabels = 8;
const mostValues = 5;

type Series = { labels: Readonly<Record<string, string>>; value: number };

/** Bounds of a histogram and names say nothing about who failed. */
const never = new Set(['__name__', 'le']);

/**
 * The failures of series by each of their labels, as shares of all of them: labels with the fewest values first, since
 * they tell the most. Series without a number, or without failures, are passed over; a series that lacks a label has
 * the value ''. Labels that the query fixes are left out.
 */
export function failedByLabel(
  all: readonly Series[],
  fixed: readonly string[],
): { series: number; labels: FailedByLabel[] } {
  const series = all.filter(({ value }) => Number.isFinite(value) && value > 0);
  const sum = series.reduce((so, { value }) => so + value, 0);
  const names = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  for (const name of [...never, ...fixed]) names.delete(name);
  const labels = [...names].map((label) => {
    const parts = new Map<string, number>();
    for (const { labels: own, value } of series) {
      const key = own[label] ?? '';
      parts.set(key, (parts.get(key) ?? 0) + value);
    }
    const sorted = [...parts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
    return { label, sorted };
  });
  labels.sort((a, b) => a.sorted.length - b.sorted.length || a.label.localeCompare(b.label));
  return {
    series: series.length,
    labels: labels.slice(0, mostLabels).map(({ label, sorted }) => ({
      label,
      values: sorted
        .slice(0, mostValues)
        .map(([value, failed]) => ({ value, part: Math.min(1, failed / sum) })),
      others: Math.max(0, sorted.length - mostValues),
    })),
  };
}
