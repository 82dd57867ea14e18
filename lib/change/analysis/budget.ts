import 'server-only';
import type { Config } from '@/lib/config/schema';
import { type DatabaseOrTransaction, databaseNow } from '@/lib/db/transaction';
import { serviceOf } from '@/lib/service/placements';
import { type BudgetNow, budgetNow } from '@/lib/slo/fleet/budget';
import { type Group, listGroups, readSums } from '@/lib/slo/record/store';
import type { BudgetEvents } from './forecast';

/** How much a service is asked now, and what its first objective lets fail. Null: nothing is recorded of it. */
export type ServiceBudget = {
  requestsPerSecond: number | null;
  /** Of single regions, where the objective has a budget for each. */
  regionsPerSecond: Record<string, number>;
  budget: BudgetEvents | null;
};

/** The rate is the mean of this many seconds: of the hour of the day, and not of one busy minute. */
const rateSeconds = 900;

/**
 * What a forecast needs from the recorder (change-engine.md 2.8): requests per second of the last quarter of an hour,
 * as far as its minutes are known, and the budget of the window in requests.
 */
export async function readServiceBudget(
  db: DatabaseOrTransaction,
  config: Config,
  place: { service: string; environment: string },
): Promise<ServiceBudget> {
  const found = await budgetNow(db, config, place);
  if (found === null) return { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  const groups = (await listGroups(db, place.environment, found.slo.id)).filter(({ current }) => current);
  const rates = await readRates(db, groups);
  const label = serviceOf(config, place.service).metrics.labels.region;
  const regionsPerSecond: Record<string, number> = {};
  for (const { group, rate } of rates) {
    const region = group.labels[label];
    if (region !== undefined) regionsPerSecond[region] = (regionsPerSecond[region] ?? 0) + rate;
  }
  return {
    requestsPerSecond: rates.length === 0 ? null : rates.reduce((sum, { rate }) => sum + rate, 0),
    regionsPerSecond,
    budget: budgetOf(found),
  };
}

async function readRates(
  db: DatabaseOrTransaction,
  groups: readonly Group[],
): Promise<{ group: Group; rate: number }[]> {
  const now = (await databaseNow(db)).getTime() / 1000;
  const ids = groups.map(({ groupId }) => groupId);
  const sums = await readSums(db, ids, now - rateSeconds, now);
  return groups.flatMap((group) => {
    const sum = sums.get(group.groupId);
    if (sum === undefined || sum.counts === null || sum.knownSeconds <= 0) return [];
    return [{ group, rate: sum.counts.total / sum.knownSeconds }];
  });
}

/** In requests of the whole window: where part of it is not recorded, that part is taken to be like the rest. */
function budgetOf({ slo, figures }: BudgetNow): BudgetEvents | null {
  const { allowedFailures, counts, coverage } = figures;
  if (slo.method !== 'occurrences' || allowedFailures === null || counts === null || coverage <= 0)
    return null;
  const events = allowedFailures / Math.min(1, coverage);
  return { events, remaining: events - counts.bad };
}
