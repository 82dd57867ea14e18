import { dataNextAction } from './data/next-action';
import type { RestoreNow } from './data/restore/next-action';
import {
  isRepaired,
  type NextAction,
  noClock,
  runningStep,
  type StepNow,
  secondsAfter,
  staysForPerson,
} from './next-step';
import type { StoredChange } from './stored';
import { undoWords, whatOf } from './words';

type Shown = Pick<
  StoredChange,
  | 'plan'
  | 'state'
  | 'stateSince'
  | 'backingOut'
  | 'finishedAt'
  | 'hold'
  | 'requesterName'
  | 'reviewExpiresAt'
  | 'queueExpiresAt'
  | 'watchUntil'
>;

/** Owner, timer and next action of every state (change-engine.md 2.6). `step`: the one that runs, of a staged plan. */
export function nextAction(
  change: Shown,
  step: StepNow | null = null,
  restore: RestoreNow | null = null,
): NextAction {
  const { plan } = change;
  const { staged } = plan;
  const ofData = plan.data === undefined ? null : dataNextAction(change, plan.data, restore);
  if (ofData !== null) return ofData;
  const heldUntil = secondsAfter(change.stateSince, plan.timing.maxHoldSeconds);
  const repaired =
    staged !== undefined && change.hold?.kind === 'refused' && isRepaired({ ...plan, staged }, step?.n ?? 1);
  // Nobody goes back by itself to what was not healthy either (architecture.md 7), nor past some migrations.
  const stays =
    staged === undefined
      ? !whatOf(plan).undoIsKnownGood
      : repaired || staysForPerson({ ...plan, staged }, step?.n ?? 1);
  const held = { label: stays ? 'Ends as failed' : 'Goes back by itself', at: heldUntil };
  if (
    change.backingOut &&
    change.finishedAt === null &&
    change.state !== 'DriftHold' &&
    change.state !== 'Frozen'
  ) {
    return {
      owner: 'Worker',
      timer:
        staged === undefined
          ? { label: 'Ends as failed', at: null, limitSeconds: plan.timing.rolloutDeadlineSeconds }
          : noClock,
      next:
        staged === undefined
          ? `Puts back ${undoWords(whatOf(plan))}.`
          : `Sends the requests back to ${plan.undo.version}, then puts back the rest, the last region first.`,
    };
  }
  switch (change.state) {
    case 'InReview':
      return {
        owner: 'The leads who sign',
        timer: { label: 'The review ends', at: change.reviewExpiresAt },
        next: 'Sign-offs that are missing.',
      };
    case 'Approved':
      return {
        owner: change.requesterName,
        timer: { label: 'The approval ends', at: change.queueExpiresAt },
        next: 'Somebody starts it.',
      };
    case 'Queued':
      return {
        owner: 'Worker',
        timer: { label: 'The place in the queue ends', at: change.queueExpiresAt },
        next:
          staged === undefined
            ? 'A worker takes it as soon as the workload is free.'
            : 'A worker takes it as soon as all its objects are free.',
      };
    case 'Revalidating':
      return {
        owner: 'Worker',
        timer: { label: 'The place in the queue ends', at: change.queueExpiresAt },
        next: 'Starts when plan, sign-offs and cluster are as they were.',
      };
    case 'Running':
      if (staged !== undefined) return runningStep({ ...plan, staged }, step);
      return {
        owner: 'Worker',
        timer: { label: 'Goes back', at: null, limitSeconds: plan.timing.rolloutDeadlineSeconds },
        next: 'Watches it when all pods are there.',
      };
    case 'Watching':
      return {
        owner: 'Worker',
        timer: {
          label: staged === undefined ? 'The watch ends' : 'The watch ends at the earliest',
          at: change.watchUntil,
        },
        next:
          staged === undefined
            ? 'Succeeds with a passing verdict at the end.'
            : 'Succeeds with a passing verdict in every region at the end.',
      };
    case 'Paused':
      return { owner: 'The SRE or a lead', timer: held, next: 'Resume or abort.' };
    case 'DataHold':
      return {
        owner: 'Worker',
        timer: held,
        next:
          staged === undefined
            ? 'Goes on when there is a passing verdict again.'
            : 'Goes on when there is a passing verdict again, or when a person goes on with a hold.',
      };
    case 'DriftHold':
      return {
        owner: 'The SRE or a lead',
        // A refused write left the object as it was, so that the way back is open; over a stranger's edit it is not.
        timer:
          change.hold?.kind === 'refused' && !change.backingOut ? held : { ...held, label: 'Ends as failed' },
        next: repaired ? 'Repair the schema, then abort.' : 'Put the object back and resume, or abort.',
      };
    case 'Frozen':
      return {
        owner: 'Two people',
        timer: noClock,
        next: 'Release the switch; an abort given now is carried out then.',
      };
    case 'ReconcileRequired':
      return {
        owner: 'The SRE',
        timer: noClock,
        next: 'A statement of what happened.',
      };
    default:
      return {
        owner: 'Nobody',
        timer: { label: 'Ended', at: change.finishedAt },
        next: 'Nothing; it has ended.',
      };
  }
}
