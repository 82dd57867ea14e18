import { mapReading, readingValue } from '@/lib/core/reading';
import type { SloGroup } from '../contract';
import { type SloWord, sloWords } from '../math/word';
import type { FleetLine } from './lines';
import { byUrgency, type SortKey } from './order';

/** A grouping is a service, an owner, a window, or a label of the groups of objectives: `label:region`. */
const labelPrefix = 'label:';

export type FleetPart = FleetLine & {
  /** Of a list: an objective may stand in it once for each of its groups. */
  key: string;
  /** The labels of the group that it stands for; null: all groups together. */
  part: string | null;
};

/** Rows that have something in common, with what a person needs to know to skip or open them. */
export type FleetSection = {
  value: string;
  title: string;
  rows: FleetPart[];
  counts: Partial<Record<SloWord, number>>;
  /** The least budget left of its rows, which may be negative; null: of none it is known. */
  worst: number | null;
};

const labelOf = (grouping: string): string | null =>
  grouping.startsWith(labelPrefix) ? grouping.slice(labelPrefix.length) : null;

/** What rows can be grouped by: what all have, and each label of their groups. */
export function groupingsOf(rows: readonly FleetLine[]): { key: string; title: string }[] {
  const labels = new Set(rows.flatMap(({ groups }) => groups.flatMap((group) => Object.keys(group.labels))));
  return [
    { key: 'service', title: 'Service' },
    { key: 'owner', title: 'Owner' },
    { key: 'window', title: 'Window' },
    ...[...labels].sort().map((label) => ({ key: `${labelPrefix}${label}`, title: `Label ${label}` })),
  ];
}

/** One group of an objective as a row of its own: its figures, and nothing that is known of the whole alone. */
function partOf(row: FleetLine, group: SloGroup): FleetPart {
  return {
    ...row,
    key: `${row.id} ${group.key}`,
    part: Object.values(group.labels).join(' '),
    // What nobody counts any more is not healthy because it was.
    word: row.numbers.state === 'fresh' ? group.word : row.word,
    numbers: mapReading(row.numbers, () => group.numbers),
    groups: [group],
    sparkline: null,
    lastChange: null,
    costs: [],
  };
}

const whole = (row: FleetLine): FleetPart => ({ ...row, key: row.id, part: null });

/** Rows as a grouping lists them: by a label, each group of an objective is a row. */
export function partsOf(rows: readonly FleetLine[], grouping: string | null): FleetPart[] {
  const label = grouping === null ? null : labelOf(grouping);
  if (label === null) return rows.map(whole);
  return rows.flatMap((row) =>
    row.groups.length > 1 && row.groups.some((group) => label in group.labels)
      ? row.groups.map((group) => partOf(row, group))
      : [whole(row)],
  );
}

function commonOf(row: FleetPart, grouping: string): string {
  const label = labelOf(grouping);
  if (label !== null) return row.groups[0]?.labels[label] ?? '';
  if (grouping === 'service') return row.service;
  return grouping === 'owner' ? row.owner : row.window.words;
}

function titleOf(value: string, grouping: string, first: FleetPart): string {
  if (grouping === 'service') return first.serviceName;
  if (grouping === 'owner') return value === '' ? 'No owner' : value;
  const label = labelOf(grouping);
  if (label === null) return value;
  return value === '' ? `Without ${label}` : value;
}

const countsOf = (rows: readonly FleetPart[]): FleetSection['counts'] =>
  Object.fromEntries(
    sloWords.flatMap((word) => {
      const count = rows.filter((row) => row.word === word).length;
      return count === 0 ? [] : [[word, count] as const];
    }),
  );

function worstOf(rows: readonly FleetPart[]): number | null {
  const left = rows.flatMap((row) => readingValue(row.numbers)?.budgetLeft ?? []);
  return left.length === 0 ? null : Math.min(...left);
}

/**
 * Rows by what they have in common, their order kept within; the section with the worst row first, by name where the
 * rows are sorted by name. Every row is in exactly one section.
 */
export function sectionsOf(rows: readonly FleetPart[], grouping: string, sort: SortKey): FleetSection[] {
  const sections = [...Map.groupBy(rows, (row) => commonOf(row, grouping))].flatMap(([value, own]) => {
    const [first] = own;
    if (first === undefined) return [];
    const title = titleOf(value, grouping, first);
    const urgent = own.reduce((worst, row) => (byUrgency(row, worst) < 0 ? row : worst), first);
    return [{ urgent, section: { value, title, rows: own, counts: countsOf(own), worst: worstOf(own) } }];
  });
  const byTitle = (a: FleetSection, b: FleetSection) => a.title.localeCompare(b.title);
  return sections
    .sort((a, b) =>
      sort === 'name'
        ? byTitle(a.section, b.section)
        : byUrgency({ ...a.urgent, name: '' }, { ...b.urgent, name: '' }) || byTitle(a.section, b.section),
    )
    .map(({ section }) => section);
}
