import 'server-only';
import { config, placementsOf, serviceOf } from '@/lib/config/load';
import { OpsError } from '@/lib/core/errors';

/** The environment a page shows: the wanted one when it exists, else the first of the configuration. */
export function chooseEnvironment(...wanted: (string | undefined)[]): string {
  const known = config().environments.map((environment) => environment.id);
  return wanted.find((each) => each !== undefined && known.includes(each)) ?? known[0] ?? '';
}

/**
 * Environment and region of a service page. Without a wish it is where the service runs, the primary region
 * first. Throws OpsError `not-found` for an unknown service or one that is placed nowhere.
 */
export function chooseRegion(
  serviceId: string,
  environment: string,
  wanted: string | undefined,
): { environment: string; region: string } {
  const service = serviceOf(serviceId);
  const primary = config().regions.find((region) => region.role === 'primary')?.id;
  const here =
    placementsOf(service, environment).length > 0 ? environment : Object.keys(service.placements)[0];
  const regions = here === undefined ? [] : placementsOf(service, here).map((placement) => placement.region);
  const region = [wanted, primary].find((each) => each !== undefined && regions.includes(each)) ?? regions[0];
  if (here === undefined || region === undefined) {
    throw new OpsError('not-found', `${service.name} is placed nowhere.`, {
      next: 'Add a placement for it to signalbox.yaml.',
    });
  }
  return { environment: here, region };
}
