import type { StagedFacts } from './facts';

type Past = Pick<StagedFacts, 'undoIsKnownGood' | 'isRollback' | 'steps' | 'step'>;

/**
 * Why a change does not go back by itself from where it stands, for a person to decide; null when it may. The schema
 * that a forward-only or destructive migration leaves is not the one that the old version was made for
 * (change-engine.md 6.4).
 */
export function noWayBack({ undoIsKnownGood, isRollback, steps, step }: Past): string | null {
  const past = steps.slice(0, step.n - 1).find((one) => one.do === 'job' && one.class !== 'reversible');
  if (past?.do === 'job') {
    return `The migration was ${past.class}, so the change does not go back by itself: abort to send the requests to the old version all the same, if it works with the new schema.`;
  }
  if (isRollback)
    return 'A rollback is not undone by itself: abort to send the requests back to what was left all the same.';
  return undoIsKnownGood ? null : 'What ran before was not healthy either: abort to go back to it.';
}
