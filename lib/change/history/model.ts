import type { ChangeState } from '../model';

/** How a change ended, for those who look back: one word for several states. */
export const outcomes = ['open', 'succeeded', 'backed-out', 'failed', 'not-carried-out'] as const;
export type Outcome = (typeof outcomes)[number];

const outcomeOfState: Record<ChangeState, Outcome> = {
  InReview: 'open',
  Approved: 'open',
  Queued: 'open',
  Revalidating: 'open',
  Running: 'open',
  Watching: 'open',
  Paused: 'open',
  DataHold: 'open',
  DriftHold: 'open',
  Frozen: 'open',
  // Not an end: somebody still has to say what became of it.
  ReconcileRequired: 'open',
  Succeeded: 'succeeded',
  BackedOut: 'backed-out',
  Failed: 'failed',
  Rejected: 'not-carried-out',
  Voided: 'not-carried-out',
  Expired: 'not-carried-out',
  Cancelled: 'not-carried-out',
};

export const outcomeOf = (state: ChangeState): Outcome => outcomeOfState[state];

export const statesOf = (outcome: Outcome): string[] =>
  Object.entries(outcomeOfState).flatMap(([state, is]) => (is === outcome ? [state] : []));

export const outcomeWords: Record<Outcome, string> = {
  open: 'Open',
  succeeded: 'Succeeded',
  'backed-out': 'Backed out',
  failed: 'Failed',
  'not-carried-out': 'Not carried out',
};

export const measureIds = [
  'deployment-frequency',
  'lead-time',
  'change-fail-rate',
  'recovery-time',
  'rework-rate',
] as const;
export type MeasureId = (typeof measureIds)[number];

/** Days that measures are made for. */
export const measureDays = ['30', '90'] as const;
