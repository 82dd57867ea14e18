import { type NextAction, noClock, revalidatesData, secondsAfter } from '../next-step';
import type { StoredChange } from '../stored';
import type { Data } from './contract';
import { type RestoreNow, restoreNextAction } from './restore/next-action';

type Shown = Pick<StoredChange, 'plan' | 'state' | 'stateSince' | 'backingOut' | 'watchUntil'>;

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
  const limit = secondsAfter(stateSince, plan.timing.maxHoldSeconds);
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
      return revalidatesData;
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
          : { label: 'Ends as failed', at: secondsAfter(stateSince, plan.timing.rolloutDeadlineSeconds) },
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
