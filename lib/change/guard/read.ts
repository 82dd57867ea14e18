import 'server-only';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import { queryInstant } from '@/lib/sources/prometheus/client';
import type { GuardReading, GuardSample } from './verdict';

type PrometheusSource = Config['sources']['prometheus'][number];

/** The Prometheus that holds the series of an environment and region; null when none is configured. */
export const guardSource = (config: Config, environment: string, region: string): PrometheusSource | null =>
  config.sources.prometheus.find(
    (source) =>
      (source.environments === undefined || source.environments.includes(environment)) &&
      (source.regions === undefined || source.regions.includes(region)),
  ) ?? null;

/** One number of an instant query; an answer without series is null. Never throws. */
export async function readSample(source: PrometheusSource | null, query: string): Promise<GuardSample> {
  if (source === null)
    return { ok: false, problem: 'No Prometheus is configured for this environment and region.' };
  try {
    const { series } = await queryInstant(source, { kind: 'expr', text: query });
    const [first] = series;
    return first === undefined ? { ok: true, value: null } : { ok: true, value: first.value, at: first.at };
  } catch (error) {
    return { ok: false, problem: messageOf(error) };
  }
}

/** The guard's two figures, asked together. */
export async function readGuard(
  source: PrometheusSource | null,
  queries: { total: string; failed: string },
): Promise<GuardReading> {
  const [total, failed] = await Promise.all([
    readSample(source, queries.total),
    readSample(source, queries.failed),
  ]);
  return { total, failed };
}
