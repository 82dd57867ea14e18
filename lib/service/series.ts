import type { Service } from '@/lib/config/service';
import {
  addLabel,
  copyLabel,
  type Expr,
  either,
  equals,
  increase,
  quantile,
  rate,
  type Selector,
  selector,
  sumBy,
} from '@/lib/sources/prometheus/queries';
import type { Located } from './placements';

/** Labels that we put on results, so that services with different label names are asked in one query. */
export const serviceLabel = 'signalbox_service';
export const regionLabel = 'signalbox_region';
export const figureLabel = 'signalbox_figure';

export type Counted = 'total' | 'failed';

/** A series of a service in an environment; `region` narrows it to one. */
export function serviceSelector(
  service: Service,
  of: { metric: string; matchers: Service['metrics']['selector'] },
  where: { environment: string; region?: string | undefined },
): Selector {
  const { labels } = service.metrics;
  return selector(of, [
    ...service.metrics.selector,
    equals(labels.environment, where.environment),
    ...(where.region === undefined ? [] : [equals(labels.region, where.region)]),
  ]);
}

export const requests = (
  service: Service,
  counted: Counted,
  where: { environment: string; region?: string | undefined },
): Selector => serviceSelector(service, service.metrics.requests[counted], where);

/** Each service once: its regions come back as a label. */
const servicesOf = (places: readonly Located[]): { service: Service; environment: string }[] => [
  ...new Map(places.map(({ service, environment }) => [service.id, { service, environment }])).values(),
];

const named = (of: Expr, service: Service): Expr =>
  copyLabel(addLabel(of, serviceLabel, service.id), regionLabel, service.metrics.labels.region);

/** Requests per second of every service and region. */
export const rateOfAll = (places: readonly Located[], counted: Counted, seconds: number): Expr =>
  either(
    servicesOf(places).map(({ service, environment }) =>
      named(
        sumBy([service.metrics.labels.region], rate(requests(service, counted, { environment }), seconds)),
        service,
      ),
    ),
  );

/** Counted requests of the last `seconds` of every service and region, total and failed in one query. */
export const increaseOfAll = (places: readonly Located[], seconds: number): Expr =>
  either(
    servicesOf(places).flatMap(({ service, environment }) =>
      (['total', 'failed'] as const).map((counted) =>
        addLabel(
          named(
            sumBy(
              [service.metrics.labels.region],
              increase(requests(service, counted, { environment }), seconds),
            ),
            service,
          ),
          figureLabel,
          counted,
        ),
      ),
    ),
  );

/** A latency quantile of every service that has a histogram; null when none has. */
export function quantileOfAll(places: readonly Located[], q: number, seconds: number): Expr | null {
  const all = servicesOf(places).flatMap(({ service, environment }) => {
    const buckets = service.metrics.latency?.buckets;
    if (buckets === undefined) return [];
    const from = serviceSelector(service, buckets, { environment });
    return [named(quantile(q, from, seconds, [service.metrics.labels.region]), service)];
  });
  return all.length === 0 ? null : either(all);
}
