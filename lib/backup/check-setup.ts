import 'server-only';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import type { BackedUp } from './begin-copy';
import { readVersion } from './catalog';
import { readTarget } from './connection';
import { tryFolder } from './folder';
import { backedUp } from './make-copy';
import { checkRestores } from './restore/check-setup';
import { expiringAfter, withClient, withScratch } from './scratch';
import { rethrow, type SetupFinding, type Teller, tellerOf } from './setup-finding';
import { chooseTools, findTools, type Tools } from './tools';

/**
 * Whether copies can be made from here: the tools fit the server, the account reads everything, the folder can be
 * written to, the scratch server lets a database be made and checked, and the account that restores may. Writes a probe
 * and makes an empty database, and removes both.
 */
export async function checkBackups(config: Config): Promise<SetupFinding[]> {
  const databases = backedUp(config);
  if (databases.length === 0) return checkRestores(config);
  const tools = await findTools(config.backups.tools);
  const findings: SetupFinding[] = [];
  // One after another: they may share folder and scratch server.
  for (const database of databases) findings.push(...(await checkOne(config, tools, database)));
  return [...findings, ...(await checkRestores(config))];
}

async function checkOne(
  config: Config,
  tools: Tools[],
  { id, name, backup }: BackedUp,
): Promise<SetupFinding[]> {
  const tell = tellerOf(`Copies of ${id}`);
  return [
    await tell(async () => {
      const target = readTarget(backup.url, `the copies of ${name}`);
      return withClient(target, async (client) => {
        const query = (sql: string) => client.query<Record<string, unknown>>(sql);
        const server = await readVersion(query);
        const { version, folder } = chooseTools(tools, server, config.backups.tools);
        const unread = await query(unreadable);
        const count = Number(unread.rows[0]?.['n']);
        if (count > 0)
          throw new Error(`the account ${target.user} may not read ${count} tables or sequences`);
        const used = backup.job === undefined ? 'dumped by pg_dump' : 'dumped by a Job, read by pg_restore';
        return `PostgreSQL ${server.version}, ${used} ${version} in ${folder}; the account reads everything.`;
      }).catch((error: unknown) => rethrow(error, target));
    }),
    await tell(async () => {
      await tryFolder(backup.folder);
      return `the folder ${backup.folder} can be written to.`;
    }),
    ...(backup.scratch === undefined
      ? [
          {
            state: 'note' as const,
            subject: `Copies of ${id}`,
            says: 'no scratch server: no copy is proven by a restore.',
          },
        ]
      : [await checkScratch(tell, backup.scratch, name)]),
    ...(backup.schedule === undefined
      ? [
          {
            state: 'note' as const,
            subject: `Copies of ${id}`,
            says: 'no schedule: no copy is made by itself.',
          },
        ]
      : []),
  ];
}

/** What pg_dump would stop at: relations of users that the account may not select from. */
const unreadable = `
  SELECT count(*) AS n FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT (has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'))`;

const noCopy = '00000000-0000-0000-0000-000000000000';
/** What a probe that broke off leaves may be dropped by any console after this. */
const probeSeconds = 3600;

const checkScratch = (
  tell: Teller,
  secret: Parameters<typeof readTarget>[0],
  name: string,
): Promise<SetupFinding> =>
  tell(async () => {
    const target = readTarget(secret, `the scratch server of ${name}`);
    const mark = await expiringAfter(target, probeSeconds);
    return withScratch(target, { copy: noCopy, mark }, (scratch) =>
      withClient(scratch, async (client) => {
        const { version } = await readVersion((sql) => client.query<Record<string, unknown>>(sql));
        await client.query('CREATE EXTENSION amcheck').catch((error: unknown) => {
          throw new Error(
            `the scratch server has no amcheck for the account ${target.user} (${messageOf(error)})`,
          );
        });
        return `PostgreSQL ${version} as scratch server: a database was made, given amcheck, and dropped.`;
      }),
    ).catch((error: unknown) => rethrow(error, target));
  });
