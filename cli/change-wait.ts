import { isOpsError, type OpsError } from '@/lib/core/errors';
import { api } from '@/lib/core/paths';
import { monotonicMs, now, sleep } from '@/lib/core/time';
import { ChangeAnswer } from './change-answers';
import {
  exitCodeOf,
  goOnWith,
  INTERRUPTED,
  type Known,
  STILL_OPEN,
  UNKNOWN,
  unknownLines,
} from './change-text';
import type { Console } from './console';

export type Waiting = {
  timeoutSeconds: number;
  intervalSeconds: number;
  say: (line: string) => void;
  signal: AbortSignal;
  /** This command asked for the change, so there is one, whatever the console says now. */
  isSent: boolean;
};
export type Waited = { known: Known; exitCode: number };

/**
 * Follows a change until it ends, the time is over or the signal is raised; it only reads, so none of these touches
 * the change. Prints each entry of the change's own log once. A console that is gone is waited for as long; one that
 * stays away, or lets the token in no more, leaves it unknown how the change ends, which is not a failure of it.
 */
export async function waitFor(
  console: Console,
  id: string,
  { timeoutSeconds, intervalSeconds, say, signal, isSent }: Waiting,
): Promise<Waited> {
  const until = monotonicMs() + timeoutSeconds * 1000;
  const left = () => Math.max(0, until - monotonicMs());
  let known: Known = { answer: null, readAt: null, awaySince: null };
  let seen = -1;
  let waitsFor = '';
  try {
    for (;;) {
      const answer = await console.get(ChangeAnswer, api.change(id), signal, left());
      known = { answer, readAt: now(), awaySince: null };
      for (const { seq, at, sentence } of answer.observations) {
        if (seq <= seen) continue;
        seen = seq;
        say(`${at.slice(11, 19)} ${sentence}`);
      }
      const { change, next } = answer;
      if (change.finishedAt !== null) {
        say(`${change.id} ended: ${change.state}. ${change.outcome?.sentence ?? change.sentence}`);
        return { known, exitCode: exitCodeOf(change.state) };
      }
      if (left() === 0) {
        say(`${id} has not ended in time (${change.state}). It goes on without this command.`);
        say(goOnWith(id));
        return { known, exitCode: STILL_OPEN };
      }
      if (next !== waitsFor) say(`         Next: ${next}`);
      waitsFor = next;
      await sleep(Math.min(intervalSeconds * 1000, left()), signal);
      signal.throwIfAborted();
    }
  } catch (error) {
    if (signal.aborted) {
      say(`Stopped waiting for ${id}. The change was not touched and goes on. ${goOnWith(id)}`);
      return { known, exitCode: INTERRUPTED };
    }
    const isThere = isSent || known.answer !== null;
    if (!isOpsError(error) || (isOpsError(error, 'not-found') && !isThere)) throw error;
    known = { ...known, awaySince: console.awaySince };
    for (const line of unknownLines(id, known, error)) say(line);
    return { known, exitCode: UNKNOWN };
  }
}

/** How a change stands that was sent a moment ago; that it was sent stays true when the console is away by now. */
export async function lookAt(console: Console, id: string, say: (line: string) => void): Promise<Waited> {
  try {
    const answer = await console.get(ChangeAnswer, api.change(id));
    return { known: { answer, readAt: now(), awaySince: null }, exitCode: 0 };
  } catch (error) {
    if (!isOpsError(error)) throw error;
    const known = { answer: null, readAt: null, awaySince: console.awaySince };
    for (const line of unknownLines(id, known, error)) say(line);
    return { known, exitCode: 0 };
  }
}

/** Whether a write that failed so may have been carried out all the same: nobody answered, or not as a console does. */
export const mayHaveArrived = (error: unknown): error is OpsError =>
  isOpsError(error, 'unavailable') || isOpsError(error, 'internal');
