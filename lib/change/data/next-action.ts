import type { NextAction } from '../next-step';
import type { StoredChange } from '../stored';
import type { Data } from './contract';
import { type RestoreNow, restoreNextAction } from './restore/next-action';

type Shown = Pick<StoredChange, 'plan' | 'state' | 'stateSince' | 'backingOut' | 'watchUntil'>;

const after = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1000);
const noClock = { label: 'No clock', at: null } as const;

/** Owner, timer and next action while a change of a database is carried out; null: those of every change. */
export function dataNextAction(
  { plan, state, stateSince, backingOut, watchUntil }: Shown,
  data: Data,
  restore: RestoreNow | null = null,
): NextAction | null {
  if (data.do === 'restore') {
    return restoreNextAction({ plan, state, stateSince, backingOut, watchUntil }, restore);
  }
  const isCopy = data.do === 'backup';
  const limit = after(stateSince, plan.timing.maxHoldSeconds);
  if (backingOut && (state === 'Running' || state === 'Watching')) {
    return {
      owner: 'Worker',
      timer: noClock,
      next: isCopy ? 'Ends when nothing of the copy is under way.' : 'Ends; nothing more is sent.',
    };
  }
  switch (state) {
    case 'Queued':
      return null;
    case 'Revalidating':
      return {
        owner: 'Worker',
        timer: noClock,
        next: 'Starts when plan, sign-offs and signalbox.yaml are as they were.',
      };
    case 'Running':
      return {
        owner: 'Worker',
        timer: noClock,
        next: isCopy ? 'Proves the copy when it is kept.' : 'Sees whether the session ends.',
      };
    case 'Watching':
      return {
        owner: 'Worker',
        timer: isCopy
          ? noClock
          : { label: 'Ends as failed', at: after(stateSince, plan.timing.rolloutDeadlineSeconds) },
        next: isCopy
          ? `Succeeds when the copy reaches L${data.level}.`
          : 'Succeeds when the session is gone.',
      };
    case 'Paused':
      return {
        owner: 'The SRE or a lead',
        timer: { label: 'Ends without a result', at: limit },
        next: 'Resume or abort.',
      };
    case 'DataHold':
      return {
        owner: 'Worker',
        timer: { label: 'Ends as failed', at: limit },
        next: 'Goes on when the copy could be looked at again.',
      };
    default:
      return null;
  }
}
