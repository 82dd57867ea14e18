import type { Config } from '@/lib/config/schema';
import { monotonicMs } from '@/lib/core/time';
import { burnSpans } from '../../math/burn';
import { windowBounds } from '../../math/window';
import type { Bucket, Counts, GroupLabels } from '../../model';
import type { Progress } from '../../record/store';
import { type Draft, knownOf, sourcesOfRecorded } from '../measured';
import { lensOf, slosIn } from '../read';
import type { FleetState } from '../state';
import { type Recorded, recordedOf, throughLens } from '../tallies';

export type Past = {
  labels: GroupLabels /** Events of the 5-minute bucket that ends there; null: not known. */;
  at: (end: number) => Counts | null;
};

export const progressAt = (slo: string, recordedUntil: number, more: Partial<Progress> = {}): Progress => ({
  definitionId: 1,
  slo,
  environment: 'production',
  hash: 'abc',
  current: true,
  definition: {},
  backfilledFrom: recordedUntil - 90 * 86_400,
  recordedUntil,
  finalUntil: recordedUntil - 600,
  backfill: { done: 30, total: 30 },
  gaps: [],
  problem: null,
  updatedAt: recordedUntil,
  ...more,
});

/** The state of an environment as it would be read, from buckets that are made up. `to` is a 5-minute mark. */
export function fleetOfPast(
  config: Config,
  to: number,
  pasts: readonly Past[],
  more: {
    progress?: Partial<Progress>;
    excluded?: { from: number; to: number }[];
    environment?: string;
  } = {},
): FleetState & { recordedOf: (slo: string) => Recorded[] } {
  const environment = more.environment ?? 'production';
  const recent = new Map<number, Recorded>();
  /** The buckets of each objective as it sees them; they reach two windows back. */
  const seen = new Map<string, Recorded[]>();
  const known = slosIn(config, environment).map((slo) => {
    const bounds = windowBounds(slo.window, to);
    const from = Math.min(bounds.from, to - 2 * (to - bounds.from), to - (burnSpans.at(-1) ?? 0));
    const lens = lensOf(slo, more.excluded ?? []);
    const draft: Draft = {
      stamp: 'made up',
      slo,
      progress: progressAt(slo.id, to, more.progress),
      found: pasts.map(({ labels }, index) => ({ groupId: index + 1, labels })),
      to,
      bounds,
      lens,
      exclusions: { seconds: 0, count: 0 },
    };
    const all = new Map(
      pasts.map(({ at }, index) => {
        const buckets: Bucket[] = [];
        for (let end = Math.floor(from / 300) * 300 + 300; end <= to; end += 300) {
          const counts = at(end);
          buckets.push({ end, counts, method: counts === null ? null : 'counted' });
        }
        const recorded = recordedOf([throughLens({ size: 300, buckets }, lens)]);
        recent.set(index + 1, recorded);
        return [index + 1, recorded];
      }),
    );
    seen.set(slo.id, [...all.values()]);
    return knownOf(draft, sourcesOfRecorded(draft, all));
  });
  return {
    environment,
    known,
    groups: [],
    progress: [],
    recent,
    at: to,
    readAtMs: monotonicMs(),
    failure: null,
    recordedOf: (slo) => seen.get(slo) ?? [],
  };
}
