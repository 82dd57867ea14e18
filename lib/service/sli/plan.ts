import type { Metrics, Series, Service } from '@/lib/config/service';
import { type SliId, sliIds } from '@/lib/config/sli-guide';
import {
  addLabel,
  aggregate,
  type Expr,
  either,
  equals,
  quantile,
  rate,
  ratio,
  type Selector,
  selector,
  sumBy,
  vector,
} from '@/lib/sources/prometheus/queries';
import type { Located } from '../placements';
import { figureLabel, requests, serviceSelector } from '../series';

/** One number of an indicator, and the metric it is read from. */
export type SliPart = { key: string; metric: string; expr: Expr };

/** How the numbers make the figure. */
export type SliPlan = {
  sli: SliId;
  /** The question as a person would type it; the parts are asked one by one, in one query. */
  query: Expr;
} & (
  | { kind: 'value'; value: SliPart }
  /** `part` over `whole`; `isCount` where an absent part is 0: a counter of failures is born with the first. */
  | { kind: 'share'; part: SliPart; whole: SliPart; isCount: boolean }
  /** `part` over `part` and `rest` together. */
  | { kind: 'of-both'; part: SliPart; rest: SliPart }
);

/** No series are named: what is missing, and what to add to signalbox.yaml. */
export type Unplanned = { sli: SliId; kind: 'not-configured'; sentence: string; add: string };

export type Scope = 'service' | 'region';
type Gauge = Metrics['gauges'][number];
type Context = { place: Located; windowSeconds: number };

const plus = (left: Expr, right: Expr): Expr => ({ kind: 'expr', text: `(${left.text}) + (${right.text})` });

/** Series of a place: those of the service there, or what its region shares. */
function pick({ service, environment, placement }: Located, series: Series, scope: Scope): Selector {
  if (scope === 'service') return serviceSelector(service, series, { environment, region: placement.region });
  return selector(series, [equals(service.metrics.labels.region, placement.region)]);
}

const summed = (of: Selector, kind: 'gauge' | 'counter', windowSeconds: number): Expr =>
  sumBy([], kind === 'counter' ? rate(of, windowSeconds) : vector(of));

function share(sli: SliId, part: SliPart, whole: SliPart, isCount = false): SliPlan {
  return { sli, kind: 'share', part, whole, isCount, query: ratio(part.expr, whole.expr) };
}

function part(
  sli: SliId,
  name: string,
  series: Series,
  context: Context,
  how: { kind: 'gauge' | 'counter'; scope: Scope },
): SliPart {
  const of = pick(context.place, series, how.scope);
  return {
    key: `${sli}/${name}`,
    metric: series.metric,
    expr: summed(of, how.kind, context.windowSeconds),
  };
}

/** A gauge of the service: a share of its limit, or one already. Sums add up on both sides before the division. */
function gaugePlan(sli: SliId, gauge: Gauge, context: Context): SliPlan | Unplanned {
  const { limit, used, kind } = gauge;
  if (limit !== undefined) {
    return share(
      sli,
      part(sli, 'used', used, context, { kind, scope: 'service' }),
      part(sli, 'limit', limit, context, { kind: 'gauge', scope: 'service' }),
    );
  }
  if (gauge.unit !== 'ratio') {
    return {
      sli,
      kind: 'not-configured',
      sentence: `The gauge ${gauge.id} has no limit, so what share of it is used is not known.`,
      add: `metrics.gauges: limit of ${gauge.id}`,
    };
  }
  const of = pick(context.place, used, 'service');
  // Shares do not add up over series: their mean.
  const expr = aggregate('avg', kind === 'counter' ? rate(of, context.windowSeconds) : vector(of));
  return { sli, kind: 'value', value: { key: `${sli}/value`, metric: used.metric, expr }, query: expr };
}

const gaugeOf = (service: Service, id: string): Gauge | undefined =>
  service.metrics.gauges.find((gauge) => gauge.id === id);

function usagePlan(sli: 'cpu' | 'memory' | 'connections', context: Context): SliPlan | Unplanned {
  const { service } = context.place;
  const { used, limit, kind, scope, gauge } = service.slis[sli];
  if (used !== undefined && limit !== undefined) {
    return share(
      sli,
      part(sli, 'used', used, context, { kind, scope }),
      part(sli, 'limit', limit, context, { kind: 'gauge', scope }),
    );
  }
  const found = gaugeOf(service, gauge ?? sli);
  if (found !== undefined) return gaugePlan(sli, found, context);
  return {
    sli,
    kind: 'not-configured',
    sentence: `${service.name} names no series for it.`,
    add: `slis.${sli}: used and limit, or a gauge ${sli} with a limit in metrics.gauges`,
  };
}

function counterPair(
  sli: 'disk-io-wait' | 'cache-hits',
  names: readonly [string, string],
  context: Context,
): SliPlan | Unplanned {
  const { service } = context.place;
  const own = service.slis[sli];
  const [first, second] =
    'hits' in own ? [own.hits, own.misses] : 'waited' in own ? [own.waited, own.all] : [];
  if (first !== undefined && second !== undefined) {
    const how = { kind: 'counter', scope: own.scope } as const;
    const [one, other] = [
      part(sli, names[0], first, context, how),
      part(sli, names[1], second, context, how),
    ];
    if (sli === 'disk-io-wait') return share(sli, one, other);
    const query = ratio(one.expr, plus(one.expr, other.expr));
    return { sli, kind: 'of-both', part: one, rest: other, query };
  }
  const found = gaugeOf(service, own.gauge ?? sli);
  if (found !== undefined) return gaugePlan(sli, found, context);
  return {
    sli,
    kind: 'not-configured',
    sentence: `${service.name} names no series for it.`,
    add: `slis.${sli}: ${names.join(' and ')}, or a gauge ${sli} in metrics.gauges`,
  };
}

function latencyPlan(sli: 'latency-p95' | 'latency-p99', q: number, context: Context): SliPlan | Unplanned {
  const { place, windowSeconds } = context;
  const buckets = place.service.slis[sli].buckets ?? place.service.metrics.latency?.buckets;
  if (buckets === undefined) {
    return {
      sli,
      kind: 'not-configured',
      sentence: `${place.service.name} names no latency histogram.`,
      add: 'metrics.latency.buckets',
    };
  }
  const expr = quantile(q, pick(place, buckets, 'service'), windowSeconds, []);
  return { sli, kind: 'value', value: { key: sli, metric: buckets.metric, expr }, query: expr };
}

function requestPart(counted: 'total' | 'failed', { place, windowSeconds }: Context): SliPart {
  const where = { environment: place.environment, region: place.placement.region };
  return {
    key: counted,
    metric: place.service.metrics.requests[counted].metric,
    expr: sumBy([], rate(requests(place.service, counted, where), windowSeconds)),
  };
}

/** Requests per second of a place. */
export const requestRate = (place: Located, windowSeconds: number): Expr =>
  requestPart('total', { place, windowSeconds }).expr;

/** What to ask for one indicator of a service at its place; `windowSeconds` is the span of rates. */
export function planSli(sli: SliId, context: Context): SliPlan | Unplanned {
  switch (sli) {
    case 'latency-p95':
      return latencyPlan(sli, 0.95, context);
    case 'latency-p99':
      return latencyPlan(sli, 0.99, context);
    case 'error-rate':
      return share(sli, requestPart('failed', context), requestPart('total', context), true);
    case 'cpu':
    case 'memory':
    case 'connections':
      return usagePlan(sli, context);
    case 'disk-io-wait':
      return counterPair(sli, ['waited', 'all'], context);
    case 'cache-hits':
      return counterPair(sli, ['hits', 'misses'], context);
    case 'requests': {
      const total = requestPart('total', context);
      return { sli, kind: 'value', value: total, query: total.expr };
    }
    default:
      return sli satisfies never;
  }
}

export const planAll = (context: Context): (SliPlan | Unplanned)[] =>
  sliIds.map((sli) => planSli(sli, context));

function partsOf(plan: SliPlan | Unplanned): SliPart[] {
  switch (plan.kind) {
    case 'value':
      return [plan.value];
    case 'share':
      return [plan.part, plan.whole];
    case 'of-both':
      return [plan.part, plan.rest];
    case 'not-configured':
      return [];
    default:
      return plan satisfies never;
  }
}

/** Every number of the plans once, each under a label of ours, as one query. */
export function batch(plans: readonly (SliPlan | Unplanned)[]): Expr {
  const parts = new Map(plans.flatMap(partsOf).map((one) => [one.key, one.expr]));
  return either([...parts].map(([key, expr]) => addLabel(expr, figureLabel, key)));
}
