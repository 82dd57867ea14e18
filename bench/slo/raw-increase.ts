import type { Config } from '@/lib/config/schema';
import { serviceOf } from '@/lib/service/placements';
import { indicatorOf } from '@/lib/slo/define/indicator';
import { queryInstant } from '@/lib/sources/prometheus/client';
import { type Expr, increase, sumBy } from '@/lib/sources/prometheus/queries';
import { historyDays } from './history';

const atOnce = 6;

/** Seconds that all objectives cost as increase() over the whole window, total and bad of each, some at once. */
export async function rawIncreaseSeconds(config: Config, signal: AbortSignal): Promise<number> {
  const [source] = config.sources.prometheus;
  if (source === undefined) throw new Error('There is no Prometheus.');
  const waiting: Expr[] = config.slos.flatMap((slo) => {
    const queries = indicatorOf(serviceOf(config, slo.service), slo, 'production');
    if (queries.kind !== 'counters') throw new Error(`${slo.id} is not counted from counters.`);
    return queries.counted.map(({ selector }) =>
      sumBy(queries.groupBy, increase(selector, historyDays * 86_400)),
    );
  });
  const startedAt = performance.now();
  const lane = async () => {
    for (let expr = waiting.shift(); expr !== undefined; expr = waiting.shift()) {
      const { series } = await queryInstant(source, expr, { signal });
      if (series.length === 0) throw new Error(`${expr.text} has no series.`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (performance.now() - startedAt) / 1000;
}
