import { z } from 'zod';
import type { StagedIntent } from './target';

const CreatedSpec = z.looseObject({ suspend: z.boolean().default(false) });

const isSettled = ({ result }: StagedIntent): boolean => result === 'applied' || result === 'adopted';

/** Announced by an earlier version of this program: such a Job runs from its creation on. */
export const isUnsuspended = ({ verb, desired }: Pick<StagedIntent, 'verb' | 'desired'>): boolean =>
  verb === 'create' && !CreatedSpec.parse(desired['spec']).suspend;

/** What lets a Job run. */
const lets = (intent: StagedIntent): boolean => intent.verb === 'write' || isUnsuspended(intent);

/** What is recorded of one Job, from the writes of it, whatever became of them. */
export function recordedOfJob(
  intents: readonly StagedIntent[],
  key: string,
): { created: boolean; releasedAtMs: number | null; announced: boolean } {
  const mine = intents.filter(({ target }) => target === key);
  const released = mine.find((intent) => lets(intent) && isSettled(intent));
  return {
    // Only a Job that was seen is let run; and a creation that met another object may have made what is gone since.
    created: mine.some(
      (intent) =>
        intent.verb === 'write' ||
        (intent.verb === 'create' && (isSettled(intent) || intent.result === 'conflict')),
    ),
    releasedAtMs: released === undefined ? null : (released.resolvedAt ?? released.createdAt).getTime(),
    // A refusal is the one proof that a write never arrived.
    announced: mine.some((intent) => lets(intent) && intent.result !== 'refused'),
  };
}

/** Given up without having been seen; unless the Job was sealed since, or the cluster refused that. */
export function isReleaseLate(intents: readonly StagedIntent[], key: string): boolean {
  const mine = intents.filter(({ target }) => target === key);
  const isUnseen = mine.some(({ verb, result }) => verb === 'write' && result === 'superseded');
  const isOver = mine.some(
    ({ verb, result }) => verb === 'restore' && result !== null && result !== 'superseded',
  );
  return isUnseen && !isOver;
}
