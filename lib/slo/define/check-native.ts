import 'server-only';
import type { HttpSource } from '@/lib/config/sources';
import { queryInstant } from '@/lib/sources/prometheus/client';
import { labelValues, serverFeatures } from '@/lib/sources/prometheus/metadata';
import { histogramCount, type Selector, sumBy, vector } from '@/lib/sources/prometheus/queries';
import { SourceError } from '@/lib/sources/source-error';

type Said = { state: 'ok' | 'wrong'; says: string };

const atLeast = (version: string, major: number, minor: number): boolean => {
  const [first = 0, second = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return first > major || (first === major && second >= minor);
};

/**
 * Why a server cannot have native histograms; null when it can (prometheus.io/docs/specs/native_histograms): none
 * before 2.40, behind a feature flag until 3.7, and by `scrape_native_histograms` since 3.8.
 */
export function nativeRefusal(server: { version: string; features: string[] | null }): string | null {
  const { version, features } = server;
  if (!atLeast(version, 2, 40)) return `Prometheus ${version} has no native histograms; 2.40 is the first.`;
  if (atLeast(version, 3, 8) || features === null || features.includes('native-histograms')) return null;
  return `Prometheus ${version} runs without them: start it with --enable-feature=native-histograms.`;
}

/** A native histogram is there; else why not, and what is there in its place. */
export async function checkNative(
  source: HttpSource,
  histogram: Selector,
  span: { from: number; to: number },
): Promise<Said[]> {
  const metric = /^[A-Za-z0-9_:]*/.exec(histogram.text)?.[0] ?? '';
  if (await hasNative(source, histogram)) {
    return [{ state: 'ok', says: `${metric} is a native histogram.` }];
  }
  const server = await serverFeatures(source);
  const names = await labelValues(source, '__name__', span);
  const classic = names.includes(`${metric}_bucket`)
    ? ` ${metric}_bucket is a classic histogram: use {kind: latency, buckets: {metric: ${metric}_bucket}}.`
    : '';
  const scraped = atLeast(server.version, 3, 8)
    ? ' Native ones are stored only where scrape_native_histograms is on for the job.'
    : '';
  const refusal = nativeRefusal(server) ?? `no native histogram matches ${histogram.text}.${scraped}`;
  return [{ state: 'wrong', says: `${refusal}${classic}` }];
}

/** histogram_count drops floats, so what is left is native; servers before 2.40 do not know the function. */
async function hasNative(source: HttpSource, histogram: Selector): Promise<boolean> {
  try {
    return (await queryInstant(source, sumBy([], histogramCount(vector(histogram))))).series.length > 0;
  } catch (error) {
    if (error instanceof SourceError && error.isBadQuestion) return false;
    throw error;
  }
}
