import type { Config } from '@/lib/config/schema';
import type { Matcher, Series } from '@/lib/config/series';

/** What of an objective says which series are counted; those of an earlier release may lack some of it. */
export type Selecting = {
  service: string;
  scope?: 'service' | 'written' | undefined;
  indicator:
    | string
    | {
        kind: string;
        total?: Series | undefined;
        buckets?: Series | undefined;
        histogram?: Series | undefined;
        gauge?: Series | undefined;
      };
};

/**
 * The regions whose events an objective counts at all, by the matchers on the region label of what it counts; null
 * where none is named: then all are. A pattern that cannot be judged here counts as one that fits.
 */
export function selectedRegions(
  config: Config,
  { service: id, scope, indicator }: Selecting,
): string[] | null {
  const metrics = config.services.find((service) => service.id === id)?.metrics;
  if (metrics === undefined) return null;
  const series =
    typeof indicator === 'string'
      ? metrics.requests.total
      : (indicator.total ??
        indicator.histogram ??
        indicator.gauge ??
        indicator.buckets ??
        metrics.latency?.buckets);
  const matchers = [...(series?.matchers ?? []), ...(scope === 'written' ? [] : metrics.selector)].filter(
    ({ label }) => label === metrics.labels.region,
  );
  if (matchers.length === 0) return null;
  return config.regions
    .map((region) => region.id)
    .filter((region) => matchers.every((matcher) => mayFit(matcher, region)));
}

function mayFit({ op, value }: Matcher, region: string): boolean {
  if (op === '=' || op === '!=') return (region === value) === (op === '=');
  const pattern = patternOf(value);
  return pattern === null || pattern.test(region) === (op === '=~');
}

/** As Prometheus takes it, whole; null for what RE2 knows and JavaScript does not. */
function patternOf(value: string): RegExp | null {
  try {
    return new RegExp(`^(?:${value})$`, 's');
  } catch {
    return null;
  }
}
