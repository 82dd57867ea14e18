import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { copiedDatabases, countedDatabases, type DemoCopies, demoDatabases } from '@/sandbox/demo/databases';
import { postgresqlClient } from '../binaries/postgresql-client';
import { keptSecret } from './accounts';
import type { SandboxBackupJob } from './sandbox';
import { SERVICES } from './service-databases';

const COPIER = 'signalbox_copier';
/** Puts copies back. The extension that counts queries can be put into a new database by a superuser alone. */
const RESTORER = { plain: 'signalbox_restorer', superuser: 'signalbox_restorer_all' } as const;
const restorerOf = (database: string): string =>
  countedDatabases.some((counted) => counted === database) ? RESTORER.superuser : RESTORER.plain;
/** Copies of the one region are tried on the server of the other; it is the only second one that there is. */
const SCRATCH_REGION = 'eu-west-1';

/**
 * What copies of the services' databases need: an account that reads everything, files with its URLs, folders, the
 * tools of PostgreSQL 15, and a server to restore on.
 */
export async function prepareCopies(
  folder: string,
  servers: Readonly<Record<string, string>>,
  onFetch: (name: string) => void,
): Promise<DemoCopies> {
  const password = keptSecret(folder, 'copies.password', 24);
  const [secrets, copies] = [path.join(folder, 'secrets'), path.join(folder, 'copies')];
  for (const made of [secrets, copies]) fs.mkdirSync(made, { recursive: true, mode: 0o700 });
  const write = (name: string, url: URL): string => {
    fs.writeFileSync(path.join(secrets, name), `${url.href}\n`, { mode: 0o600 });
    return path.join(secrets, name);
  };
  const serverOf = (region: string): URL => {
    const server = servers[region];
    if (server === undefined) throw new Error(`There is no PostgreSQL for ${region}.`);
    return new URL(server);
  };
  const copied = demoDatabases.filter(({ id }) => copiedDatabases.some((known) => known.id === id));
  for (const region of new Set(copied.map((database) => database.region))) {
    await addAccounts(serverOf(region).href, password);
  }
  for (const { id, region, database } of copied) {
    const url = serverOf(region);
    [url.username, url.password, url.pathname] = [COPIER, password, `/${database}`];
    write(`copies-${id}.url`, url);
    // Not the database itself, in which nobody may be when it is exchanged.
    [url.username, url.pathname] = [restorerOf(database), '/postgres'];
    write(`restore-${id}.url`, url);
  }
  return {
    tools: await postgresqlClient(onFetch),
    scratch: write('scratch.url', serverOf(SCRATCH_REGION)),
    urlFile: (id) => path.join(secrets, `copies-${id}.url`),
    restoreFile: (id) => path.join(secrets, `restore-${id}.url`),
    folder: (id) => path.join(copies, id),
    byJobs: true,
  };
}

/** What the pretend production is told of the one database whose copies its Jobs make. */
export function backupJobOf({ tools, folder, urlFile }: DemoCopies): SandboxBackupJob | undefined {
  const [copied] = copiedDatabases.filter(({ cronJob }) => cronJob !== undefined);
  const database = demoDatabases.find(({ id }) => id === copied?.id);
  if (copied?.cronJob === undefined || database === undefined) return undefined;
  const { id, region: cluster } = database;
  const url = fs.readFileSync(urlFile(id), 'utf8').trim();
  return { cluster, name: copied.cronJob, folder: folder(id), url, tools };
}

/** What each account may, where it is not there yet. */
const accounts: Record<string, string> = {
  [COPIER]: 'LOGIN IN ROLE pg_read_all_data',
  [RESTORER.plain]: `LOGIN CREATEDB IN ROLE ${SERVICES}, pg_signal_backend, pg_read_all_stats`,
  [RESTORER.superuser]: 'LOGIN SUPERUSER',
};

async function addAccounts(url: string, password: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const [name, rights] of Object.entries(accounts)) {
      await client.query(`DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}') THEN CREATE ROLE ${name} ${rights}; END IF;
        END $$`);
      await client.query(`ALTER ROLE ${name} PASSWORD ${client.escapeLiteral(password)}`);
    }
  } finally {
    await client.end();
  }
}
