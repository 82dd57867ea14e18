import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Matcher, Metrics } from '@/lib/config/service';
import { serviceOf } from '@/lib/service/placements';
import { equals, increase, selector, sumBy } from '@/lib/sources/prometheus/queries';
import type { Counted } from '../analysis/fisher';
import { askTogether } from '../analysis/read';
import { guardSource } from '../guard/read';

const hour = 3600;
const week = 7 * 86_400;
/** A rate needs a few scrapes, however short ago the deploy was. */
const scrapesInWindow = 4;

export type WatchedPlace = {
  service: string;
  environment: string;
  regions: readonly string[];
  version: string;
  startedAt: Date;
  finishedAt: Date;
};
export type WatchCounts = {
  version: Counted | { problem: string };
  before: Counted | null;
  lastWeek: Counted | null;
};

/** PromQL for all and failed requests in a window; of one version, or whatever the version is. */
function pairOf(
  { selector: own, labels, requests }: Metrics,
  at: { environment: string; region: string; version?: string },
  windowSeconds: number,
): { total: string; failed: string } {
  const matchers: Matcher[] = [
    ...own,
    equals(labels.environment, at.environment),
    equals(labels.region, at.region),
    ...(at.version === undefined ? [] : [equals(labels.version, at.version)]),
  ];
  const sum = (of: Metrics['requests']['total']) =>
    sumBy([], increase(selector(of, matchers), windowSeconds)).text;
  const total = sum(requests.total);
  return { total, failed: `${sum(requests.failed)} or 0 * ${total}` };
}

/**
 * The requests of the version until `at`, for at most an hour, beside those of the service in the hour before the
 * change and in the same hour of last week (change-engine.md 2.8); all regions together. Never throws.
 */
export async function readCounts(config: Config, place: WatchedPlace, at: Date): Promise<WatchCounts> {
  const { metrics } = serviceOf(config, place.service);
  const regions = await Promise.all(
    place.regions.map(async (region) => {
      const source = guardSource(config, place.environment, region);
      const where = { environment: place.environment, region };
      const sinceEnd = (at.getTime() - place.finishedAt.getTime()) / 1000;
      const shortest = scrapesInWindow * (source?.scrapeInterval ?? 0);
      const window = Math.ceil(Math.min(hour, Math.max(shortest, sinceEnd)));
      const version = pairOf(metrics, { ...where, version: place.version }, window);
      const all = pairOf(metrics, where, hour);
      const ask = async (parts: { total: string; failed: string }, when: Date) =>
        countedOf(await askTogether(source, parts, when));
      const [now, before, lastWeek] = await Promise.all([
        ask(version, at),
        ask(all, place.startedAt),
        ask(all, new Date(at.getTime() - week * 1000)),
      ]);
      return { now, before, lastWeek };
    }),
  );
  return {
    version: joined(regions.map(({ now }) => now)),
    before: known(joined(regions.map(({ before }) => before))),
    lastWeek: known(joined(regions.map(({ lastWeek }) => lastWeek))),
  };
}

type Read = Counted | { problem: string };

function countedOf(given: Awaited<ReturnType<typeof askTogether>>): Read {
  if (!given.ok) return { problem: given.problem };
  const warning = given.warnings[0];
  if (warning !== undefined) return { problem: `Prometheus warns of its own answer: ${warning}` };
  const [total, failed] = [given.values.get('total'), given.values.get('failed')];
  const isCount = (value: number | undefined): value is number =>
    value !== undefined && Number.isFinite(value) && value >= 0;
  if (!isCount(total) || !isCount(failed)) return { problem: 'No requests are counted.' };
  const whole = Math.round(total);
  return { total: whole, failed: Math.min(whole, Math.round(failed)) };
}

/** One region that cannot be read makes the sum unknown: it may be the one that fails. */
function joined(all: readonly Read[]): Read {
  let [total, failed] = [0, 0];
  for (const one of all) {
    if ('problem' in one) return one;
    total += one.total;
    failed += one.failed;
  }
  return { total, failed };
}

const known = (read: Read): Counted | null => ('problem' in read ? null : read);
