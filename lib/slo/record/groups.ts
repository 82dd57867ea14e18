import type { Counts, GroupLabels } from '../model';
import { joinRoles, type RoleCounts } from './count';

/** Counts by group: the key is the canonical text of its labels. */
export type GroupCounts = Map<string, { labels: GroupLabels; buckets: Map<number, Counts> }>;

/** Labels as one text, in order of their names. */
export const keyOfLabels = (labels: GroupLabels): string =>
  JSON.stringify(
    Object.keys(labels)
      .sort()
      .map((name) => [name, labels[name]]),
  );

/** The labels of a series as one text. */
export const seriesKey = (labels: Record<string, string>): string =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`)
    .join(',');
export const withoutName = ({ __name__: _, ...labels }: Record<string, string>): Record<string, string> =>
  labels;

/** Puts series into the groups of an objective; a label that a series lacks is empty, as in PromQL. */
export class GroupCounter {
  private readonly groupBy: readonly string[];
  private readonly groups = new Map<string, { labels: GroupLabels; total: RoleCounts; other: RoleCounts }>();

  constructor(groupBy: readonly string[]) {
    this.groupBy = groupBy;
  }

  labelsOf(series: Readonly<Record<string, string>>): GroupLabels {
    return Object.fromEntries(this.groupBy.map((name) => [name, series[name] ?? '']));
  }

  role(series: Readonly<Record<string, string>>, role: 'total' | 'other'): RoleCounts {
    const labels = this.labelsOf(series);
    const key = keyOfLabels(labels);
    const group = this.groups.get(key) ?? { labels, total: new Map(), other: new Map() };
    this.groups.set(key, group);
    return group[role];
  }

  join(role: 'good' | 'bad', alwaysThere: boolean): GroupCounts {
    return new Map(
      [...this.groups].map(([key, { labels, total, other }]) => [
        key,
        { labels, buckets: joinRoles(total, { role, counts: other, alwaysThere }) },
      ]),
    );
  }
}

/** The same groups of several servers together. */
export function addGroups(all: readonly GroupCounts[]): GroupCounts {
  const [first, ...others] = all;
  if (others.length === 0) return first ?? new Map();
  const sums: GroupCounts = new Map();
  for (const groups of all) {
    for (const [key, { labels, buckets }] of groups) {
      const into = sums.get(key)?.buckets ?? new Map<number, Counts>();
      for (const [end, counts] of buckets) {
        const known = into.get(end) ?? { good: 0, bad: 0, total: 0 };
        into.set(end, {
          good: known.good + counts.good,
          bad: known.bad + counts.bad,
          total: known.total + counts.total,
        });
      }
      sums.set(key, { labels, buckets: into });
    }
  }
  return sums;
}
