import { isOpsError, messageOf, sentenceOf } from '@/lib/core/errors';
import type { Target } from './connection';
import { redact } from './run-tool';

export type SetupFinding = { state: 'ok' | 'wrong' | 'note'; subject: string; says: string };

/** What a server says, without the password that it was given. */
export function rethrow(error: unknown, { password }: Pick<Target, 'password'>): never {
  if (isOpsError(error)) throw error;
  throw new Error(redact(messageOf(error), [password]));
}

export type Teller = (check: () => Promise<string>) => Promise<SetupFinding>;

export const tellerOf =
  (subject: string): Teller =>
  async (check) => {
    try {
      return { state: 'ok', subject, says: await check() };
    } catch (error) {
      return { state: 'wrong', subject, says: sentenceOf(error) };
    }
  };
