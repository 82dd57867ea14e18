import type { Config } from '@/lib/config/schema';
import { keyOf, type Located, placementsIn, regionName } from '@/lib/service/placements';

/** A component of the public page: a service in a region of the environment that the public sees. */
export type Component = { id: string; name: string; group: string; region: string; place: Located };

export const componentsOf = (config: Config): Component[] =>
  placementsIn(config, config.status.environment).map((place) => {
    const region = regionName(config, place.placement.region);
    return {
      id: keyOf(place),
      name: `${place.service.name}, ${region}`,
      group: place.service.name,
      region: place.placement.region,
      place,
    };
  });
