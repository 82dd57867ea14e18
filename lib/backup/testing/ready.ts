import type { Readiness } from '../ready';

const nowMs = Date.parse('2026-11-22T12:00:00Z');

/** A database whose copies allow everything; `more` takes something away. */
export const ready = (more: Partial<Readiness> = {}): Readiness => ({
  name: 'Shop',
  isBackedUp: true,
  hasScratch: true,
  nowMs,
  newest: { snapshotMs: nowMs - 34 * 60_000, level: 4 },
  objectiveSeconds: 3600,
  reachSeconds: 4500,
  isProven: true,
  provenMs: nowMs - 20 * 60_000,
  failedDrill: null,
  recoveryTime: {
    state: 'within',
    objectiveSeconds: 14_400,
    isOfTier: true,
    seconds: 240,
    phases: [],
    drillAt: '2026-11-20T12:00:00.000Z',
    sentence: 'A restore takes about 4 min.',
  },
  ...more,
});
