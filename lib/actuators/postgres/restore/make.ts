import 'server-only';
import { z } from 'zod';
import { type Acted, done, mark, moved, type Restore, toldBy } from './fence';
import { lookAt } from './look';
import { type Server, withServer } from './server';

const Properties = z.object({
  version: z.coerce.number(),
  owner: z.string(),
  encoding: z.string(),
  collation: z.string(),
  ctype: z.string(),
  tablespace: z.string(),
  limit: z.coerce.number(),
  comment: z.string().nullable(),
  more: z.record(z.string(), z.unknown()),
});
type Properties = z.infer<typeof Properties>;

/**
 * Makes the empty database that a copy is loaded into, with everything of the old one that no dump holds: owner,
 * encoding, locale, tablespace, limits, settings, rights. Doing it again finishes what was begun. Nobody is let into it
 * but by name; the mark comes last, with the settings, so that one without it is not finished. Throws SourceError.
 */
export async function makeDatabase({ keeper, names, oid, fence, limit }: Restore): Promise<Acted> {
  return withServer(keeper, (server) =>
    server
      .aloneOutside(oid, async (): Promise<Acted> => {
        const seen = await lookAt(server, names);
        if (seen.live?.oid !== oid || seen.former !== null) return moved;
        const [old] = await server.rows(Properties, propertiesSql, [oid]);
        if (old === undefined) return moved;
        if (seen.fresh === null) {
          // Nothing carries the fence yet, so it is time that stops whoever comes late: the server ends a session that
          // stands still between this and the next statement.
          await server.endIdleAfter(limit.withinSeconds);
          if (!limit.mayStill()) return { kind: 'late' };
          await server.run(createSql(server, names.fresh, old));
        } else if (seen.fresh.mark !== null) return seen.fresh.mark.change === fence.change ? done : moved;
        await server.run('BEGIN');
        await copySettings(server, oid, names.fresh);
        await copyRights(server, oid, names.fresh, old.owner);
        const made = { name: names.fresh, oid: 0, open: true, comment: old.comment, mark: null, sessions: 0 };
        await mark(server, made, fence);
        await server.run('COMMIT');
        return done;
      })
      .catch(toldBy),
  );
}

/** Columns of the locale differ by version (15 has ICU as a choice, 17 one column for all providers). */
const propertiesSql = `
  SELECT current_setting('server_version_num') AS version, pg_get_userbyid(d.datdba) AS owner,
    pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collation, d.datctype AS ctype,
    t.spcname AS tablespace, d.datconnlimit AS limit, shobj_description(d.oid, 'pg_database') AS comment,
    to_jsonb(d) AS more
  FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.oid = $1::int8::oid`;

const Locale = z.looseObject({
  datlocprovider: z.string().optional(),
  daticulocale: z.string().nullish(),
  datlocale: z.string().nullish(),
});

function createSql({ identifier, literal }: Server, name: string, old: Properties): string {
  const { datlocprovider, daticulocale, datlocale } = Locale.parse(old.more);
  const locale = datlocale ?? daticulocale ?? null;
  const provider =
    datlocprovider === 'i' && locale !== null
      ? ` LOCALE_PROVIDER icu ICU_LOCALE ${literal(locale)}`
      : datlocprovider === 'b' && locale !== null
        ? ` LOCALE_PROVIDER builtin BUILTIN_LOCALE ${literal(locale)}`
        : '';
  // Naming the usual one asks for a right that nobody needs.
  const tablespace = old.tablespace === 'pg_default' ? '' : `TABLESPACE ${identifier(old.tablespace)}`;
  return `CREATE DATABASE ${identifier(name)} OWNER ${identifier(old.owner)} TEMPLATE template0
    ENCODING ${literal(old.encoding)} LC_COLLATE ${literal(old.collation)} LC_CTYPE ${literal(old.ctype)}${provider}
    ${tablespace} CONNECTION LIMIT ${old.limit}`;
}

const Setting = z.object({ role: z.string().nullable(), name: z.string(), value: z.string() });

/** By the server itself, which knows how each setting is written: set for this transaction, then kept from it. */
async function copySettings(server: Server, oid: number, name: string): Promise<void> {
  const settings = await server.rows(
    Setting,
    `SELECT r.rolname AS role, split_part(c, '=', 1) AS name, substr(c, strpos(c, '=') + 1) AS value
     FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole CROSS JOIN LATERAL unnest(s.setconfig) AS c
     WHERE s.setdatabase = $1::int8::oid`,
    [oid],
  );
  const database = server.identifier(name);
  for (const { role, name: setting, value } of settings) {
    await server.run('SELECT set_config($1, $2, true)', [setting, value]);
    // `a.b` is the setting b of an extension a: two words to the grammar.
    const key = setting.split('.').map(server.identifier).join('.');
    await server.run(
      role === null
        ? `ALTER DATABASE ${database} SET ${key} FROM CURRENT`
        : `ALTER ROLE ${server.identifier(role)} IN DATABASE ${database} SET ${key} FROM CURRENT`,
    );
  }
}

const Right = z.object({ grantee: z.string().nullable(), privilege: z.string(), grantable: z.boolean() });

/** Null rights are those of every new database. */
async function copyRights(server: Server, oid: number, name: string, owner: string): Promise<void> {
  const rights = await server.rows(
    Right,
    `SELECT r.rolname AS grantee, a.privilege_type AS privilege, a.is_grantable AS grantable
     FROM pg_database d CROSS JOIN LATERAL aclexplode(d.datacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
     WHERE d.oid = $1::int8::oid AND d.datacl IS NOT NULL`,
    [oid],
  );
  if (rights.length === 0) return;
  const database = server.identifier(name);
  await server.run(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  for (const { grantee, privilege, grantable } of rights) {
    // The owner has every right from the start.
    if (grantee === owner) continue;
    const to = grantee === null ? 'PUBLIC' : server.identifier(grantee);
    await server.run(
      `GRANT ${privilege} ON DATABASE ${database} TO ${to}${grantable ? ' WITH GRANT OPTION' : ''}`,
    );
  }
}
