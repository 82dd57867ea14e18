import { z } from 'zod';
import type { Ask } from './client';

/** As the server writes an instant for us: UTC, to the microsecond. */
const instant = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** `backend_start` as text: with the process number it names a session. */
export const backendStart = instant('backend_start');

const Found = z.object({
  /** Null: our account may not see it. */
  startedAt: z.nullable(z.string()),
  kind: z.nullable(z.string()),
  isHere: z.boolean(),
  user: z.nullable(z.string()),
  application: z.string(),
  client: z.nullable(z.string()),
  state: z.nullable(z.string()),
  stateSince: z.nullable(z.string()),
  transactionSince: z.nullable(z.string()),
  transactionSeconds: z.nullable(z.number()),
  wait: z.nullable(z.string()),
  /** As typed, with its values: not for pages. */
  query: z.nullable(z.string()),
  blockedBy: z.array(z.int()),
  blocks: z.array(z.int()),
});
export type FoundSession = z.infer<typeof Found>;

/** The session of a process, whatever kind it is of; null: none has that number now. */
export async function findSession(ask: Ask, pid: number): Promise<FoundSession | null> {
  const [found] = await ask.rows(
    Found,
    `SELECT ${backendStart} AS "startedAt", backend_type AS kind, coalesce(datname = current_database(), false) AS "isHere",
            usename::text AS "user", coalesce(application_name, '') AS application, host(client_addr) AS client, state,
            ${instant('state_change')} AS "stateSince", ${instant('xact_start')} AS "transactionSince",
            extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "transactionSeconds",
            wait_event_type || ': ' || wait_event AS wait, left(query, 4000) AS query,
            CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) ELSE '{}' END AS "blockedBy",
            ARRAY(SELECT w.pid FROM pg_stat_activity w
              WHERE w.wait_event_type = 'Lock' AND $1 = ANY (pg_blocking_pids(w.pid)) ORDER BY 1) AS blocks
       FROM pg_stat_activity WHERE pid = $1`,
    [pid],
  );
  return found ?? null;
}

const Rights = z.object({ account: z.string(), may: z.boolean() });

/** Whether our account may end sessions of a user, by the server's own rules; `user` null: of any but a superuser. */
export const readSignalRight = (ask: Ask, user: string | null): Promise<z.infer<typeof Rights>> =>
  ask.one(
    Rights,
    `SELECT current_user::text AS account, me.rolsuper OR (coalesce(NOT other.rolsuper, true)
              AND (pg_has_role(current_user, 'pg_signal_backend', 'USAGE')
                OR coalesce(pg_has_role(current_user, other.oid, 'USAGE'), false))) AS may
       FROM pg_roles me LEFT JOIN pg_roles other ON other.rolname = $1 WHERE me.rolname = current_user`,
    [user],
  );
