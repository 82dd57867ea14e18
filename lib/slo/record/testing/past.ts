import { random } from './random';

/**
 * A past whose events are known one by one: every scrape of every counter is written down as Prometheus would have
 * stored it, and beside it what a person would count from the samples, minute by minute.
 */
export type Truth = { good: number; bad: number; total: number };
export type Past = {
  openMetrics: string;
  /** By region, then by end of minute. A minute with a sample is there even when nothing happened. */
  minutes: Map<string, Map<number, Truth>>;
};

export type PastOptions = {
  from: number;
  to: number;
  seed: number;
  regions: readonly string[];
  scrapeSeconds?: number;
  /** Before it counters only grow, so that increase() can be compared with the truth. */
  wildFrom: number;
  /** Spans in which nothing was scraped. */
  gaps: readonly { from: number; to: number }[];
};

type Counter = { labels: string; bad: boolean; value: number; pending: number };

/** The environment and service are those of the test configuration. */
const labelsOf = (region: string, pod: string, status: string) =>
  `{service="fraiseql-api",environment="production",region="${region}",pod="${pod}",status="${status}"}`;

export function writePast(options: PastOptions): Past {
  const { from, to, regions, scrapeSeconds = 15, wildFrom, gaps } = options;
  const next = random(options.seed);
  const lines: string[] = [];
  const minutes: Past['minutes'] = new Map(regions.map((region) => [region, new Map()]));
  const pods = regions.map((region) => ({
    region,
    name: `${region}-0`,
    restarts: 0,
    counters: new Map<string, Counter>(),
  }));
  for (let at = from; at <= to; at += scrapeSeconds) {
    const wild = at >= wildFrom;
    const inGap = gaps.some((gap) => at > gap.from && at <= gap.to);
    for (const pod of pods) {
      // A deploy: other series, which begin with what happened before their first scrape.
      if (wild && next() < 0.0004) {
        pod.restarts += 1;
        pod.name = `${pod.region}-${pod.restarts}`;
        pod.counters.clear();
      }
      // A restart in place: the counters begin again under the same labels; what was not scraped is lost to all.
      // Only where each of them is seen to fall: a counter that outgrows its last value unseen hides the restart.
      const high = [...pod.counters.values()].every(({ value }) => value > 200);
      if (wild && high && !inGap && next() < 0.001) {
        for (const counter of pod.counters.values()) Object.assign(counter, { value: 0, pending: 0 });
      }
      const events: [string, number][] = [
        ['200', 20 + Math.floor(next() * 40)],
        ['404', Math.floor(next() * 3)],
        ['500', next() < 0.4 ? 1 + Math.floor(next() * 5) : 0],
      ];
      for (const [status, count] of events) {
        if (count === 0 && !pod.counters.has(status)) continue;
        const labels = labelsOf(pod.region, pod.name, status);
        const counter = pod.counters.get(status) ?? { labels, bad: status === '500', value: 0, pending: 0 };
        pod.counters.set(status, counter);
        counter.value += count;
        scrape(counter, count, pod.region, at, { wild, inGap });
      }
    }
  }
  return { openMetrics: lines.join(''), minutes };

  function scrape(
    counter: Counter,
    count: number,
    region: string,
    at: number,
    { wild, inGap }: { wild: boolean; inGap: boolean },
  ): void {
    counter.pending += count;
    if (inGap) return;
    if (wild && next() < 0.01) {
      lines.push(`fraiseql_requests_total${counter.labels} NaN ${at}\n`);
      return;
    }
    lines.push(`fraiseql_requests_total${counter.labels} ${counter.value} ${at}\n`);
    const end = Math.ceil(at / 60) * 60;
    const truth = minutes.get(region)?.get(end) ?? { good: 0, bad: 0, total: 0 };
    const events = counter.pending;
    counter.pending = 0;
    minutes.get(region)?.set(end, {
      good: truth.good + (counter.bad ? 0 : events),
      bad: truth.bad + (counter.bad ? events : 0),
      total: truth.total + events,
    });
  }
}
