import 'server-only';
import { isExecuting } from '@/lib/change/model';
import { type ChangeWithRow, isAbout } from '@/lib/change/row';
import type { Config } from '@/lib/config/schema';
import { mapReading, missing, type Reading } from '@/lib/core/reading';
import { budgetOfPlace } from '@/lib/slo/fleet/place';
import type { FleetState } from '@/lib/slo/fleet/state';
import { readPlacement } from './clusters';
import type { FiringAlert, Point, ServiceRow } from './contract';
import type { EnvironmentFigures } from './figures';
import { keyOf, type Located } from './placements';
import { type PlaceObjects, placeObjects, versionCounts } from './pods';
import { judge } from './state';

export type RowInputs = {
  figures: EnvironmentFigures | undefined;
  /** What is recorded of the objectives, and the database's clock (unix seconds). */
  fleet: { state: FleetState; now: number };
  alerts: readonly FiringAlert[];
  changes: readonly ChangeWithRow[];
};

const notRead = missing('unreachable', 'Prometheus has not been read yet.');

/** Alerts of one placement: the service's, in this region or without a region. */
export const alertsOf = (alerts: readonly FiringAlert[], { service, placement }: Located): FiringAlert[] =>
  alerts.filter(
    (alert) => alert.service === service.id && (alert.region === null || alert.region === placement.region),
  );

export const objectsOf = (config: Config, { placement }: Located): Reading<PlaceObjects> =>
  placeObjects(placement, readPlacement(config, placement));

/** A row, and its burn over the last hours; null without an objective. */
export type RowWithBurn = { row: ServiceRow; burn: Reading<Point[]> | null };

/** One service in one region, composed from what is already known: no source is asked. */
export function serviceRow(config: Config, place: Located, inputs: RowInputs): RowWithBurn {
  const { service, environment, placement } = place;
  const figures = inputs.figures?.places.get(keyOf(place));
  const objects = objectsOf(config, place);
  const { slo, pairs, strip, budgetLeft, burn1h } = budgetOfPlace(
    inputs.fleet.state,
    { service: service.id, region: placement.region, label: service.metrics.labels.region },
    inputs.fleet.now,
  );
  const alerts = alertsOf(inputs.alerts, place).filter(({ state }) => state !== 'suppressed');
  const at = { service: service.id, environment, region: placement.region };
  const here = inputs.changes.filter(({ change }) => isAbout(change, at));
  const running = here.find(({ row }) => isExecuting(row.state));
  const requestRate = figures?.requestRate ?? notRead;
  const errorRatio = figures?.errorRatio ?? notRead;
  const change = running === undefined ? null : `${running.row.title}: ${running.row.sentence}`;
  const { state, cause } = judge({ requestRate, errorRatio, pairs, objects, alerts, change });
  const last = here[0]?.row;
  const row: ServiceRow = {
    service: service.id,
    name: service.name,
    region: placement.region,
    environment,
    state,
    cause,
    slo: slo?.id ?? null,
    figures: {
      requestRate,
      errorRatio,
      p95Seconds: figures?.p95Seconds ?? notRead,
      budgetLeft,
      burnRate1h: burn1h,
    },
    sparkline: figures?.errorHistory ?? notRead,
    versions: mapReading(objects, ({ pods }) => versionCounts(pods, placement.container)),
    alerts: alerts.length,
    lastChange: last === undefined ? null : { id: last.id, at: last.stateSince, sentence: last.title },
  };
  return { row, burn: slo === null ? null : strip };
}
