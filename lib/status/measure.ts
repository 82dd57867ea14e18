import type { ComponentState } from './contract';

/** What is known about one component now; null where it could not be measured. */
export type Measured = {
  /** Share of failed requests; null also when nothing was asked. */
  errorRatio: number | null;
  /** Whether the error share could be measured at all: no requests is an answer, a dead source is none. */
  errorsKnown: boolean;
  pods: { ready: number; desired: number } | null;
};

/** Severity from the best to the worst; `unknown` is no severity. */
const severity: readonly ComponentState[] = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
];

const rank = (state: ComponentState): number => severity.indexOf(state);

/** The worst of several states; unknown only when all are. */
export function worstOf(states: readonly ComponentState[]): ComponentState {
  const known = states.filter((state) => state !== 'unknown').sort((a, b) => rank(b) - rank(a));
  return known[0] ?? 'unknown';
}

function ofErrors(ratio: number): ComponentState {
  if (ratio >= 0.5) return 'major_outage';
  if (ratio >= 0.05) return 'partial_outage';
  return ratio >= 0.01 ? 'degraded_performance' : 'operational';
}

function ofPods({ ready, desired }: { ready: number; desired: number }): ComponentState {
  if (ready === 0) return 'major_outage';
  return ready * 2 < desired ? 'degraded_performance' : 'operational';
}

/**
 * State of a component as its users feel it: failed requests first (5 % is the guides' own limit for going
 * back, RBK-01), then pods. Without errors measured, pods alone may say that it is down but not that it is well.
 */
export function measuredState({ errorRatio, errorsKnown, pods }: Measured): ComponentState {
  const fromPods = pods === null ? 'unknown' : ofPods(pods);
  if (errorsKnown) return worstOf([ofErrors(errorRatio ?? 0), fromPods]);
  return fromPods === 'major_outage' ? fromPods : 'unknown';
}

const impactStates: Record<string, ComponentState> = {
  none: 'operational',
  minor: 'degraded_performance',
  major: 'partial_outage',
  critical: 'major_outage',
  maintenance: 'under_maintenance',
};

/** What people say about a component counts beside what was measured: the worse of both is shown. */
export const shownState = (measured: ComponentState, impacts: readonly string[]): ComponentState =>
  worstOf([measured, ...impacts.flatMap((impact) => impactStates[impact] ?? [])]);

export const stateNames: Record<ComponentState, string> = {
  operational: 'Operational',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
  under_maintenance: 'Under maintenance',
  unknown: 'Not measured',
};

/** The page's own sentence. */
export function overallSentence(states: readonly ComponentState[]): {
  overall: ComponentState;
  sentence: string;
} {
  const overall = worstOf(states);
  const count = states.filter((state) => state === overall).length;
  const components = `${count} of ${states.length} components`;
  const sentences: Record<ComponentState, string> = {
    operational: states.includes('unknown')
      ? 'What could be measured is operational.'
      : 'All systems are operational.',
    degraded_performance: `Degraded performance in ${components}.`,
    partial_outage: `Partial outage in ${components}.`,
    major_outage: `Major outage in ${components}.`,
    under_maintenance: `Maintenance in ${components}.`,
    unknown: 'The state of the systems could not be measured.',
  };
  return { overall, sentence: sentences[overall] };
}
