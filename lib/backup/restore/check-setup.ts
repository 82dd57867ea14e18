import 'server-only';
import { z } from 'zod';
import type { Database as DatabaseConfig, Restoring } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { readTarget, type Target } from '../connection';
import { withSession } from '../session';
import { rethrow, type SetupFinding, tellerOf } from '../setup-finding';

/** Whether the accounts that put copies back reach the server and may do what a restore does; nothing is changed. */
export async function checkRestores({ databases }: Config): Promise<SetupFinding[]> {
  const findings: SetupFinding[] = [];
  for (const { restore, ...database } of databases) {
    if (restore !== undefined) findings.push(...(await checkOne(database, restore)));
  }
  return findings;
}

async function checkOne(
  database: Omit<DatabaseConfig, 'restore'>,
  restore: Restoring,
): Promise<SetupFinding[]> {
  const subject = `Restores of ${database.id}`;
  const notes: SetupFinding[] = [];
  const note = (says: string) => notes.push({ state: 'note', subject, says });
  if (database.backup === undefined)
    note('no copies are made of it (backup), so there are none to put back.');
  const found = await tellerOf(subject)(async () => {
    const live = readTarget(database.url, database.name);
    const target = readTarget(restore.url, `the restores of ${database.name}`);
    const { account, isSuperuser } = await requireRights(database.name, live, target).catch(
      (error: unknown) => rethrow(error, target),
    );
    if (!isSuperuser)
      note(`the account ${account} is no superuser: pg_amcheck does not look at a database that was loaded.`);
    return `the account ${account} may make, load and exchange databases at the server of ${live.database}, and end sessions there.`;
  });
  return [found, ...notes];
}

const limits = { appName: 'signalbox', answerSeconds: 30 };

const Server = z.object({ started: z.string(), name: z.string(), isStandby: z.boolean() });
/** The moment at which a server was started tells it from every other one, to the microsecond, for any account. */
const server = `SELECT pg_postmaster_start_time()::text AS started, current_database()::text AS name,
  pg_is_in_recovery() AS "isStandby"`;

const Rights = z.object({
  account: z.string(),
  owner: z.string(),
  isSuperuser: z.boolean(),
  mayCreate: z.boolean(),
  isOwner: z.boolean(),
  maySignal: z.boolean(),
});
type Rights = z.infer<typeof Rights>;
const rights = `
  SELECT me.rolname::text AS account, pg_get_userbyid(d.datdba)::text AS owner, me.rolsuper AS "isSuperuser",
    me.rolcreatedb AS "mayCreate", pg_has_role(d.datdba, 'USAGE') AS "isOwner",
    pg_has_role('pg_signal_backend', 'USAGE') AS "maySignal"
  FROM pg_database d JOIN pg_roles me ON me.rolname = current_user WHERE d.datname = $1`;

async function asked<T>(
  target: Target,
  schema: z.ZodType<T>,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  return withSession(target, limits, async (client) =>
    z.array(schema).parse((await client.query(sql, values)).rows),
  );
}

/** Throws what is lacking, with what to do. */
async function requireRights(name: string, live: Target, target: Target): Promise<Rights> {
  const [[there], [here]] = await Promise.all([
    asked(live, Server, server).catch((error: unknown) => rethrow(error, live)),
    asked(target, Server, server),
  ]);
  if (there === undefined || here === undefined) throw new Error('a server did not say which one it is');
  if (here.started !== there.started)
    throw new Error(`databases[].restore.url and databases[].url of ${name} name different servers`);
  if (here.isStandby) throw new Error('the server is a standby: nothing can be written to it');
  if (here.name === there.name) {
    throw new Error(
      `databases[].restore.url names the database ${here.name}, which is the one that is replaced: nobody may be in it. Name another one, such as postgres`,
    );
  }
  const [found] = await asked(target, Rights, rights, [there.name]);
  if (found === undefined) throw new Error(`the server has no database ${there.name}`);
  const lacks = found.isSuperuser
    ? []
    : [...lacksOf(found), ...(await lacksWithin(target, there.name, found))];
  if (lacks.length > 0) throw new Error(`the account ${found.account} may not restore: ${lacks.join(' ')}`);
  return found;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function lacksOf({ account, owner, mayCreate, isOwner, maySignal }: Rights): string[] {
  const me = quoted(account);
  return [
    ...(mayCreate ? [] : [`it may not create databases (ALTER ROLE ${me} CREATEDB;).`]),
    ...(isOwner ? [] : [`it is no member of the owner (GRANT ${quoted(owner)} TO ${me};).`]),
    ...(maySignal ? [] : [`it may not end sessions (GRANT pg_signal_backend TO ${me};).`]),
  ];
}

const Name = z.object({ name: z.string() });

/** Owners of what is in the database; what belongs to an extension comes and goes with it. */
const strangers = `
  SELECT DISTINCT r.rolname::text AS name FROM (
    SELECT relowner AS owner, oid, 'pg_class'::regclass AS class FROM pg_class WHERE relkind <> 't'
    UNION ALL SELECT nspowner, oid, 'pg_namespace'::regclass FROM pg_namespace
    UNION ALL SELECT proowner, oid, 'pg_proc'::regclass FROM pg_proc
    UNION ALL SELECT typowner, oid, 'pg_type'::regclass FROM pg_type) o
  JOIN pg_roles r ON r.oid = o.owner
  WHERE o.oid >= 16384 AND NOT pg_has_role(o.owner, 'MEMBER')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.class AND d.objid = o.oid AND d.deptype = 'e')
    AND NOT EXISTS (SELECT FROM pg_namespace n WHERE n.oid = o.oid AND n.nspname ~ '^pg_')
  ORDER BY 1`;

/** Extensions that only a superuser may put into a new database. */
const closed = `
  SELECT DISTINCT e.extname::text AS name FROM pg_extension e
  JOIN pg_available_extension_versions v ON v.name = e.extname AND v.version = e.extversion
  WHERE v.superuser AND NOT v.trusted AND e.oid >= 16384 ORDER BY 1`;

/** What a load into a new database would stop at, looked for in the one that is there. */
async function lacksWithin(target: Target, database: string, { account }: Rights): Promise<string[]> {
  const inside = { ...target, database };
  const [owners, extensions] = await Promise.all([
    asked(inside, Name, strangers),
    asked(inside, Name, closed),
  ]);
  return [
    ...owners.map(
      ({ name }) =>
        `it may not give objects to their owner ${name} (GRANT ${quoted(name)} TO ${quoted(account)};).`,
    ),
    ...extensions.map(
      ({ name }) =>
        `only a superuser may create the extension ${name} (use a superuser, or drop the extension).`,
    ),
  ];
}
