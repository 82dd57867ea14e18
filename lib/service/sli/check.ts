import type { Config } from '@/lib/config/schema';
import { prometheusName, queryInstant } from '@/lib/sources/prometheus/client';
import { toSourceError } from '@/lib/sources/source-error';
import { type Located, placementsIn, prometheusFor } from '../placements';
import { figureLabel } from '../series';
import { measure } from './measure';
import { batch, planAll } from './plan';
import { rateSpan } from './read';

/** One line of `config check`. An indicator without data is no error of the configuration: it is a note. */
export type SliFinding = { state: 'ok' | 'note'; subject: string; says: string };

/** Asks for the indicators of every place, a query each, which of them have samples now. */
export const checkIndicators = async (config: Config): Promise<SliFinding[]> =>
  Promise.all(
    config.environments.flatMap(({ id }) =>
      placementsIn(config, id).map((place) => checkPlace(config, place)),
    ),
  );

async function checkPlace(config: Config, place: Located): Promise<SliFinding> {
  const { service, environment, placement } = place;
  const subject = `Indicators of ${service.id} in ${environment}, ${placement.region}`;
  const source = prometheusFor(config, environment, placement.region);
  if (source === undefined) return { state: 'note', subject, says: 'no Prometheus serves this region.' };
  const plans = planAll({ place, windowSeconds: rateSpan(source) });
  try {
    const { series } = await queryInstant(source, batch(plans));
    const known = new Map(series.map(({ labels, value }) => [labels[figureLabel] ?? '', value]));
    const lacks = plans.flatMap((plan) => {
      if (plan.kind === 'not-configured') return [`${plan.sli} is not configured`];
      const found = measure(plan, (key) => known.get(key), '');
      if (found.value !== null || found.metric === null) return [];
      return [`${plan.sli} has no samples of ${found.metric}`];
    });
    const counted = `${plans.length - lacks.length} of ${plans.length} have samples`;
    return lacks.length === 0
      ? { state: 'ok', subject, says: `${counted}.` }
      : { state: 'note', subject, says: `${counted}: ${lacks.join('; ')}.` };
  } catch (error) {
    return { state: 'note', subject, says: toSourceError(error, prometheusName(source)).message };
  }
}
