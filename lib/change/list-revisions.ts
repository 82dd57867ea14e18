import 'server-only';
import { placementsOf, serviceOf } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import type { Placement } from '@/lib/config/service';
import { OpsError } from '@/lib/core/errors';
import { mapReading, missing, type Reading } from '@/lib/core/reading';
import { type Database, database } from '@/lib/db/client';
import { readPlacement } from '@/lib/service/clusters';
import { type PlacementObjects, withAgeOf } from '@/lib/service/pair';
import { placeObjects } from '@/lib/service/pods';
import type { KnownGood, Revision, RevisionList } from './contract';
import { goodOfPair, type LastKnownGood, lastKnownGood } from './revision/last-known-good';
import { readRevisionRecord } from './revision/read-record';
import { standingsOf } from './revision/standing';
import { versionOf } from './template';

type Place = { service: string; environment: string; region: string };

/**
 * The revisions of a workload that the cluster still has, newest first, as the web's watch shows them, each with what
 * the record says of it: for people to choose from; the plan reads the cluster itself. Throws OpsError `not-found` and
 * `invalid`.
 */
export async function listRevisions(
  config: Config,
  { service, environment, region }: Place,
  db: Database = database(),
): Promise<RevisionList> {
  const found = serviceOf(service, config);
  const placement = placementsOf(found, environment).find((each) => each.region === region);
  if (placement === undefined) {
    const message = `${found.name} does not run in ${region} (${environment}).`;
    throw new OpsError('invalid', message, { fields: [{ path: 'region', message }] });
  }
  const kept = revisionsOf(placement, readPlacement(config, placement));
  if (kept.state === 'missing') return { revisions: kept, lastKnownGood: null };
  const record = await readRevisionRecord(db, { service: found.id, environment, region });
  const standings = standingsOf(record.facts);
  const current = kept.value.find(({ isCurrent }) => isCurrent)?.release ?? null;
  const good =
    placement.pair === undefined
      ? lastKnownGood(record, kept.value, current)
      : goodOfPair(found.name, region);
  const goodSet = good.state === 'found' ? good.kept.replicaSet : null;
  return {
    revisions: mapReading(kept, (all) =>
      all.map(({ release, ...one }): Revision => {
        const standing = release === null ? undefined : standings.get(release);
        return {
          ...one,
          isLastKnownGood: one.replicaSet === goodSet,
          grade: standing?.grade ?? null,
          why: standing?.why ?? null,
          since: standing?.since.toISOString() ?? null,
        };
      }),
    ),
    lastKnownGood: told(good),
  };
}

const told = (good: LastKnownGood): KnownGood =>
  good.state === 'found'
    ? { replicaSet: good.kept.replicaSet, sentence: good.sentence, next: null }
    : { replicaSet: null, sentence: good.sentence, next: good.next };

type KeptRevision = Omit<Revision, 'isLastKnownGood' | 'grade' | 'why' | 'since'> & {
  release: string | null;
};

/** The revisions of what takes the requests: with a pair, of the live colour's Deployment. */
export function revisionsOf(placement: Placement, objects: PlacementObjects): Reading<KeptRevision[]> {
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
            release: set.release,
          };
        })
        .sort((left, right) => Number(right.revision ?? 0) - Number(left.revision ?? 0)),
  );
}
