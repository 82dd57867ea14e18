import 'server-only';
import { z } from 'zod';
import type { SecretRef } from '@/lib/core/env';
import { readSignalRight } from '@/lib/sources/postgresql/backend';
import { type Ask, withDatabase } from '@/lib/sources/postgresql/client';
import { SourceError } from '@/lib/sources/source-error';

/** A session by what names it: process numbers are used again. */
export type SessionName = { pid: number; startedAt: string };
/** Of which database, and the account that ends its sessions. */
export type Signaller = { id: string; signal: SecretRef };

/** `hidden`: our account does not see when the session of that process began, so it is not known whether it is the one. */
export type SessionNow = 'there' | 'gone' | 'hidden';

const Row = z.object({ same: z.nullable(z.boolean()), told: z.nullable(z.boolean()) });
type Row = z.infer<typeof Row>;

const ask = <T>({ id, signal }: Signaller, questions: (ask: Ask) => Promise<T>): Promise<T> =>
  withDatabase({ id, url: signal }, (part) => part(questions));

const isOne = 'backend_start = $2::timestamptz AND datname = current_database()';

function nowOf(row: Row | undefined): SessionNow {
  if (row === undefined || row.same === false) return 'gone';
  return row.same === null ? 'hidden' : 'there';
}

/** Throws SourceError when the server does not answer. */
export async function lookAtSession(
  signaller: Signaller,
  { pid, startedAt }: SessionName,
): Promise<SessionNow> {
  const [row] = await ask(signaller, ({ rows }) =>
    rows(Row, `SELECT ${isOne} AS same, NULL::boolean AS told FROM pg_stat_activity WHERE pid = $1`, [
      pid,
      startedAt,
    ]),
  );
  return nowOf(row);
}

/**
 * Tells the server to end exactly this session: number and start are compared in the statement that tells. `told`:
 * it took the order, and the session ends when it next looks. Throws SourceError; 42501 is its `answer` when the
 * account may not.
 */
export async function endSession(
  signaller: Signaller,
  { pid, startedAt }: SessionName,
): Promise<'told' | 'gone' | 'hidden'> {
  const [row] = await ask(signaller, ({ rows }) =>
    rows(
      Row,
      `SELECT ${isOne} AS same, CASE WHEN ${isOne} AND backend_type = 'client backend'
              THEN pg_terminate_backend(pid) END AS told
         FROM pg_stat_activity WHERE pid = $1`,
      [pid, startedAt],
    ),
  );
  const now = nowOf(row);
  if (now !== 'there') return now;
  return row?.told === true ? 'told' : 'gone';
}

/** Whether the account may end sessions of a user. Throws SourceError. */
export const maySignal = (
  signaller: Signaller,
  user: string | null,
): Promise<{ account: string; may: boolean }> =>
  ask(signaller, (questions) => readSignalRight(questions, user));

/** The server understood and refused: the account lacks the right. */
export const isForbidden = (error: unknown): error is SourceError =>
  error instanceof SourceError && error.answer === '42501';
