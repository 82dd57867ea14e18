import type { Tone } from '@/components/ui/state';
import type { ChangeState, StepState, Verdict } from '@/lib/change/model';

/** Backed out is warn, not crit: the guard worked. */
export const changeTone: Record<ChangeState, Tone> = {
  InReview: 'hold',
  Approved: 'hold',
  Queued: 'info',
  Revalidating: 'info',
  Running: 'info',
  Watching: 'info',
  Paused: 'hold',
  DataHold: 'warn',
  DriftHold: 'warn',
  Frozen: 'warn',
  Succeeded: 'ok',
  BackedOut: 'warn',
  Failed: 'crit',
  ReconcileRequired: 'crit',
  Rejected: 'unknown',
  Voided: 'unknown',
  Expired: 'unknown',
  Cancelled: 'unknown',
};

export const stepTone: Record<StepState, Tone> = {
  pending: 'unknown',
  running: 'info',
  done: 'ok',
  failed: 'crit',
  skipped: 'unknown',
};

export const verdictTone: Record<Verdict, Tone> = {
  PASS: 'ok',
  FAIL: 'crit',
  NODATA: 'unknown',
  ERROR: 'warn',
};

/** In tables, where the detail stands beside it. */
export const shortWords: Record<Verdict, string> = {
  PASS: 'Passes',
  FAIL: 'Fails',
  NODATA: 'Too few requests',
  ERROR: 'No answer',
};
