import type { Matcher, Metrics } from '@/lib/config/service';
import {
  difference,
  equals,
  increase,
  type Selector,
  selector,
  sumBy,
  vector,
} from '@/lib/sources/prometheus/queries';
import type { Analysis } from '../staged/contract';

type Version = string;
/**
 * Which requests are whose. Both colours may run the same version (a shift, a redeploy): the names of their
 * Deployments then tell the pods apart.
 */
export type Versions = {
  candidate: Version;
  baseline: Version;
  /** `old`: the baseline is pods of its own, of the same version as those of the old Deployment. */
  deployments?: { candidate: string; baseline: string; old?: string };
};

/** Samples that a rate needs: two, and one more for the scrape that just does not fall into the window. */
const scrapesInWindow = 3;

/** Half as long again: a proof that just misses its requests waits no longer than it must. */
const longer = (seconds: number): number => Math.ceil(seconds * 1.5);

/** Windows of a proof of the share, in seconds: at few requests a longer one is needed, and never a too long one. */
export function shareWindows(
  scrapeSeconds: number,
  longestSeconds: number,
  shortestSeconds: number,
): number[] {
  const windows = [Math.ceil(Math.max(scrapesInWindow * scrapeSeconds, shortestSeconds))];
  for (let next = longer(windows[0] ?? 0); next <= longestSeconds; next = longer(next)) windows.push(next);
  return windows;
}

/**
 * PromQL for a comparison of two versions in one place. Failures fall back to 0 only where the series of all requests
 * exist, so that "no failures" is 0 and "no data" stays empty. Both versions are asked over the same window
 * (change-engine.md 1.1), and all requests whatever their version beside them: the self-test of fault 22.
 */
export function analysisQueries(
  metrics: Metrics,
  at: { environment: string; region: string },
  versions: Versions,
  windowSeconds: number,
  share?: { scrapeSeconds: number; longestSeconds: number; shortestSeconds: number },
): Analysis['queries'] {
  const { labels, requests } = metrics;
  const place: Matcher[] = [
    ...metrics.selector,
    equals(labels.environment, at.environment),
    equals(labels.region, at.region),
  ];
  const isTold = versions.candidate !== versions.baseline;
  const named = versions.deployments;
  const ofPods = (version: Version, deployment: string | undefined): Matcher[] => {
    const pods = deployment === undefined ? [] : [podsOf(labels.pod, deployment)];
    return [...place, equals(labels.version, version), ...pods];
  };
  const candidate = ofPods(versions.candidate, isTold ? undefined : named?.candidate);
  const isBeside = named?.old !== undefined;
  const baseline = ofPods(versions.baseline, isTold && !isBeside ? undefined : named?.baseline);
  const old = isBeside ? ofPods(versions.baseline, named.old) : null;
  const counted = selector(requests.total, candidate);
  return {
    candidate: pairOf(metrics, candidate, windowSeconds),
    baseline: pairOf(metrics, baseline, windowSeconds),
    ...(old === null ? {} : { old: pairOf(metrics, old, windowSeconds) }),
    all: sumOf(selector(requests.total, place), windowSeconds),
    sampleAge: difference({ kind: 'expr', text: 'time()' }, newest(counted)).text,
    pods: scraped(labels.pod, counted),
    ...(old === null ? {} : { baselinePods: scraped(labels.pod, selector(requests.total, baseline)) }),
    ...(share === undefined
      ? {}
      : {
          share: shareWindows(share.scrapeSeconds, share.longestSeconds, share.shortestSeconds).map(
            (window) => ({
              windowSeconds: window,
              candidate: sumOf(counted, window),
              baseline: sumOf(selector(requests.total, baseline), window),
              ...(old === null ? {} : { old: sumOf(selector(requests.total, old), window) }),
            }),
          ),
        }),
  };
}

/** How many pods have series. */
const scraped = (label: string, of: Selector): string => `count(count by (${label}) (${vector(of).text}))`;

/** Names that a Deployment gives its pods: its own, the hash of the template, five characters. */
const podsOf = (label: string, deployment: string): Matcher => ({
  label,
  op: '=~',
  value: `${deployment}-[a-z0-9]+-[a-z0-9]{5}`,
});

const newest = (of: Selector) => ({ kind: 'expr' as const, text: `max(timestamp(${of.text}))` });

function sumOf(of: Selector, windowSeconds: number): string {
  return sumBy([], increase(of, Math.max(1, Math.round(windowSeconds)))).text;
}

function pairOf({ requests }: Metrics, matchers: Matcher[], windowSeconds: number) {
  const total = sumOf(selector(requests.total, matchers), windowSeconds);
  const failed = sumOf(selector(requests.failed, matchers), windowSeconds);
  return { total, failed: `${failed} or 0 * ${total}` };
}
