import type { Labels } from '../labels';
import type { Grouping } from '../logql/ast';

/** One series over the evaluated times; null where it has no point (never zero-filled). */
export type Series = { labels: Labels; points: (number | null)[] };

/** What a metric query gives: one number for all times, or series. */
export type Outcome = { kind: 'scalar'; value: number } | { kind: 'vector'; series: Series[] };

/** The labels that remain of a label set under `by` or `without`; without a grouping none remain. */
export function groupLabels(labels: Labels, grouping: Grouping | null): Labels {
  if (grouping === null) return {};
  const keep = ([name]: [string, string]) => grouping.labels.includes(name) !== grouping.without;
  return Object.fromEntries(Object.entries(labels).filter(keep));
}

/** A sample value as Go prints it: never with an exponent. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = String(value);
  if (!text.includes('e')) return text;
  return value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}
