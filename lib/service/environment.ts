import 'server-only';
import type { ChangeWithRow } from '@/lib/change/row';
import type { Config } from '@/lib/config/schema';
import { type Reading, readingValue } from '@/lib/core/reading';
import { clockOf, fleetPoll, fleetState } from '@/lib/slo/fleet/poll';
import { alertsPoll, environmentAlerts } from './alerts';
import { changesPoll } from './changes';
import { clustersSettled, clustersVersion } from './clusters';
import type { FiringAlert, Point, ServiceRow } from './contract';
import { environmentFigures } from './figures';
import { byState } from './judgement';
import { placementsIn } from './placements';
import { recordedPoll } from './recorded';
import { serviceRow } from './row';

/** Everything that pages of an environment are composed from, without a question to any source. */
export type EnvironmentSnapshot = {
  /** Equal keys mean equal snapshots. */
  key: string;
  environment: string;
  /** In the order of the configuration. */
  rows: ServiceRow[];
  /** Burn of the last hours of the rows that have an objective. */
  burn: ReadonlyMap<ServiceRow, Reading<Point[]>>;
  alerts: Reading<FiringAlert[]>;
  /** Changes of this environment, newest first. */
  changes: ChangeWithRow[];
};

declare global {
  var signalboxSnapshots: Map<string, EnvironmentSnapshot> | undefined;
}

/** How long the first page after a start waits for its sources before it shows what is missing. */
const firstWaitMs = 2000;

/** The newest snapshot of an environment; composed anew only when one of its parts changed. */
export async function environmentSnapshot(config: Config, environment: string): Promise<EnvironmentSnapshot> {
  const polls = {
    figures: environmentFigures(config, environment),
    fleet: fleetPoll(config, environment),
    alerts: alertsPoll(config),
    changes: changesPoll(config),
  };
  const [figures, state, allAlerts, allChanges] = await Promise.all([
    polls.figures.get(firstWaitMs),
    fleetState(config, environment, firstWaitMs),
    polls.alerts.get(firstWaitMs),
    polls.changes.get(firstWaitMs),
    clustersSettled(config, firstWaitMs),
  ]);
  recordedPoll().peek();
  const key = [...Object.values(polls).map(({ version }) => version), clustersVersion(config)].join('/');
  globalThis.signalboxSnapshots ??= new Map();
  const kept = globalThis.signalboxSnapshots.get(environment);
  if (kept?.key === key) return kept;
  const alerts = environmentAlerts(config, environment, allAlerts);
  const changes = (allChanges ?? []).filter(({ row }) => row.environment === environment);
  const fleet = { state, now: clockOf(state) };
  const inputs = { figures, fleet, alerts: readingValue(alerts) ?? [], changes };
  const placed = placementsIn(config, environment).map((place) => serviceRow(config, place, inputs));
  const rows = placed.map(({ row }) => row);
  const burn = new Map(placed.flatMap((one) => (one.burn === null ? [] : [[one.row, one.burn] as const])));
  const snapshot = { key, environment, rows, burn, alerts, changes };
  globalThis.signalboxSnapshots.set(environment, snapshot);
  return snapshot;
}

export const worstFirst = (rows: readonly ServiceRow[]): ServiceRow[] => [...rows].sort(byState);
