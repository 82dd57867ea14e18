import type { Colour } from '@/lib/config/colours';
import type { Placement } from '@/lib/config/service';
import { mapReading, type Reading } from '@/lib/core/reading';
import { servingColours } from '@/lib/service/pair';
import { type PlaceObjects, podTotals, versionCounts } from '@/lib/service/pods';
import type { ChangeState } from '../model';
import type { PlaceNow } from './contract';

/** A deploy, rollback or shift that was begun at a place. Times are ISO. */
export type PlaceChange = {
  id: string;
  title: string;
  requesterName: string;
  state: ChangeState;
  fromVersion: string;
  toVersion: string;
  /** A shift of a part of the requests: what it takes them from goes on serving the rest. */
  isPartial: boolean;
  /** Something of it reached the cluster. */
  wrote: boolean;
  /** It was backed out and left nothing here; a region that was finished may keep the new version (`onFailure`). */
  isBack: boolean;
  startedAt: string;
  finishedAt: string | null;
};

type Explained = {
  by: { id: string; title: string; requesterName: string; since: string; isRunning: boolean } | null;
  unexplained: string | null;
};

/**
 * The change that put a version where it runs, from the changes of the place, newest first. One that was backed out
 * put nothing there for good, so the one before it counts; while a change runs, the version it replaces is that of
 * an earlier one. Once a change that stayed set another version, no earlier one explains what runs.
 */
export function explainVersion(version: string, changes: readonly PlaceChange[]): Explained {
  for (const change of changes) {
    if (!change.wrote) continue;
    const isRunning = change.finishedAt === null;
    if (!change.isBack && change.toVersion === version) {
      const { id, title, requesterName, startedAt } = change;
      return { by: { id, title, requesterName, since: startedAt, isRunning }, unexplained: null };
    }
    // Half-way through, or going back, or a part alone: the version before may still serve.
    const mayBeBefore = isRunning || change.isPartial || change.state === 'Failed' || change.isBack;
    if (mayBeBefore && change.fromVersion === version) continue;
    if (change.isBack) continue;
    return {
      by: null,
      unexplained: `${change.id} set ${change.toVersion} last; somebody else has put this version there.`,
    };
  }
  return { by: null, unexplained: 'No change that is recorded here set it.' };
}

type Part = { colour: Colour | null; share: number | null; pods: PlaceObjects['pods'] };

/** The colours that take requests, each by itself; the idle one runs nothing that anybody is answered by. */
const runningParts = (pods: PlaceObjects['pods'], pair: PlaceObjects['pair']): Part[] =>
  pair === null ? [{ colour: null, share: null, pods }] : servingColours(pair);

/** What runs at a place by the cluster, each version with its change, newest changes first. */
export const placeNow = (
  environment: string,
  placement: Placement,
  objects: Reading<PlaceObjects>,
  changes: readonly PlaceChange[],
): PlaceNow => ({
  environment,
  region: placement.region,
  cluster: placement.cluster,
  desired: objects.state === 'missing' ? null : podTotals(objects.value).desired,
  running: mapReading(objects, ({ pods, pair }) =>
    runningParts(pods, pair).flatMap(({ colour, share, pods: own }) =>
      versionCounts(own, placement.container).map((count) => ({
        ...count,
        colour,
        share: share === null ? null : share / 100,
        ...explainVersion(count.version, changes),
      })),
    ),
  ),
});
