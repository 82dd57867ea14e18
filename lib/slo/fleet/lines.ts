import { mapReading } from '@/lib/core/reading';
import type { FleetRow, Freshness, LastChange, RowNumbers, SloGroup } from '../contract';
import { budgetLeft, budgetSeconds } from '../math/budget';
import { allowedFailures, isMet, type Objective, objectiveOf } from '../math/objective';
import type { SloWord } from '../math/word';
import type { Fleet, ListChange, ListCost, ListNumbers, ListRow, ListWindow } from './contract';

/** An objective as the list shows it. */
export type FleetLine = FleetRow & {
  /** What the last change cost and each of the last day, newest first. */
  costs: LastChange[];
  /** When changes of its service were carried out, unix seconds, newest first. */
  ticks: readonly number[];
};

/** The list as browsers show it. */
export type FleetLines = {
  environment: string;
  at: string;
  counts: Partial<Record<SloWord, number>>;
  rows: FleetLine[];
  changes: ListChange[];
  freshness: Freshness;
};

/** The figures that follow from counts and objective, as figuresOf of ../math/budget works them out. */
function numbersOf(slim: ListNumbers, objective: Objective, seconds: number): RowNumbers {
  const { total, bad } = slim;
  const budget = budgetSeconds(objective, seconds);
  if (slim.sli === null || slim.budgetLeft === null || total === null || bad === null || total <= 0) {
    const none = { isMet: null, allowedFailures: null, failuresLeft: null, failureCosts: null };
    return { ...slim, ...none, budgetSeconds: budget, secondsLeft: null };
  }
  const allowed = allowedFailures(objective, total);
  const counts = { good: total - bad, bad, total };
  const left = budgetLeft(counts, objective);
  return {
    ...slim,
    sli: counts.good / total,
    budgetLeft: left,
    isMet: isMet(objective, counts),
    allowedFailures: allowed,
    failuresLeft: allowed - bad,
    failureCosts: 1 / allowed,
    budgetSeconds: budget,
    secondsLeft: left === null ? null : left * budget,
  };
}

const keyOf = (labels: SloGroup['labels']): string =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}=${labels[name]}`)
    .join(',');

const noWindow: ListWindow = { kind: 'rolling', words: '', seconds: 0, from: 0, to: 0, end: 0, spark: null };

type Shared = {
  fleet: Fleet;
  changes: ReadonlyMap<string, ListChange>;
  ticks: ReadonlyMap<string, readonly number[]>;
};

function costOf({ change, ...cost }: ListCost, { changes }: Shared): LastChange[] {
  const known = changes.get(change);
  return known === undefined ? [] : [{ id: change, title: known.title, by: known.by, at: known.at, ...cost }];
}

function lineOf(row: ListRow, shared: Shared): FleetLine {
  const { fleet, ticks } = shared;
  const { spark, ...window } = fleet.windows[row.window] ?? noWindow;
  const service = fleet.services[row.service];
  const objective = objectiveOf(row.objective);
  const whole = mapReading(row.numbers, (numbers) => numbersOf(numbers, objective, window.seconds));
  const costs = (row.costs ?? []).flatMap((cost) => costOf(cost, shared));
  const groups = row.groups.flatMap(({ labels, word, numbers }): SloGroup[] => {
    const own = numbers === undefined ? null : numbersOf(numbers, objective, window.seconds);
    const all = own ?? (whole.state === 'missing' ? null : whole.value);
    return all === null ? [] : [{ key: keyOf(labels), labels, word, numbers: all }];
  });
  return {
    id: row.id,
    name: row.name,
    service: row.service,
    serviceName: service?.name ?? row.service,
    owner: service?.owner ?? '',
    environment: fleet.environment,
    objective: row.objective,
    window,
    unit: row.slices === undefined ? 'events' : 'slices',
    sliceSeconds: row.slices ?? null,
    word: row.word,
    numbers: whole,
    groups,
    sparkline:
      spark === null || row.spark === null
        ? null
        : { ...spark, values: row.spark.map((value) => (value === null ? null : value / 1000)) },
    lastChange: costs[0] ?? null,
    costs,
    ticks: ticks.get(row.service) ?? [],
    progress: row.progress ?? null,
  };
}

/** The list with everything in its rows that stands once beside them, or follows from them. */
export function linesOf(fleet: Fleet): FleetLines {
  const { environment, at, counts, changes, freshness } = fleet;
  const byService = Map.groupBy(changes, ({ service }) => service);
  const shared: Shared = {
    fleet,
    changes: new Map(changes.map((change) => [change.id, change])),
    ticks: new Map(
      [...byService].map(([service, own]) => [service, own.map((one) => Date.parse(one.at) / 1000)]),
    ),
  };
  return {
    environment,
    at,
    counts,
    changes,
    freshness,
    rows: fleet.rows.map((row) => lineOf(row, shared)),
  };
}
