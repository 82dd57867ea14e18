/**
 * The state of an indicator (SLI-10, X-07). Between target and warning lies "off target", which is neutral; below the
 * lower edge of a band "under-used", which is neutral as well. A state says how a figure stands now and pages nobody:
 * alerts come from objectives.
 */
export const sliStates = ['ok', 'off-target', 'warning', 'critical', 'under-used', 'no-data'] as const;
export type SliState = (typeof sliStates)[number];

/** Why there is no figure to judge. */
export const absences = [
  /** signalbox.yaml names no series for it. */
  'not-configured',
  /** Prometheus has no samples of the series. */
  'metric-missing',
  /** Nothing was ever read: the source does not answer. */
  'source-down',
  /** The last figure is old. */
  'stale',
  /** Nothing happened that could be measured: 0/0 is not 100 %. */
  'no-traffic',
  /** The figure is impossible. */
  'invalid',
  /** No hour to compare with. */
  'no-baseline',
] as const;
export type Absence = (typeof absences)[number];

/** Worst first, for sentences that name the worst. */
export const bySeverity = [
  'critical',
  'warning',
  'no-data',
  'off-target',
  'under-used',
  'ok',
] as const satisfies readonly SliState[];
