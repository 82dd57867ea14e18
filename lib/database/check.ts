import type { Database } from '@/lib/config/database';
import type { Config } from '@/lib/config/schema';
import { messageOf } from '@/lib/core/errors';
import { now } from '@/lib/core/time';
import { readSignalRight } from '@/lib/sources/postgresql/backend';
import { withDatabase } from '@/lib/sources/postgresql/client';
import { readServer, type Server } from '@/lib/sources/postgresql/server';
import { type Extension, readExtension } from '@/lib/sources/postgresql/statements';
import { quoted } from './describe';
import { majorOf, supportOf } from './end-of-life';

/** One line of `config check`, as the command line prints it. */
export type DatabaseFinding = { state: 'ok' | 'wrong' | 'note'; subject: string; says: string };

/** Asks each database whether it answers, what it is, and whether it shows what the pages need. */
export async function checkDatabases({ databases }: Pick<Config, 'databases'>): Promise<DatabaseFinding[]> {
  return (await Promise.all(databases.map(checkDatabase))).flat();
}

async function checkDatabase(database: Database): Promise<DatabaseFinding[]> {
  const subject = `Database ${database.id}`;
  try {
    const [server, extension] = await withDatabase(database, async (part) => [
      await part(readServer),
      await part(readExtension),
    ]);
    return [
      answer(subject, server),
      ...notes(subject, server, extension),
      ...(await checkSignal(database, subject)),
    ];
  } catch (error) {
    return [{ state: 'wrong', subject, says: messageOf(error).replace(new RegExp(`^${subject} `), '') }];
  }
}

function answer(subject: string, server: Server): DatabaseFinding {
  const { state, ends } = supportOf(majorOf(server.versionNumber), now());
  const role = server.standby ? 'a standby' : 'the primary';
  const says = `answers as ${server.database}, PostgreSQL ${server.version}, ${role}`;
  if (state === 'ended')
    return { state: 'note', subject, says: `${says}; without corrections since ${ends}.` };
  const until = ends === null ? '' : `; supported until ${ends}`;
  return { state: 'ok', subject, says: `${says}${until}.` };
}

function notes(subject: string, server: Server, extension: Extension): DatabaseFinding[] {
  const found: DatabaseFinding[] = [];
  if (!server.seesAll) {
    found.push({
      state: 'note',
      subject,
      says: `the account ${server.account} does not see what others do: GRANT pg_monitor TO ${quoted(server.account)}.`,
    });
  }
  if (extension.version === null) {
    found.push({
      state: 'note',
      subject,
      says: 'has no pg_stat_statements, so there are no top queries: CREATE EXTENSION pg_stat_statements, with its name in shared_preload_libraries.',
    });
  } else if (extension.preloaded === false) {
    found.push({
      state: 'note',
      subject,
      says: 'has pg_stat_statements, but does not load it: add it to shared_preload_libraries and restart the server.',
    });
  }
  return found;
}

/** The account that ends sessions: it has to see when they began, and to be allowed. */
async function checkSignal({ id, signal }: Database, subject: string): Promise<DatabaseFinding[]> {
  if (signal === undefined) {
    return [
      { state: 'note', subject, says: 'has no signal account, so no session of it is ended from here.' },
    ];
  }
  try {
    const [server, right] = await withDatabase({ id, url: signal }, async (part) => [
      await part(readServer),
      await part((ask) => readSignalRight(ask, null)),
    ]);
    const lacks = [
      ...(right.may ? [] : ['pg_signal_backend']),
      ...(server.seesAll ? [] : ['pg_read_all_stats']),
    ].join(', ');
    const { account } = right;
    return lacks === ''
      ? [{ state: 'ok', subject, says: `the account ${account} may end sessions.` }]
      : [
          {
            state: 'wrong',
            subject,
            says: `the account ${account} may not end sessions: GRANT ${lacks} TO ${quoted(account)}.`,
          },
        ];
  } catch (error) {
    const said = messageOf(error).replace(new RegExp(`^${subject} `), '');
    return [{ state: 'wrong', subject, says: `the account that ends sessions: ${said}` }];
  }
}
