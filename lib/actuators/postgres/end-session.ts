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

const Seen = z.object({ same: z.nullable(z.boolean()) });
const Told = z.object({ ...Seen.shape, inTime: z.boolean(), told: z.nullable(z.boolean()) });
const Clock = z.object({ at: z.string() });

const ask = <T>({ id, signal }: Signaller, questions: (ask: Ask) => Promise<T>): Promise<T> =>
  withDatabase({ id, url: signal }, (part) => part(questions));

const isOne = 'backend_start = $2::timestamptz AND datname = current_database()';

function nowOf(row: z.infer<typeof Seen> | undefined): SessionNow {
  if (row === undefined || row.same === false) return 'gone';
  return row.same === null ? 'hidden' : 'there';
}

/** Throws SourceError when the server does not answer. */
export async function lookAtSession(
  signaller: Signaller,
  { pid, startedAt }: SessionName,
): Promise<SessionNow> {
  const [row] = await ask(signaller, ({ rows }) =>
    rows(Seen, `SELECT ${isOne} AS same FROM pg_stat_activity WHERE pid = $1`, [pid, startedAt]),
  );
  return nowOf(row);
}

/**
 * How long an order is good for. `mayStill` is asked when the server has told its time, and the order is void when it
 * reaches the server `withinSeconds` after that, by the server's own clock.
 */
export type OrderLimit = { mayStill: () => boolean; withinSeconds: number };

/**
 * Tells the server to end exactly this session: number and start are compared in the statement that tells, and so is the
 * time, because nothing else stops an order of a worker that stood still with it in its hands. `told`: it took the
 * order, and the session ends when it next looks. `late`: nothing was ended. Throws SourceError; 42501 is its `answer`
 * when the account may not.
 */
export async function endSession(
  signaller: Signaller,
  { pid, startedAt }: SessionName,
  { mayStill, withinSeconds }: OrderLimit,
): Promise<'told' | 'gone' | 'hidden' | 'late'> {
  const row = await ask(signaller, async ({ rows, one }) => {
    const { at } = await one(Clock, 'SELECT clock_timestamp()::text AS at');
    if (!mayStill()) return null;
    const [told] = await rows(
      Told,
      `SELECT same, "inTime", CASE WHEN same AND "inTime" AND backend_type = 'client backend'
              THEN pg_terminate_backend(pid) END AS told
         FROM (SELECT pid, backend_type, ${isOne} AS same,
                      clock_timestamp() < $3::timestamptz + $4 * interval '1 s' AS "inTime"
                 FROM pg_stat_activity WHERE pid = $1) found`,
      [pid, startedAt, at, withinSeconds],
    );
    return told;
  });
  if (row === null) return 'late';
  const now = nowOf(row);
  if (now !== 'there') return now;
  if (row?.inTime === false) return 'late';
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
