import { colours } from '@/lib/config/colours';
import type { Placement } from '@/lib/config/service';
import { mapReading, type Reading } from '@/lib/core/reading';
import { type PlacementObjects, pairOf } from '@/lib/service/pair';
import { isLive, placeObjects } from '@/lib/service/pods';

/**
 * Pods of a place that hold connections: of a pair those of both colours, whichever takes the requests, for an idle
 * pod keeps its pool as well.
 */
export function podsWithPools(placement: Placement, objects: PlacementObjects): Reading<number> {
  const pair = pairOf(placement, objects);
  const pods =
    pair === null
      ? mapReading(placeObjects(placement, objects), (found) => found.pods)
      : mapReading(pair, (both) => colours.flatMap((colour) => both[colour].pods));
  return mapReading(pods, (all) => all.filter(isLive).length);
}
