import { z } from 'zod';
import { SourceError } from '../source-error';
import type { Ask } from './client';

/** The oldest server whose views have the names that are asked for: `wal` for `xlog`, and pg_monitor. */
const oldestVersion = 100_000;

const Number_ = z.object({ number: z.int() });
const Server = z.object({
  /** As the server writes it: `15.18 (Debian 15.18-1)`. */
  version: z.string(),
  /** `server_version_num`: 150018. */
  versionNumber: z.int(),
  standby: z.boolean(),
  account: z.string(),
  database: z.string(),
  /** Whether the account may read what other accounts do (pg_monitor, or pg_read_all_stats). */
  seesAll: z.boolean(),
  startedSecondsAgo: z.number(),
});
export type Server = z.infer<typeof Server>;

/** What answers. Throws SourceError for a server older than PostgreSQL 10. */
export async function readServer(ask: Ask): Promise<Server> {
  const { number } = await ask.one(Number_, `SELECT current_setting('server_version_num')::int AS number`);
  if (number < oldestVersion) {
    throw new SourceError(
      'bad-response',
      `The server has version ${Math.floor(number / 10_000)}.${Math.floor(number / 100) % 100}; 10 is the oldest that can be read.`,
    );
  }
  return ask.one(
    Server,
    `SELECT current_setting('server_version') AS version, ${number} AS "versionNumber",
            pg_is_in_recovery() AS standby, current_user::text AS account, current_database()::text AS database,
            pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS "seesAll",
            extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8 AS "startedSecondsAgo"`,
  );
}

const Setting = z.object({
  name: z.string(),
  /** In `unit`, as the server keeps it. */
  setting: z.string(),
  unit: z.nullable(z.string()),
  /** As a person writes it: `4GB`. */
  shown: z.string(),
  pendingRestart: z.boolean(),
});
export type Setting = z.infer<typeof Setting>;

export const readSettings = (ask: Ask, names: readonly string[]): Promise<Setting[]> =>
  ask.rows(
    Setting,
    `SELECT name, setting, unit, current_setting(name) AS shown, pending_restart AS "pendingRestart"
       FROM pg_settings WHERE name = ANY ($1::text[])`,
    [names],
  );

const Limits = z.object({
  /** `max_connections`. */
  max: z.int(),
  /** Kept back for superusers and, since PostgreSQL 16, for `reserved_connections`. */
  reserved: z.int(),
});
export type Limits = z.infer<typeof Limits>;

export const readLimits = (ask: Ask): Promise<Limits> =>
  ask.one(
    Limits,
    `SELECT current_setting('max_connections')::int AS max,
            current_setting('superuser_reserved_connections')::int
              + coalesce(current_setting('reserved_connections', true), '0')::int AS reserved`,
  );
