import { formatDuration } from '@/lib/core/duration';
import type { BackupFacts, BackupMove, CopyFact } from './facts';
import { decideFirst, decidePause, end, heldSeconds, inStateSeconds, tooLong, wait, watching } from './steer';

/**
 * The next move of a change that makes a copy. Pure, and by the row of the copy alone: whoever made it, and whatever a
 * worker forgot, there is one copy of a change and it is known how it stands.
 */
export function decideBackup(facts: BackupFacts): BackupMove {
  const first = decideFirst(facts);
  if (first !== null) return first;
  if (facts.backingOut) return decideBack(facts.copy);
  return decidePause(facts, begunOf(facts.copy)) ?? decideCopy(facts);
}

const begunOf = ({ state }: CopyFact): string | null =>
  state === 'none' || state === 'wanted'
    ? null
    : 'the copy has begun, and half a copy is worth nothing. Abort ends it.';

/** Nothing has to be undone: what was not begun never is, what is under way is stopped, and what is kept stays. */
function decideBack(copy: CopyFact): BackupMove {
  switch (copy.state) {
    case 'none':
      return end('BackedOut', 'No copy was begun.');
    case 'wanted':
      return { do: 'withdraw', sentence: 'The copy is withdrawn before a worker began it.' };
    case 'running':
      return copy.isStopping
        ? wait('The worker that makes the copy was told to stop.')
        : { do: 'stop', sentence: 'The worker that makes the copy is told to stop.' };
    case 'failed':
      return end('BackedOut', 'The copy was not finished, and nothing of it is left.');
    case 'kept':
    case 'leaving':
      return end('BackedOut', 'The copy had been kept before, and stays: it is one more file.');
  }
}

function decideCopy(facts: BackupFacts): BackupMove {
  const { copy, name } = facts;
  const isRunning = facts.state === 'Running';
  switch (copy.state) {
    case 'none':
      return isRunning
        ? { do: 'want', sentence: `Ask for a copy of ${name}.` }
        : end('Failed', 'The row of the copy is gone, so that nothing is known of it.');
    case 'wanted':
      if (inStateSeconds(facts) > facts.maxHoldSeconds) return tooLong(facts, 'No worker began the copy');
      return wait(
        copy.behind
          ? `Waits for the end of the copy of ${name} that is being made.`
          : 'Waits for a worker that makes copies.',
      );
    case 'running':
      return wait(`The copy is being made since ${copy.since}.`);
    case 'failed':
      return end('Failed', `The copy failed: ${copy.why}`);
    case 'leaving':
      return end('Failed', 'The copy was marked for deletion before it was proven.');
    case 'kept':
      return decideKept(facts, copy);
  }
}

function decideKept(facts: BackupFacts, copy: Extract<CopyFact, { state: 'kept' }>): BackupMove {
  const { level, state, server } = facts;
  if (copy.spoilt !== null) return end('Failed', `The copy is not good: ${copy.spoilt}`);
  if (server !== null && copy.server !== null && server !== copy.server) {
    return end('Failed', `The copy is of another server than the plan: ${copy.server}, and not ${server}.`);
  }
  if (state === 'Running') return watching('The copy is kept; now it is proven.');
  const reached = copy.level ?? -1;
  if (reached >= level) {
    const sentence = `There is a copy of ${facts.name}, proven to L${reached}.`;
    return state === 'Watching' ? end('Succeeded', sentence) : watching(sentence);
  }
  if (state === 'DataHold') {
    if (copy.unknown === null) return watching('The copy is looked at again.');
    return heldSeconds(facts) > facts.maxHoldSeconds
      ? end('Failed', `${unproven(facts)} ${copy.unknown}`)
      : wait(`No verdict: ${copy.unknown}`);
  }
  if (copy.unknown !== null) {
    const sentence = `No verdict: ${copy.unknown}`;
    return { do: 'hold', state: 'DataHold', kind: 'no-verdict', command: null, sentence };
  }
  // A restore may take long; that nobody even looks may not.
  if (!copy.isLookedAt && inStateSeconds(facts) > facts.maxHoldSeconds) return end('Failed', unproven(facts));
  return wait(
    reached < 0
      ? 'The copy is kept; nothing of it is proven yet.'
      : `The copy is proven to L${reached} of L${level}.`,
  );
}

const unproven = ({ level, maxHoldSeconds }: BackupFacts): string =>
  `The copy is kept, and was not proven to L${level} within ${formatDuration(maxHoldSeconds)}.`;
