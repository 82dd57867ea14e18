import { formatDuration } from '@/lib/core/duration';
import type { BackOutCause, CommandFact } from '../facts';
import type { SteeredFacts, SteeredMove } from './facts';

export const wait = (sentence: string): SteeredMove => ({ do: 'wait', sentence });
export const end = (state: 'Succeeded' | 'BackedOut' | 'Failed', sentence: string): SteeredMove => ({
  do: 'end',
  state,
  sentence,
});
export const watching = (sentence: string, command: CommandFact | null = null): SteeredMove => ({
  do: 'go',
  state: 'Watching',
  command,
  sentence,
});

const backOut = (cause: BackOutCause, sentence: string, command: CommandFact | null = null) =>
  ({ do: 'back-out', cause, command, sentence }) as const;

export const heldSeconds = (facts: SteeredFacts): number =>
  (facts.nowMs - (facts.holdSinceMs ?? facts.stateSinceMs)) / 1000;
export const inStateSeconds = (facts: SteeredFacts): number => (facts.nowMs - facts.stateSinceMs) / 1000;

/** FREEZE, an abort, BACK OUT and the end of a freeze come before everything, in this order; null: none of them. */
export function decideFirst(facts: SteeredFacts): SteeredMove | null {
  const { abort } = facts.commands;
  const { kill, backingOut } = facts;
  if (kill?.verb === 'freeze') {
    return facts.state === 'Frozen'
      ? wait(kill.sentence)
      : { do: 'hold', state: 'Frozen', kind: 'frozen', command: null, sentence: kill.sentence };
  }
  if (abort !== null && !backingOut)
    return backOut('abort', `${abort.actorName} aborted: ${abort.reason}`, abort);
  if (kill !== null && !backingOut) return { ...backOut('switch', kill.sentence), by: kill.by };
  return facts.state === 'Frozen' ? { do: 'thaw', sentence: 'No longer frozen.' } : null;
}

/**
 * A person's pause and its end; null: neither. Only what has not begun can wait: `begun` says why nothing can be paused
 * any more, null while it can.
 */
export function decidePause(facts: SteeredFacts, begun: string | null): SteeredMove | null {
  const { pause, resume } = facts.commands;
  if (pause !== null) {
    if (facts.state === 'Paused')
      return { do: 'refuse', command: pause, sentence: 'Not paused: the change is already held.' };
    if (begun !== null) return { do: 'refuse', command: pause, sentence: `Not paused: ${begun}` };
    const sentence = `${pause.actorName} paused: ${pause.reason}`;
    return { do: 'hold', state: 'Paused', kind: 'person', command: pause, sentence };
  }
  if (resume !== null) {
    if (facts.state !== 'Paused')
      return { do: 'refuse', command: resume, sentence: 'Not resumed: the change is not paused.' };
    const sentence = `${resume.actorName} resumed: ${resume.reason}`;
    return { do: 'go', state: 'Running', command: resume, sentence };
  }
  if (facts.state !== 'Paused') return null;
  if (begun !== null)
    return { do: 'go', state: 'Running', command: null, sentence: 'It had begun before the pause.' };
  return heldSeconds(facts) > facts.maxHoldSeconds
    ? tooLong(facts, 'Held')
    : wait('Paused by a person; resume or abort.');
}

/** Ends by the way that leaves nothing behind. */
export const tooLong = ({ maxHoldSeconds }: SteeredFacts, what: string): SteeredMove =>
  backOut('max-hold', `${what} for more than ${formatDuration(maxHoldSeconds)}.`);
