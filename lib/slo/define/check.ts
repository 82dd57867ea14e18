import 'server-only';
import type { Config } from '@/lib/config/schema';
import type { Service } from '@/lib/config/service';
import type { Slo } from '@/lib/config/slo';
import type { HttpSource } from '@/lib/config/sources';
import { nearest } from '@/lib/config/suggest';
import { messageOf } from '@/lib/core/errors';
import { now } from '@/lib/core/time';
import { byPrometheus, placementsIn } from '@/lib/service/placements';
import { queryInstant } from '@/lib/sources/prometheus/client';
import { labelValues } from '@/lib/sources/prometheus/metadata';
import { type Selector, sumBy, vector } from '@/lib/sources/prometheus/queries';
import { boundSeconds, boundText, findBound } from './bound';
import { checkNative } from './check-native';
import { environmentsOf, type IndicatorQueries, indicatorOf } from './indicator';

/** One line about an objective. `wrong`: it cannot be measured as it stands; a `note` may be right as it is. */
export type SloFinding = { state: 'ok' | 'wrong' | 'note'; subject: string; says: string };
type Said = Omit<SloFinding, 'subject'>;
type Counters = Extract<IndicatorQueries, { kind: 'counters' }>;

/** Label values of the last hour are what an objective can count on now. */
const liveSeconds = 3600;

/** Compares every objective with what each Prometheus has: series, groups, buckets, native histograms. */
export async function checkObjectives(config: Config): Promise<SloFinding[]> {
  const checks = config.slos.flatMap((slo) => {
    const service = config.services.find(({ id }) => id === slo.service);
    if (service === undefined) return [];
    return environmentsOf(service, slo).flatMap((environment) => {
      const places = placementsIn(config, environment).filter((place) => place.service.id === service.id);
      const sources = [...byPrometheus(config, places).keys()];
      return sources.map((source) => checkObjective(source, service, slo, environment));
    });
  });
  return (await Promise.all(checks)).flat();
}

/** One objective in one environment against one Prometheus. Never throws: a failure is a finding. */
export async function checkObjective(
  source: HttpSource,
  service: Service,
  slo: Slo,
  environment: string,
): Promise<SloFinding[]> {
  const subject = `SLO ${slo.id} in ${environment}, Prometheus ${source.id}`;
  const seconds = Math.floor(now().getTime() / 1000);
  const span = { from: seconds - liveSeconds, to: seconds };
  try {
    const asked = indicatorOf(service, slo, environment);
    const found = await checkIndicator(source, slo, asked, span);
    return found.map((said) => ({ subject, ...said }));
  } catch (error) {
    return [{ state: 'wrong', subject, says: `cannot be checked: ${messageOf(error)}` }];
  }
}

type TimeSpan = { from: number; to: number };

async function checkIndicator(
  source: HttpSource,
  slo: Slo,
  asked: IndicatorQueries,
  span: TimeSpan,
): Promise<Said[]> {
  if (asked.kind === 'native') return checkNative(source, asked.histogram, span);
  if (asked.kind === 'probe') return checkSeries(source, asked.selector, asked.groupBy, span);
  const { indicator } = slo;
  const below = indicator !== 'availability' && indicator.kind === 'latency' ? indicator.below : null;
  const total = await checkSeries(source, asked.counted[0].selector, asked.groupBy, span);
  if (total.some(({ state }) => state === 'wrong')) return total;
  return [
    ...total,
    ...(below === null ? await checkOther(source, asked) : await checkBucket(source, asked, below, span)),
  ];
}

const metricOf = ({ text }: Selector): string => /^[A-Za-z0-9_:]*/.exec(text)?.[0] ?? '';

/** The series are there, and each has the labels by which groups are told apart. */
async function checkSeries(
  source: HttpSource,
  of: Selector,
  groupBy: readonly string[],
  span: TimeSpan,
): Promise<Said[]> {
  const { series } = await queryInstant(source, sumBy(groupBy, vector(of)));
  if (series.length === 0) return [{ state: 'wrong', says: await missingSeries(source, of, span) }];
  const absent = groupBy.filter((label) => series.some(({ labels }) => (labels[label] ?? '') === ''));
  const groups = groupBy.length === 0 ? 'one figure' : `${series.length} groups by ${groupBy.join(', ')}`;
  if (absent.length === 0) return [{ state: 'ok', says: `${metricOf(of)} is there; ${groups}.` }];
  return [
    {
      state: 'note',
      says: `${metricOf(of)} is there, but some of its series have no label ${absent.join(' and no label ')}: they make a group of their own.`,
    },
  ];
}

async function missingSeries(source: HttpSource, of: Selector, span: TimeSpan): Promise<string> {
  const metric = metricOf(of);
  const names = await labelValues(source, '__name__', span);
  const none = `no series match ${of.text}`;
  if (names.includes(metric)) return `${none}: ${metric} exists, but not with these labels.`;
  const near = nearest(metric, names);
  return `${none}: there is no metric ${metric}${near === null ? '.' : `; did you mean ${near}?`}`;
}

/** No good events make the objective 0 %; no bad ones may be the truth. */
async function checkOther(source: HttpSource, { counted }: Counters): Promise<Said[]> {
  const { role, selector } = counted[1];
  const { series } = await queryInstant(source, sumBy([], vector(selector)));
  if (series.length > 0) return [];
  if (role === 'good') return [{ state: 'wrong', says: `no series of good events match ${selector.text}.` }];
  return [
    {
      state: 'note',
      says: `no series of bad events match ${selector.text}: either nothing has failed yet, or the selector is wrong.`,
    },
  ];
}

/** A bound that is no bucket would make every request slow, or none (slo.md 1.4). */
async function checkBucket(
  source: HttpSource,
  { counted }: Counters,
  below: string,
  span: TimeSpan,
): Promise<Said[]> {
  // The total is the +Inf bucket; without that matcher it is all buckets of the same histogram.
  const all: Selector = {
    kind: 'selector',
    text: counted[0].selector.text.replace('le="+Inf",', '').replace(/,?le="\+Inf"/, ''),
  };
  const les = await labelValues(source, 'le', { of: all, ...span });
  const { exists, lower, upper } = findBound(boundSeconds(below), les);
  if (exists) return [{ state: 'ok', says: `${below} is a bucket of ${metricOf(all)}.` }];
  const near = [lower, upper].filter((bound) => bound !== null).map(boundText);
  const offer = near.length === 0 ? 'It has no finite buckets.' : `The nearest are ${near.join(' and ')}.`;
  return [{ state: 'wrong', says: `${metricOf(all)} has no bucket of ${below}. ${offer}` }];
}
