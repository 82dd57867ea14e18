import 'server-only';
import { z } from 'zod';
import type { Config } from '@/lib/config/schema';
import { type Slo, windowSeconds } from '@/lib/config/slo';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { serviceOf } from '@/lib/service/placements';
import { histogramBelow, histogramCount, increase, sumBy, vector } from '@/lib/sources/prometheus/queries';
import { definitionHash, groupLabels, indicatorOf } from '../define/indicator';
import { windowWords } from '../fleet/row';
import type { FleetState } from '../fleet/state';
import type { EarlierDefinition, SloDefinition } from './contract';
import { definitionWords, groupingWords, indicatorWords, methodWords } from './words';

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The counts of the window as one would ask Prometheus by hand: what the recorder adds up bucket by bucket. */
function queriesOf(config: Config, slo: Slo, environment: string): SloDefinition['queries'] {
  const queries = indicatorOf(serviceOf(config, slo.service), slo, environment);
  const seconds = windowSeconds(slo);
  switch (queries.kind) {
    case 'counters':
      return queries.counted.map(({ role, selector }) => ({
        role,
        promql: sumBy(queries.groupBy, increase(selector, seconds)).text,
      }));
    case 'native': {
      const of = sumBy(queries.groupBy, increase(queries.histogram, seconds));
      return [
        { role: 'total', promql: histogramCount(of).text },
        { role: 'good', promql: histogramBelow(queries.below, of).text },
      ];
    }
    case 'probe': {
      const { op, value } = queries.healthy;
      return [{ role: 'healthy', promql: `${vector(queries.selector).text} ${op} bool ${value}` }];
    }
    default:
      return queries satisfies never;
  }
}

/** The objective in words, as it is configured now. */
export function definitionOf(
  config: Config,
  slo: Slo,
  environment: string,
  state: FleetState,
): SloDefinition {
  const service = serviceOf(config, slo.service);
  const hash = definitionHash(service, slo, environment);
  const seen = state.groups.filter((group) => group.slo === slo.id && group.hash === hash);
  return {
    words: definitionWords(service, slo),
    indicator: indicatorWords(service, slo),
    method: methodWords(slo),
    window: windowWords(slo),
    grouping: groupingWords(groupLabels(service, slo)),
    description: slo.description ?? null,
    queries: queriesOf(config, slo, environment),
    hash: hash.slice(0, 12),
    since: seen.length === 0 ? null : iso(Math.min(...seen.map(({ firstSeen }) => firstSeen))),
  };
}

/** What is kept of an edited definition; it was valid by the rules of its time, so little is asked of it. */
const Metric = z.object({ metric: z.string() });
const Past = z.object({
  groupBy: z.array(z.string()).optional(),
  indicator: z.union([
    z.literal('availability'),
    z.object({
      kind: z.string(),
      total: Metric.optional(),
      good: Metric.optional(),
      bad: Metric.optional(),
      buckets: Metric.optional(),
      histogram: Metric.optional(),
      gauge: Metric.optional(),
      below: z.string().optional(),
    }),
  ]),
});

/** An edited definition in words. */
export function earlierWords(definition: unknown): string {
  const past = Past.safeParse(definition).data;
  if (past === undefined) return 'A definition of an earlier release.';
  const grouped = past.groupBy === undefined ? '' : ` ${groupingWords(past.groupBy)}`;
  if (past.indicator === 'availability') return `Availability of the service's requests.${grouped}`;
  const { kind, below, ...series } = past.indicator;
  const metrics = [
    ...new Set(
      [series.total, series.good, series.bad, series.buckets, series.histogram, series.gauge].flatMap(
        (one) => one?.metric ?? [],
      ),
    ),
  ];
  const bound = below === undefined ? '' : ` below ${below}`;
  return `${kind}${bound}${metrics.length === 0 ? '' : ` of ${metrics.join(' and ')}`}.${grouped}`;
}

/** The definitions that this objective had before, with the span that the buckets of each cover. */
export async function earlierDefinitions(
  db: DatabaseOrTransaction,
  config: Config,
  slo: Slo,
  state: FleetState,
): Promise<EarlierDefinition[]> {
  const hash = definitionHash(serviceOf(config, slo.service), slo, state.environment);
  const past = state.progress.filter((one) => one.slo === slo.id && one.hash !== hash);
  if (past.length === 0) return [];
  const ids = past.map(({ definitionId }) => definitionId);
  const spans = await db.$queryRaw<{ id: number; from: number; to: number }[]>`
    SELECT g.definition_id AS id, extract(epoch FROM min(c.start_at))::float8 AS "from",
      extract(epoch FROM max(c.start_at + make_interval(secs => CASE c.size WHEN 60 THEN 3600 ELSE 86400 END)))::float8 AS "to"
    FROM slo_chunk c JOIN slo_group g ON g.id = c.group_id
    WHERE g.definition_id = ANY(${ids}::int[]) AND c.known > 0 GROUP BY g.definition_id`;
  const rows = await db.sloDefinition.findMany({
    where: { id: { in: ids } },
    select: { id: true, firstSeenAt: true, retiredAt: true },
    orderBy: { firstSeenAt: 'desc' },
  });
  return rows.flatMap(({ id, firstSeenAt, retiredAt }) => {
    const one = past.find(({ definitionId }) => definitionId === id);
    const span = spans.find((found) => found.id === id);
    if (one === undefined) return [];
    // A chunk spans an hour or a day; what was recorded ends earlier.
    const to = span === undefined ? null : Math.min(span.to, one.recordedUntil ?? span.to);
    return {
      hash: one.hash.slice(0, 12),
      words: earlierWords(one.definition),
      seenFrom: firstSeenAt.toISOString(),
      seenTo: retiredAt?.toISOString() ?? null,
      from: span === undefined ? null : iso(span.from),
      to: to === null ? null : iso(to),
    };
  });
}
