import { type ChangeKind, isDataKind } from '@/lib/core/change-kind';
import { type ChangeState, stateWords } from './model';

/** What a change does, as far as its sentences need it. */
export type What = {
  kind: ChangeKind;
  from: string;
  to: string;
  undo: string;
  /** False: nothing goes back to that by itself; what a rollback leaves is left for a reason. */
  undoIsKnownGood: boolean;
  effect: { what: string; from: string; to: string } | null;
  /** Requests are sent elsewhere: the pods of what was there before stay. */
  isTraffic?: boolean;
};

type Worded = {
  kind: ChangeKind;
  from: { version: string };
  to: { version: string };
  undo: { version: string; isKnownGood?: boolean | undefined };
  effect?: { what: string; from: string; to: string } | undefined;
  staged?: object | undefined;
};

export const whatOf = (plan: Worded): What => ({
  kind: plan.kind,
  from: plan.from.version,
  to: plan.to.version,
  undo: plan.undo.version,
  undoIsKnownGood: plan.kind !== 'rollback' && (plan.undo.isKnownGood ?? true),
  effect: plan.effect ?? null,
  ...(plan.staged === undefined ? {} : { isTraffic: true }),
});

export const podsWord = (pods: number): string => `${pods} pod${pods === 1 ? '' : 's'}`;
const allPods = (pods: number): string => (pods === 1 ? 'The pod' : `All ${pods} pods`);

/** `Deploy Architect Dashboard API v3.1.0 → v3.2.0`: the name of a change on every page. */
export function changeTitle(serviceName: string, { kind, from, to, effect }: What): string {
  switch (kind) {
    case 'deploy':
      return from === to ? `Redeploy ${serviceName} ${to}` : `Deploy ${serviceName} ${from} → ${to}`;
    case 'rollback':
      return `Roll ${serviceName} back ${from} → ${to}`;
    case 'shift':
      return `Send ${effect?.to} of ${serviceName} to ${to}`;
    case 'restart':
      return `Restart ${serviceName} ${to}`;
    case 'scale':
      // `replicas (green)` of one colour of a pair.
      return `Scale ${serviceName}${effect?.what.slice('replicas'.length) ?? ''} ${effect?.from} → ${effect?.to} pods`;
    case 'set-env':
      return `Set ${effect?.what} of ${serviceName} to ${effect?.to}`;
    case 'backup':
      return `Back up ${effect?.what}`;
    case 'end-session':
      return `End ${effect?.from} in ${effect?.what}`;
    case 'restore':
      return `Restore ${effect?.what} to ${effect?.to}`;
  }
}

/** What is written first, as an order. */
export function actSentence({ kind, to, effect, isTraffic }: What): string {
  switch (kind) {
    case 'deploy':
      return isTraffic ? `Start pods of ${to}.` : `Set the version to ${to}.`;
    case 'rollback':
      return isTraffic ? `Send the requests back to ${to}.` : `Put the pod template of ${to} back.`;
    case 'shift':
      return `Send ${effect?.to} of the requests to ${to}.`;
    case 'restart':
      return 'Mark the pod template, so that every pod is replaced.';
    case 'scale':
      return `Set the ${effect?.what ?? 'replicas'} to ${effect?.to}.`;
    case 'set-env':
      return `Set ${effect?.what} to ${effect?.to}.`;
    case 'backup':
      return `Ask for a copy of ${effect?.what}.`;
    case 'end-session':
      return `End ${effect?.from}.`;
    case 'restore':
      return `Put ${effect?.what} back to ${effect?.to}.`;
  }
}

/** The rollout is complete. No full stop: what follows is said by the caller. */
export function completeWords({ kind, to, effect, isTraffic }: What, pods: number): string {
  switch (kind) {
    case 'deploy':
    case 'rollback':
      return isTraffic ? `${to} takes all requests` : `${allPods(pods)} run${pods === 1 ? 's' : ''} ${to}`;
    case 'shift':
      return `${to} takes ${effect?.to} of the requests`;
    case 'restart':
      return `${allPods(pods)} ${pods === 1 ? 'was' : 'were'} replaced`;
    case 'scale':
      return `${podsWord(pods)} run${pods === 1 ? 's' : ''}`;
    case 'set-env':
      return `${allPods(pods)} run${pods === 1 ? 's' : ''} with ${effect?.what} ${effect?.to}`;
    case 'backup':
      return `There is ${effect?.to} of ${effect?.what}`;
    case 'end-session':
      return `${effect?.from} has ended`;
    case 'restore':
      return `${effect?.what} has ${effect?.to}`;
  }
}

/** The end of a change that went well. */
export const succeededSentence = (what: What, pods: number): string =>
  !what.isTraffic && (what.kind === 'deploy' || what.kind === 'rollback')
    ? `${what.to} runs on all ${pods} pods.`
    : `${completeWords(what, pods)}.`;

/** What the way back puts back. */
export function undoWords({ kind, to, undo, undoIsKnownGood, effect }: What): string {
  switch (kind) {
    case 'deploy':
      return undoIsKnownGood ? `${undo}, the last known good version` : undo;
    case 'rollback':
      return `${undo}, which ran before`;
    case 'shift':
      return effect?.from === '0 %'
        ? `all requests on ${undo}`
        : `${effect?.from} of the requests on ${to}, and the others on ${undo}`;
    case 'restart':
      return 'the pod template from before the restart';
    case 'scale':
      return podsWord(Number(effect?.from));
    case 'set-env':
      return `${effect?.what} ${effect?.from}`;
    case 'backup':
      return 'nothing: a copy is one more file';
    case 'end-session':
      return 'nothing: an ended session cannot be brought back';
    case 'restore':
      return 'the database that was there, as it was when it was closed';
  }
}

/** What the way back puts back, for a button. */
export const undoLabel = (what: What): string =>
  what.kind === 'restart'
    ? 'the template from before'
    : what.kind === 'deploy' || what.kind === 'rollback'
      ? what.undo
      : undoWords(what);

/** The end of a change that went back. */
export function undoneSentence(what: What, pods: number): string {
  switch (what.kind) {
    case 'deploy':
    case 'rollback':
      return what.isTraffic
        ? `${what.undo} takes all requests again.`
        : `${what.undo} runs on all ${pods} pods again.`;
    case 'shift':
      return `The shares are as before: ${undoWords(what)}.`;
    case 'scale':
      return `${podsWord(pods)} run${pods === 1 ? 's' : ''} again.`;
    case 'backup':
    case 'end-session':
      return 'Nothing was put back.';
    case 'restore':
      return 'The database that was there has its name again.';
    default:
      return `${allPods(pods)} run${pods === 1 ? 's' : ''} again with ${undoWords(what)}.`;
  }
}

/** The end of a change that went back before it had written anything: whatever runs then, it is not of its making. */
export const untouchedSentence = 'Nothing had been written, so there was nothing to put back.';

type Shown = { kind: ChangeKind; state: ChangeState; backingOut: boolean; finishedAt: string | null };

/** The state of a change in the words of its kind. */
export function stateText({ kind, state, backingOut, finishedAt }: Shown): string {
  if (backingOut && finishedAt === null)
    return isDataKind(kind) && kind !== 'restore' ? 'Stopping' : 'Going back';
  if (state !== 'Watching') return stateWords[state];
  if (kind === 'backup') return 'Proving';
  return kind === 'end-session' ? 'Ending' : stateWords.Watching;
}
