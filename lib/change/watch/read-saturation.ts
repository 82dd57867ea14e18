import 'server-only';
import type { Config } from '@/lib/config/schema';
import { guideSlis } from '@/lib/config/sli-guide';
import { levelLimits } from '@/lib/config/sli-limits';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { locate } from '@/lib/service/placements';
import { figureLabel } from '@/lib/service/series';
import { judgeLevel } from '@/lib/service/sli/judge';
import { measure } from '@/lib/service/sli/measure';
import { batch, planSli, type SliPlan, type Unplanned } from '@/lib/service/sli/plan';
import { rateSpan } from '@/lib/service/sli/read';
import { queryInstant } from '@/lib/sources/prometheus/client';
import { guardSource } from '../guard/read';

/** What runs full: SLI-04 to SLI-07, by the limits that hold for the service there. */
const indicators = ['cpu', 'memory', 'disk-io-wait', 'connections'] as const;
type Indicator = (typeof indicators)[number];

/** An indicator above its critical limit, as a part of 1; `before`: when the change began, null where that is not known. */
export type Saturated = { name: string; region: string; now: number; before: number | null };

type Place = {
  service: string;
  environment: string;
  regions: readonly string[];
  startedAt: Date;
};

/**
 * What is critical at `at` and was not when the change began: what was full before is not its doing
 * (change-engine.md 2.10). What cannot be read is not known to be full. Never throws.
 */
export async function readSaturation(config: Config, place: Place, at: Date): Promise<Saturated[]> {
  const regions = await Promise.all(
    place.regions.map((region) =>
      readRegion(config, { ...place, region }, at).catch((error: unknown) => {
        logger('watch').warn(
          { service: place.service, region, why: messageOf(error) },
          'indicators could not be read',
        );
        return [];
      }),
    ),
  );
  return regions.flat();
}

type Planned = { id: Indicator; plan: SliPlan };
const isPlanned = (one: { id: Indicator; plan: SliPlan | Unplanned }): one is Planned =>
  one.plan.kind !== 'not-configured';

async function readRegion(
  config: Config,
  { service: id, environment, region, startedAt }: Omit<Place, 'regions'> & { region: string },
  at: Date,
): Promise<Saturated[]> {
  const source = guardSource(config, environment, region);
  if (source === null) return [];
  const located = locate(config, { service: id, environment, region });
  const context = { place: located, windowSeconds: rateSpan(source) };
  const plans = indicators.map((one) => ({ id: one, plan: planSli(one, context) })).filter(isPlanned);
  if (plans.length === 0) return [];
  const query = batch(plans.map(({ plan }) => plan));
  const read = async (when: Date) => {
    const { series } = await queryInstant(source, query, { at: when });
    return new Map(series.map(({ labels, value }) => [labels[figureLabel] ?? '', value]));
  };
  const [now, before] = await Promise.all([read(at), read(startedAt)]);
  return plans.flatMap(({ id: one, plan }) => {
    const { limits } = levelLimits(located.service, one, environment);
    const of = (numbers: Map<string, number>) => measure(plan, (key) => numbers.get(key), region).value;
    const [value, then] = [of(now), of(before)];
    const isNew = judgeLevel(value, limits) === 'critical' && judgeLevel(then, limits) !== 'critical';
    return value !== null && isNew ? [{ name: guideSlis[one].name, region, now: value, before: then }] : [];
  });
}
