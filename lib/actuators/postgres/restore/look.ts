import 'server-only';
import { z } from 'zod';
import { type Mark, readMark } from './mark';
import type { Names } from './names';
import { applicationName, type Keeper, type Server, withServer } from './server';

/** A database as its server has it. */
export type Found = {
  name: string;
  oid: number;
  /** It lets sessions in. */
  open: boolean;
  comment: string | null;
  mark: Mark | null;
  /** Sessions in it that are not ours. */
  sessions: number;
};

/** Null: there is none of this name. */
export type Seen = { live: Found | null; fresh: Found | null; former: Found | null };

const Row = z.object({
  name: z.string(),
  oid: z.coerce.number(),
  open: z.boolean(),
  comment: z.string().nullable(),
  sessions: z.coerce.number(),
});

/** Within one statement, so that a switch is seen before or after, and never half. */
export async function lookAt(server: Server, { live, fresh, former }: Names): Promise<Seen> {
  const rows = await server.rows(
    Row,
    `SELECT d.datname AS name, d.oid::int8 AS oid, d.datallowconn AS open,
       shobj_description(d.oid, 'pg_database') AS comment,
       (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid AND a.backend_type = 'client backend'
          AND a.application_name NOT LIKE 'signalbox%') AS sessions
     FROM pg_database d WHERE d.datname = ANY($1)`,
    [[live, fresh, former]],
  );
  const found = (name: string): Found | null => {
    const row = rows.find((one) => one.name === name);
    return row === undefined ? null : { ...row, mark: readMark(row.comment) };
  };
  return { live: found(live), fresh: found(fresh), former: found(former) };
}

/** Throws SourceError. */
export const seeDatabases = (keeper: Keeper, names: Names): Promise<Seen> =>
  withServer(keeper, (server) => lookAt(server, names));

/**
 * Ends the sessions in a database that lets nobody in; the number of those that were told. Sessions of a database that is
 * open are left alone, also when it was opened meanwhile, and those of superusers where our account is none. Throws
 * SourceError.
 */
export async function endSessionsIn(keeper: Keeper, oid: number): Promise<number> {
  return withServer(keeper, async (server) => {
    const [row] = await server.rows(
      z.object({ told: z.coerce.number() }),
      `SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) AS told FROM pg_stat_activity a
       JOIN pg_database d ON d.oid = a.datid JOIN pg_roles me ON me.rolname = current_user
       LEFT JOIN pg_roles r ON r.oid = a.usesysid
       WHERE d.oid = $1::int8::oid AND NOT d.datallowconn AND a.pid <> pg_backend_pid()
         AND (me.rolsuper OR NOT coalesce(r.rolsuper, true))
         AND a.backend_type IN ('client backend', 'walsender') AND a.application_name <> $2`,
      [oid, applicationName],
    );
    return row?.told ?? 0;
  });
}
