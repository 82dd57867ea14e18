import 'server-only';
import { config as loadedConfig } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import { rateWindow } from '@/lib/service/figures';
import { byPrometheus, keyOf } from '@/lib/service/placements';
import { figureLabel, increaseOfAll, regionLabel, serviceLabel } from '@/lib/service/series';
import { clusterClient } from '@/lib/sources/kubernetes/client';
import { queryInstant } from '@/lib/sources/prometheus/client';
import { type Component, componentsOf } from './components';
import type { ComponentState } from './contract';
import { type Measured, measuredState } from './measure';
import { countPods } from './pods';

type Errors = Map<string, { total: number; failed: number }>;

/** Requests of the last minute per component; components of a Prometheus that fails are absent. */
async function readErrors(
  config: Config,
  components: readonly Component[],
): Promise<{ errors: Errors; known: Set<string> }> {
  const errors: Errors = new Map();
  const known = new Set<string>();
  const places = components.map(({ place }) => place);
  await Promise.all(
    [...byPrometheus(config, places)].map(async ([source, group]) => {
      try {
        const { series } = await queryInstant(source, increaseOfAll(group, rateWindow(source)));
        for (const place of group) known.add(keyOf(place));
        for (const { labels, value } of series) {
          const key = `${labels[serviceLabel]}/${labels[regionLabel]}`;
          const one = errors.get(key) ?? { total: 0, failed: 0 };
          const counted = Number.isFinite(value) ? value : 0;
          errors.set(
            key,
            labels[figureLabel] === 'total' ? { ...one, total: counted } : { ...one, failed: counted },
          );
        }
      } catch (error) {
        logger('worker').warn({ source: source.id, error: messageOf(error) }, 'status could not be measured');
      }
    }),
  );
  return { errors, known };
}

async function readPods(
  config: Config,
  components: readonly Component[],
): Promise<Map<string, Measured['pods']>> {
  const clients = new Map(
    config.clusters.map((cluster) => [cluster.id, clusterClient(cluster, cluster.worker)]),
  );
  const found = await Promise.all(
    components.map(async ({ id, place: { placement } }): Promise<[string, Measured['pods']]> => {
      const client = clients.get(placement.cluster);
      if (client === undefined) return [id, null];
      try {
        return [id, await countPods(client, placement)];
      } catch (error) {
        logger('worker').warn({ component: id, error: messageOf(error) }, 'pods could not be counted');
        return [id, null];
      }
    }),
  );
  await Promise.all([...clients.values()].map((client) => client.close()));
  return new Map(found);
}

/** The state of every component now, with the worker's own read rights. Never throws for a dead source. */
export async function measureComponents(config: Config): Promise<Map<string, ComponentState>> {
  const components = componentsOf(config);
  const [{ errors, known }, pods] = await Promise.all([
    readErrors(config, components),
    readPods(config, components),
  ]);
  return new Map(
    components.map(({ id }) => {
      const counts = errors.get(id);
      const errorRatio =
        counts === undefined || counts.total <= 0 ? null : Math.min(1, counts.failed / counts.total);
      return [id, measuredState({ errorRatio, errorsKnown: known.has(id), pods: pods.get(id) ?? null })];
    }),
  );
}

declare global {
  var signalboxMeasured: { atMs: number; states: Map<string, ComponentState> } | undefined;
}

/** The last measurement of this process when it is younger than `ms`, else a new one. */
export async function recentMeasure(config: Config, ms: number): Promise<Map<string, ComponentState>> {
  const kept = globalThis.signalboxMeasured;
  if (kept !== undefined && monotonicMs() - kept.atMs < ms) return kept.states;
  const states = await measureComponents(config);
  globalThis.signalboxMeasured = { atMs: monotonicMs(), states };
  return states;
}

type Column = 'operational' | 'degraded' | 'partial' | 'major' | 'unknown';
/** Maintenance is announced by people, not measured, so it has no column. */
const columns: Record<ComponentState, Column> = {
  operational: 'operational',
  under_maintenance: 'operational',
  degraded_performance: 'degraded',
  partial_outage: 'partial',
  major_outage: 'major',
  unknown: 'unknown',
};

/**
 * Measures once and books the time since the last sample to the state found, at most two minutes: what lies
 * before was not watched. Several workers may call it; a sample within 45 s of the last is not booked.
 */
export async function sampleStatus(db: Database, config: Config = loadedConfig()): Promise<void> {
  const states = await recentMeasure(config, 1000);
  for (const [component, state] of states) {
    const column = columns[state];
    const is = (name: Column): number => (name === column ? 1 : 0);
    await db.$executeRaw`
      INSERT INTO status_day AS d (component, day, operational, degraded, partial, major, unknown, updated_at)
      VALUES (${component}, (app.now() AT TIME ZONE 'UTC')::date, ${60 * is('operational')}, ${60 * is('degraded')},
        ${60 * is('partial')}, ${60 * is('major')}, ${60 * is('unknown')}, app.now())
      ON CONFLICT (component, day) DO UPDATE SET
        operational = d.operational + ${is('operational')}::int * least(120, extract(epoch FROM app.now() - d.updated_at)::int),
        degraded = d.degraded + ${is('degraded')}::int * least(120, extract(epoch FROM app.now() - d.updated_at)::int),
        partial = d.partial + ${is('partial')}::int * least(120, extract(epoch FROM app.now() - d.updated_at)::int),
        major = d.major + ${is('major')}::int * least(120, extract(epoch FROM app.now() - d.updated_at)::int),
        unknown = d.unknown + ${is('unknown')}::int * least(120, extract(epoch FROM app.now() - d.updated_at)::int),
        updated_at = app.now()
      WHERE d.updated_at <= app.now() - interval '45 seconds'`;
  }
}
