import 'server-only';
import type { Config } from '@/lib/config/schema';
import { changeId, changeNumber } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import { environmentOf, serviceOf } from '@/lib/service/placements';
import { type ChangeWithRow, rowInclude, toRow } from '../row';
import type { ChangeCost, HistoryQuery, HistoryRow, HistoryView } from './contract';
import { outcomeOf, statesOf } from './model';
import { placesNow } from './places';
import { priceChanges } from './price';

const PAGE = 25;

/** From start to end in seconds; null while it runs, or when it was never carried out. */
export const secondsOf = ({
  startedAt,
  finishedAt,
}: {
  startedAt: Date | null;
  finishedAt: Date | null;
}): number | null =>
  startedAt === null || finishedAt === null ? null : (finishedAt.getTime() - startedAt.getTime()) / 1000;

/**
 * What runs where of a service, and its changes of every kind, newest first, each with what it cost of the budgets.
 * Throws OpsError `not-found` for a service or an environment that is not configured.
 */
export async function historyView(
  config: Config,
  { service: asked, ...query }: { service: string } & HistoryQuery,
  db: Database = database(),
): Promise<HistoryView> {
  const service = serviceOf(config, asked);
  const environment = query.environment === undefined ? undefined : environmentOf(config, query.environment);
  const [places, records] = await Promise.all([
    placesNow(db, config, service),
    db.change.findMany({
      where: {
        service: service.id,
        ...(environment === undefined ? {} : { environment }),
        ...(query.kind === undefined ? {} : { kind: query.kind }),
        ...(query.outcome === undefined ? {} : { state: { in: statesOf(query.outcome) } }),
        ...(query.before === undefined ? {} : { number: { lt: changeNumber(query.before) } }),
      },
      orderBy: { number: 'desc' },
      take: PAGE + 1,
      include: rowInclude,
    }),
  ]);
  const shown = records.slice(0, PAGE).map((record) => toRow(config, record));
  const costs = await costsOf(db, config, service.id, shown);
  const last = shown.at(-1);
  return {
    service: service.id,
    name: service.name,
    environments: config.environments
      .map(({ id }) => id)
      .filter((id) => service.placements[id] !== undefined),
    places,
    changes: shown.flatMap((one) => {
      const cost = costs.get(one.change.number);
      return cost === undefined ? [] : [rowOf(one, cost)];
    }),
    next: records.length > PAGE && last !== undefined ? changeId(last.change.number) : null,
  };
}

async function costsOf(
  db: Database,
  config: Config,
  service: string,
  shown: readonly ChangeWithRow[],
): Promise<Map<number, ChangeCost>> {
  const byEnvironment = Map.groupBy(shown, ({ change }) => change.environment);
  const priced = await Promise.all(
    [...byEnvironment].map(([environment, own]) =>
      priceChanges(db, config, { service, environment, changes: own.map(({ change }) => change) }),
    ),
  );
  return new Map(priced.flatMap((one) => [...one]));
}

const rowOf = ({ change, row }: ChangeWithRow, cost: ChangeCost): HistoryRow => ({
  ...row,
  reason: change.reason,
  ticket: change.ticket,
  startedAt: change.startedAt?.toISOString() ?? null,
  seconds: secondsOf(change),
  outcome: outcomeOf(change.state),
  cost,
});
