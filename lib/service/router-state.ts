import 'server-only';
import type { Config } from '@/lib/config/schema';
import { readPlacement } from './clusters';
import { pairOf } from './pair';

/**
 * Whether the watches of this process know, for each pair that is configured, which colour takes the requests; null
 * where no pair is.
 */
export function routerState(config: Config): 'ok' | 'failing' | null {
  const pairs = config.services
    .flatMap(({ placements }) => Object.values(placements).flat())
    .flatMap((placement) => pairOf(placement, readPlacement(config, placement)) ?? []);
  if (pairs.length === 0) return null;
  const known = pairs.every((pair) => pair.state !== 'missing' && pair.value.unknown === null);
  return known ? 'ok' : 'failing';
}
