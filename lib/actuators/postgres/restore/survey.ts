import 'server-only';
import { z } from 'zod';
import { type Keeper, withServer } from './server';

/** What a plan has to know of a database that is replaced, by the account that replaces it. */
export type Survey = z.infer<typeof Row>;

const Row = z.object({
  oid: z.coerce.number(),
  owner: z.string(),
  bytes: z.coerce.number().nullable(),
  open: z.boolean(),
  isTemplate: z.boolean(),
  /** Of others than this console. */
  sessions: z.coerce.number(),
  /** Transactions that were prepared and not ended: no name changes while there are any. */
  prepared: z.coerce.number(),
  /** Logical replication slots: they stay with the old database. */
  slots: z.array(z.string()),
  account: z.string(),
  connectedTo: z.string(),
  isOwner: z.boolean(),
  mayCreate: z.boolean(),
  mayEnd: z.boolean(),
  /** Accounts that have settings of their own in this database, and whether the account may give them in another. */
  withSettings: z.array(z.string()),
  mayAlterRoles: z.boolean(),
  systemIdentifier: z.string().nullable(),
});

/** Null: the server has no database of this name. Throws SourceError. */
export const surveyDatabase = (keeper: Keeper, name: string): Promise<Survey | null> =>
  withServer(keeper, async (server) => {
    const [row] = await server.rows(
      Row,
      `SELECT d.oid::int8 AS oid, pg_get_userbyid(d.datdba) AS owner,
         CASE WHEN has_database_privilege(d.oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'USAGE')
           THEN pg_database_size(d.oid) END AS bytes,
         d.datallowconn AS open, d.datistemplate AS "isTemplate",
         (SELECT count(*) FROM pg_stat_activity a WHERE a.datid = d.oid AND a.backend_type = 'client backend'
            AND a.application_name NOT LIKE 'signalbox%') AS sessions,
         (SELECT count(*) FROM pg_prepared_xacts p WHERE p.database = d.datname) AS prepared,
         ARRAY(SELECT s.slot_name::text FROM pg_replication_slots s WHERE s.database = d.datname) AS slots,
         current_user::text AS account, current_database()::text AS "connectedTo",
         pg_has_role(d.datdba, 'USAGE') AS "isOwner", (me.rolsuper OR me.rolcreatedb) AS "mayCreate",
         (me.rolsuper OR pg_has_role('pg_signal_backend', 'USAGE')) AS "mayEnd",
         ARRAY(SELECT r.rolname::text FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
           WHERE s.setdatabase = d.oid AND r.oid <> me.oid ORDER BY 1) AS "withSettings",
         (me.rolsuper OR me.rolcreaterole) AS "mayAlterRoles",
         CASE WHEN has_function_privilege('pg_control_system()', 'EXECUTE')
           THEN (SELECT system_identifier::text FROM pg_control_system()) END AS "systemIdentifier"
       FROM pg_database d JOIN pg_roles me ON me.rolname = current_user WHERE d.datname = $1`,
      [name],
    );
    return row ?? null;
  });
