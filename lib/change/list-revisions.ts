import 'server-only';
import { placementsOf, serviceOf } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import { OpsError } from '@/lib/core/errors';
import { mapReading, missing } from '@/lib/core/reading';
import { readPlacement } from '@/lib/service/clusters';
import { type PlacementObjects, withAgeOf } from '@/lib/service/pair';
import { placeObjects } from '@/lib/service/pods';
import type { RevisionList } from './contract';
import { versionOf } from './template';

/**
 * The revisions of a workload that the cluster still has, newest first, as the web's watch shows them: for people
 * to choose from; the plan reads the cluster itself. Throws OpsError `not-found` and `invalid`.
 */
export function listRevisions(
  config: Config,
  { service, environment, region }: { service: string; environment: string; region: string },
): RevisionList {
  const found = serviceOf(service, config);
  const placement = placementsOf(found, environment).find((each) => each.region === region);
  if (placement === undefined) {
    const message = `${found.name} does not run in ${region} (${environment}).`;
    throw new OpsError('invalid', message, { fields: [{ path: 'region', message }] });
  }
  return { revisions: revisionsOf(placement, readPlacement(config, placement)) };
}

/** The revisions of what takes the requests: with a pair, of the live colour's Deployment. */
export function revisionsOf(placement: Placement, objects: PlacementObjects): RevisionList['revisions'] {
  const found = placeObjects(placement, objects);
  if (found.state === 'missing') return found;
  const [deployment, second] = found.value.serving;
  if (deployment === undefined) return missing('no-series', 'The Deployment is gone.');
  if (second !== undefined) {
    return missing(
      'no-series',
      `Both colours take requests (${deployment.name} and ${second.name}). Send all of them to one, then roll that one back.`,
    );
  }
  return mapReading(
    withAgeOf([found, objects.sets], () => (objects.sets.state === 'missing' ? [] : objects.sets.value)),
    (sets) =>
      sets
        .filter(({ owner }) => owner?.uid === deployment.uid)
        .map((set) => {
          const image = set.containers.find(({ name }) => name === placement.container)?.image ?? '';
          return {
            replicaSet: set.name,
            revision: set.revision,
            version: versionOf(image),
            image,
            createdAt: set.createdAt,
            isCurrent: set.revision === deployment.revision,
          };
        })
        .sort((left, right) => Number(right.revision ?? 0) - Number(left.revision ?? 0)),
  );
}
