import 'server-only';
import { colours } from '@/lib/config/colours';
import { placementsOf, serviceOf } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import { OpsError } from '@/lib/core/errors';
import { fresh, mapReading, type Reading } from '@/lib/core/reading';
import { now } from '@/lib/core/time';
import { readPlacement } from '@/lib/service/clusters';
import { pairOf } from '@/lib/service/pair';
import type { ColourList, ColourNow } from './contract';

/** Both colours as the web's watch shows them; null where the placement has no pair. */
export function coloursNow(config: Config, placement: Placement): Reading<ColourNow[] | null> {
  const pair = pairOf(placement, readPlacement(config, placement));
  if (pair === null) return fresh(null, now());
  return mapReading(pair, (both) =>
    colours.map((colour) => {
      const { version, share, pods, ready } = both[colour];
      return {
        colour,
        version,
        share: share === null ? null : share / 100,
        pods: pods.filter(({ terminating }) => !terminating).length,
        ready,
      };
    }),
  );
}

/**
 * Blue and green of a place with version, pods and share, for people to choose from; the plan reads the cluster itself.
 * Throws OpsError `not-found` and `invalid`.
 */
export function listColours(
  config: Config,
  { service, environment, region }: { service: string; environment: string; region: string },
): ColourList {
  const found = serviceOf(service, config);
  const placement = placementsOf(found, environment).find((each) => each.region === region);
  if (placement !== undefined) return { colours: coloursNow(config, placement) };
  const message = `${found.name} does not run in ${region} (${environment}).`;
  throw new OpsError('invalid', message, { fields: [{ path: 'region', message }] });
}
