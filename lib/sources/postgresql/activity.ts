import { z } from 'zod';
import { backendStart } from './backend';
import type { Ask } from './client';

/** What the server writes in place of a query that our account may not read. */
export const hiddenQuery = '<insufficient privilege>';

/** More sessions than this no person reads; the count tells how many there are. */
export const maxSessions = 100;

const Session = z.object({
  pid: z.int(),
  /** When it began, UTC to the microsecond: a process number is used again. Null: hidden from our account. */
  startedAt: z.nullable(z.string()),
  user: z.nullable(z.string()),
  application: z.string(),
  address: z.nullable(z.string()),
  /** Null: our account may not see it. */
  state: z.nullable(z.string()),
  waitType: z.nullable(z.string()),
  waitEvent: z.nullable(z.string()),
  /** Seconds in the present state. */
  stateSeconds: z.nullable(z.number()),
  /** Seconds since the transaction began; null outside of one. */
  transactionSeconds: z.nullable(z.number()),
  /** The running query, or the last one; as typed, with its values: not for pages. */
  query: z.nullable(z.string()),
  /** Sessions that hold what this one waits for. */
  blockedBy: z.array(z.int()),
});
export type Session = z.infer<typeof Session>;

/** Sessions of this database beside our own: those that do something first, the longest first (DBO-03). */
export const readSessions = (ask: Ask): Promise<Session[]> =>
  ask.rows(
    Session,
    `SELECT pid, ${backendStart} AS "startedAt", usename::text AS "user", coalesce(application_name, '') AS application,
            host(client_addr) AS address, state, wait_event_type AS "waitType", wait_event AS "waitEvent",
            extract(epoch FROM clock_timestamp() - state_change)::float8 AS "stateSeconds",
            extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "transactionSeconds",
            left(query, 4000) AS query,
            CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) ELSE '{}' END AS "blockedBy"
       FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (backend_type = 'client backend' OR backend_type IS NULL)
      ORDER BY (state = 'idle') NULLS LAST, coalesce(xact_start, state_change), pid
      LIMIT ${maxSessions}`,
  );

const StateCount = z.object({
  /** As the server names it; `hidden` where our account may not see it. */
  state: z.string(),
  /** Of this database, or of another one on the same server. */
  own: z.boolean(),
  count: z.int(),
});
export type StateCount = z.infer<typeof StateCount>;

/** Connections of clients to the whole server by state: they share one limit. Ours is among them. */
export const readConnections = (ask: Ask): Promise<StateCount[]> =>
  ask.rows(
    StateCount,
    `SELECT coalesce(state, CASE WHEN backend_type IS NULL THEN 'hidden' ELSE 'starting' END) AS state,
            coalesce(datname = current_database(), false) AS own, count(*)::int AS count
       FROM pg_stat_activity
      WHERE backend_type = 'client backend' OR (backend_type IS NULL AND usesysid IS NOT NULL)
      GROUP BY 1, 2 ORDER BY 3 DESC, 1`,
  );
