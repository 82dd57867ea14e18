import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { countedDatabases, databaseNames, demoDatabases, type UrlFile } from '@/sandbox/demo/databases';
import { keptSecret } from './accounts';
import { seedDatabase } from './service-data';

const READER = 'signalbox_reader';
const SIGNAL = 'signalbox_signal';
/** Of the pods and of the exporters; no superuser, whose sessions only another one may end. */
export const SERVICES = 'services';
/** May read some of what the services hold. */
const REPORTS = 'reports';

/** The same server, another database of it. */
const urlOf = (serverUrl: string, database: string): URL => {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url;
};

async function run(url: string, statements: (client: Client) => string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements(client)) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * What the console needs on a server of services: an account of its own that may look at statistics and nothing else,
 * one that may end sessions, rows in each database, and the extension that counts queries where it is wanted. And the
 * account of the services themselves. Again at each start.
 */
async function prepare(serverUrl: string, password: string): Promise<void> {
  await run(serverUrl, (client) => [
    `DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${READER}') THEN
         CREATE ROLE ${READER} LOGIN IN ROLE pg_monitor;
       END IF;
     END $$`,
    `ALTER ROLE ${READER} PASSWORD ${client.escapeLiteral(password)}`,
    `DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${SIGNAL}') THEN
         CREATE ROLE ${SIGNAL} LOGIN IN ROLE pg_signal_backend, pg_read_all_stats;
       END IF;
     END $$`,
    `ALTER ROLE ${SIGNAL} PASSWORD ${client.escapeLiteral(password)}`,
    `DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${SERVICES}') THEN
         CREATE ROLE ${SERVICES} LOGIN IN ROLE pg_monitor;
       END IF;
     END $$`,
    `ALTER ROLE ${SERVICES} PASSWORD ${client.escapeLiteral(password)}`,
    `DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${REPORTS}') THEN CREATE ROLE ${REPORTS}; END IF;
     END $$`,
  ]);
  for (const database of databaseNames) {
    const url = urlOf(serverUrl, database).href;
    await seedDatabase(url, database);
    await run(url, () => [`ALTER DATABASE ${database} OWNER TO ${SERVICES}`, owned]);
  }
  for (const database of countedDatabases) {
    await run(urlOf(serverUrl, database).href, () => ['CREATE EXTENSION IF NOT EXISTS pg_stat_statements']);
  }
}

/** Tables and views belong to the services, and reports may read them; what extensions brought stays as it is. */
const owned = `
  DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
      AND c.relkind IN ('r', 'v') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
        AND d.objid = c.oid AND d.deptype = 'e')
    LOOP
      EXECUTE format('ALTER TABLE %s OWNER TO ${SERVICES}', one.name);
      EXECUTE format('GRANT SELECT ON %s TO ${REPORTS}', one.name);
    END LOOP;
  END $$`;

export const serviceDatabases = {
  names: databaseNames,
  settings: { shared_preload_libraries: 'pg_stat_statements' },
};

const fileIn = (folder: string, id: string, account: 'database' | 'signal'): string =>
  path.join(folder, 'secrets', `${account}-${id}.url`);

/** The same servers, as the services know them. */
export const asServices = (folder: string, servers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(servers).map(([region, server]) => {
      const url = new URL(server);
      url.username = SERVICES;
      url.password = passwordOf(folder);
      return [region, url.href];
    }),
  );

const passwordOf = (folder: string): string => keptSecret(folder, 'databases.password', 24);

/** Makes the servers ready for the console and writes a file with the URL of each database; returns where one lies. */
export async function prepareServiceDatabases(
  folder: string,
  servers: Readonly<Record<string, string>>,
): Promise<UrlFile> {
  const password = passwordOf(folder);
  for (const url of Object.values(servers)) await prepare(url, password);
  fs.mkdirSync(path.join(folder, 'secrets'), { recursive: true, mode: 0o700 });
  for (const { id, region, database } of demoDatabases) {
    const server = servers[region];
    if (server === undefined) throw new Error(`There is no PostgreSQL for ${region}.`);
    const url = urlOf(server, database);
    url.password = password;
    for (const [account, user] of [
      ['database', READER],
      ['signal', SIGNAL],
    ] as const) {
      url.username = user;
      fs.writeFileSync(fileIn(folder, id, account), `${url.href}\n`, { mode: 0o600 });
    }
  }
  return (id, account = 'database') => fileIn(folder, id, account);
}
