import { type NextAction, noClock, revalidatesData, secondsAfter } from '../../next-step';
import type { StoredChange } from '../../stored';
import type { RestoreView } from './contract';
import type { RestoreStage } from './model';

type Shown = Pick<StoredChange, 'plan' | 'state' | 'stateSince' | 'backingOut' | 'watchUntil'>;
/** What of a restore decides what comes next; null where nobody has read it. */
export type RestoreNow = Pick<RestoreView, 'stage' | 'beginsAt' | 'load'>;

const backWords: Record<RestoreStage, string> = {
  before: 'Ends; nothing of the database was touched.',
  closed: 'Lets sessions into the old database again and drops the new one.',
  switched: 'Switches back: the old database gets its name again.',
  opened: 'Ends; the old database is in use again.',
  'taken-back': 'Ends; the old database is in use again.',
};

function runningWords({ stage, load }: RestoreNow): string {
  if (stage === 'before') return 'Closes the database when the safety copy is kept, if one is made.';
  if (stage === 'switched') return 'Watches whether the service uses the restored database.';
  return load?.state === 'done'
    ? 'Exchanges the names in one step.'
    : 'Exchanges the names when the copy is loaded and was found right.';
}

/** Owner, timer and next action while a restore is carried out; null: those of every change. */
export function restoreNextAction(
  { plan, state, stateSince, backingOut, watchUntil }: Shown,
  restore: RestoreNow | null,
): NextAction | null {
  const now = restore ?? { stage: 'before', beginsAt: null, load: null };
  const limit = secondsAfter(stateSince, plan.timing.maxHoldSeconds);
  const back = { label: 'Goes back by itself', at: limit };
  if (backingOut && (state === 'Running' || state === 'Watching'))
    return { owner: 'Worker', timer: noClock, next: backWords[now.stage] };
  switch (state) {
    case 'Revalidating':
      return revalidatesData;
    case 'Running':
      return now.beginsAt === null
        ? { owner: 'Worker', timer: noClock, next: runningWords(now) }
        : {
            owner: 'Worker',
            timer: { label: 'Begins', at: new Date(now.beginsAt) },
            next: 'Takes its first step, unless somebody aborts before.',
          };
    case 'Watching':
      return {
        owner: 'Worker',
        timer: watchUntil === null ? noClock : { label: 'The watch ends', at: watchUntil },
        next: 'Succeeds when the service uses the restored database. Abort switches back.',
      };
    case 'Paused':
      return { owner: 'The SRE or a lead', timer: back, next: 'Resume or abort.' };
    case 'DataHold':
      return {
        owner: 'The SRE or a lead',
        timer: { label: 'Ends as failed, on the restored data', at: limit },
        next: 'Succeeds when sessions and pods of the service are back. Abort switches back.',
      };
    case 'DriftHold':
      return {
        owner: 'The SRE or a lead',
        timer: noClock,
        next: 'Look at the databases of the server, then resume or abort.',
      };
    default:
      return null;
  }
}
