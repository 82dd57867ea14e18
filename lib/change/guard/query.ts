import type { Matcher, Metrics } from '@/lib/config/service';
import { equals, increase, selector, sumBy } from '@/lib/sources/prometheus/queries';

/**
 * PromQL for the requests of one version in the window: all, and failed. Failures fall back to 0 only where the
 * series of all requests exist, so that "no failures" is 0 and "no data" stays empty.
 */
export function guardQueries(
  metrics: Metrics,
  at: { environment: string; region: string; version: string },
  windowSeconds: number,
): { total: string; failed: string } {
  const { labels, requests } = metrics;
  const matchers: Matcher[] = [
    ...metrics.selector,
    equals(labels.environment, at.environment),
    equals(labels.region, at.region),
    equals(labels.version, at.version),
  ];
  const seconds = Math.max(1, Math.round(windowSeconds));
  const total = sumBy([], increase(selector(requests.total, matchers), seconds)).text;
  const failed = sumBy([], increase(selector(requests.failed, matchers), seconds)).text;
  return { total, failed: `${failed} or 0 * ${total}` };
}
