import type { Config } from '@/lib/config/schema';
import type { Slo } from '@/lib/config/slo';
import { burnSpans } from '../math/burn';
import { emptyTally } from '../math/counts';
import { windowBounds } from '../math/window';
import type { FleetState, Known, Measured } from './state';

const nothing = (seconds: number): Measured => ({
  window: emptyTally(seconds),
  span: (span) => emptyTally(burnSpans.includes(span) ? span : 0),
  past: () => null,
});

/** An objective before the database has answered once: it is listed, and nothing is known about it. */
function unread(slo: Slo, at: number): Known {
  const to = Math.floor(at / 60) * 60;
  const bounds = windowBounds(slo.window, to);
  return {
    stamp: 'unread',
    slo,
    progress: null,
    groups: [],
    whole: nothing(bounds.to - bounds.from),
    to,
    bounds,
    lens: { excluded: [], slices: null },
    exclusions: { seconds: 0, count: 0 },
  };
}

/** What is known of an environment before anything was read. */
export const unreadFleet = (
  slos: readonly Slo[],
  environment: Config['environments'][number]['id'],
  at: { seconds: number; ms: number },
  failure: string | null,
): FleetState => ({
  environment,
  known: slos.map((slo) => unread(slo, at.seconds)),
  groups: [],
  progress: [],
  recent: new Map(),
  at: at.seconds,
  readAtMs: at.ms,
  failure,
});
