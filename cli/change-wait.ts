import { isOpsError } from '@/lib/core/errors';
import { api } from '@/lib/core/paths';
import { monotonicMs, sleep } from '@/lib/core/time';
import { ChangeAnswer } from './change-answers';
import { exitCodeOf, INTERRUPTED, STILL_OPEN } from './change-text';
import type { Console } from './console';

export type Waiting = {
  timeoutSeconds: number;
  intervalSeconds: number;
  say: (line: string) => void;
  signal: AbortSignal;
};
export type Waited = { answer: ChangeAnswer | null; exitCode: number };

/**
 * Follows a change until it ends, the time is over or the signal is raised; it only reads, so none of these touches
 * the change. Prints each entry of the change's own log once. A console that is gone is waited for as long; one that
 * stays away leaves the end unknown, as a change that has not ended in time.
 */
export async function waitFor(
  console: Console,
  id: string,
  { timeoutSeconds, intervalSeconds, say, signal }: Waiting,
): Promise<Waited> {
  const until = monotonicMs() + timeoutSeconds * 1000;
  const left = () => Math.max(0, until - monotonicMs());
  let answer: ChangeAnswer | null = null;
  let seen = 0;
  let waitsFor = '';
  try {
    for (;;) {
      answer = await console.get(ChangeAnswer, api.change(id), signal, left());
      for (const { seq, at, sentence } of answer.observations) {
        if (seq <= seen) continue;
        // The console gives the newest entries; they are numbered from 1 without a gap.
        if (seq > seen + 1) say(`         ${seq - seen - 1} entries before are in the deployment record.`);
        seen = seq;
        say(`${at.slice(11, 19)} ${sentence}`);
      }
      const { change, next } = answer;
      if (change.finishedAt !== null) {
        say(`${change.id} ended: ${change.state}. ${change.outcome?.sentence ?? change.sentence}`);
        return { answer, exitCode: exitCodeOf(change.state) };
      }
      if (left() === 0) {
        say(`${id} has not ended in time (${change.state}). It goes on without this command.`);
        return { answer, exitCode: STILL_OPEN };
      }
      if (next !== waitsFor) say(`         Next: ${next}`);
      waitsFor = next;
      await sleep(Math.min(intervalSeconds * 1000, left()), signal);
      signal.throwIfAborted();
    }
  } catch (error) {
    if (!signal.aborted) {
      if (!isOpsError(error, 'unavailable')) throw error;
      // Nobody knows how it ended: that is no failure of the change, and a pipeline must not take it for one.
      say(error.message);
      say(`How ${id} stands is not known. It goes on without this command: signalbox change wait ${id}`);
      return { answer, exitCode: STILL_OPEN };
    }
    say(`Stopped waiting for ${id}. The change was not touched and goes on: signalbox change wait ${id}`);
    return { answer, exitCode: INTERRUPTED };
  }
}
