import crypto from 'node:crypto';
import { Client } from 'pg';
import { testServer } from './server';

export { shiftTime } from './time';

export type TestDatabase = {
  /** For DATABASE_URL or a Prisma client; a superuser of a server that only this run uses. */
  url: string;
  /** PostgreSQL's major version. */
  version: number;
  /** Cuts remaining connections and removes the database. */
  drop: () => Promise<void>;
};

/**
 * A fresh, migrated database of its own, cloned from the run's template: call it once per test file (or per test,
 * it takes some tens of milliseconds). `migrated: false` gives an empty one. Its clock moves with `shiftTime`.
 */
export async function testDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const { adminUrl, template, version } = testServer();
  const name = `test_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
  // Files are copied as they are; the other way writes each page twice, into the log and into the database.
  await asAdmin(
    adminUrl,
    `CREATE DATABASE ${name} STRATEGY file_copy TEMPLATE ${options.migrated === false ? 'template0' : template}`,
  );
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    version,
    drop: () => asAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function asAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
