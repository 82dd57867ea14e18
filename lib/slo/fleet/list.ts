import type { ChangeWithRow } from '@/lib/change/row';
import { mapReading } from '@/lib/core/reading';
import type { FleetRow, Freshness, LastChange, RowNumbers, SloGroup } from '../contract';
import type { Fleet, ListChange, ListCost, ListNumbers, ListRow, ListWindow } from './contract';
import type { FleetRows } from './row';

const rounded = (value: number | null, scale: number): number | null =>
  value === null ? null : Math.round(value * scale) / scale;
const nine = 1e9;
const minuteMs = 60_000;

const slimNumbers = (numbers: RowNumbers): ListNumbers => ({
  state: numbers.state,
  coverage: rounded(numbers.coverage, 1e6) ?? 0,
  method: numbers.method,
  total: numbers.total,
  bad: numbers.bad,
  sli: rounded(numbers.sli, nine),
  budgetLeft: rounded(numbers.budgetLeft, nine),
  burn1h: rounded(numbers.burn1h, 1e6),
  soonest: numbers.soonest,
  latest: numbers.latest,
});

const slimGroup = ({ labels, word, numbers }: SloGroup, isOnly: boolean) =>
  isOnly ? { labels, word } : { labels, word, numbers: slimNumbers(numbers) };

const slimCost = ({ id, failed, low, high, share, isShared }: LastChange): ListCost => ({
  change: id,
  failed,
  low,
  high,
  share: rounded(share, nine),
  isShared,
});

/** Whether there is anything to say about how far it is recorded. */
const slimProgress = ({ progress }: FleetRow): Pick<ListRow, 'progress'> =>
  progress === null || (progress.sentence === null && progress.problem === null) ? {} : { progress };

/** The windows of rows, each once. */
class Windows {
  readonly all: ListWindow[] = [];
  private readonly places = new Map<string, number>();

  placeOf({ window, sparkline }: FleetRow): number {
    const spark = sparkline === null ? null : { from: sparkline.from, step: sparkline.step };
    const own: ListWindow = { ...window, spark };
    const key = JSON.stringify(own);
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.all.length);
    return this.all.push(own) - 1;
  }
}

/** Figures stand for whole minutes, so the end of the counts is told to the minute: the list changes once a minute. */
const toMinute = (freshness: Freshness): Freshness =>
  freshness.state !== 'fresh' || freshness.recordedUntil === null
    ? freshness
    : {
        ...freshness,
        recordedUntil: new Date(
          Math.floor(Date.parse(freshness.recordedUntil) / minuteMs) * minuteMs,
        ).toISOString(),
      };

/** Changes that were carried out, newest first, as the list names them. */
export const listChanges = (changes: readonly ChangeWithRow[]): ListChange[] =>
  changes
    .flatMap(({ row, change }): ListChange[] =>
      change.startedAt === null
        ? []
        : [
            {
              id: row.id,
              service: row.service,
              region: row.region,
              title: row.title,
              by: row.requesterName,
              at: change.startedAt.toISOString(),
              state: row.state,
            },
          ],
    )
    .sort((a, b) => b.at.localeCompare(a.at));

export type ListParts = {
  costs: ReadonlyMap<string, readonly LastChange[]>;
  changes: readonly ListChange[];
};

/** The list as it is sent: what many rows have in common once, and nothing that a reader can work out. */
export function listOf({ rows, ...rest }: FleetRows, { costs, changes }: ListParts): Fleet {
  const windows = new Windows();
  const used = new Set(rows.map(({ service }) => service));
  const slim = rows.map((row): ListRow => {
    const own = costs.get(row.id) ?? [];
    return {
      id: row.id,
      name: row.name,
      service: row.service,
      objective: row.objective,
      window: windows.placeOf(row),
      ...(row.sliceSeconds === null ? {} : { slices: row.sliceSeconds }),
      word: row.word,
      numbers: mapReading(row.numbers, slimNumbers),
      groups: row.groups.map((group) => slimGroup(group, row.groups.length === 1)),
      spark: row.sparkline?.values.map(thousandths) ?? null,
      ...(own.length === 0 ? {} : { costs: own.map(slimCost) }),
      ...slimProgress(row),
    };
  });
  const oldest = Math.min(...windows.all.map(({ from }) => from));
  return {
    ...rest,
    services: Object.fromEntries(
      rows.map(({ service, serviceName, owner }) => [service, { name: serviceName, owner }]),
    ),
    windows: windows.all,
    changes: changes.filter(({ service, at }) => used.has(service) && Date.parse(at) / 1000 >= oldest),
    rows: slim,
    freshness: toMinute(rest.freshness),
  };
}

const thousandths = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1000);
