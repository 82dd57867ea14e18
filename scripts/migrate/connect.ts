import { Client } from 'pg';
import { UserError } from '../setup/user-error';

const OLDEST = 15;

/** The address without its password, for messages. */
export function addressOf(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.hostname}:${parsed.port || '5432'}${parsed.pathname}`;
  } catch {
    return 'an address that is no URL';
  }
}

/** A connection for migrations. Throws UserError when it cannot be made or the server is too old. */
export async function connect(url: string): Promise<Client> {
  let client: Client;
  try {
    client = new Client({
      connectionString: url,
      connectionTimeoutMillis: 10_000,
      application_name: 'signalbox-migrate',
    });
    client.on('error', () => {});
    await client.connect();
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new UserError(
      `The database at ${addressOf(url)} cannot be reached: ${reason}`,
      'Check DATABASE_URL (postgresql://user:password@host:port/database) and that the server runs.',
      error,
    );
  }
  const { rows } = await client.query<{ version: string }>(
    `SELECT current_setting('server_version_num') AS version`,
  );
  const major = Math.floor(Number(rows[0]?.version ?? 0) / 10_000);
  if (major >= OLDEST) return client;
  await client.end();
  throw new UserError(
    `The database at ${addressOf(url)} is PostgreSQL ${major}; Signalbox needs ${OLDEST} or newer.`,
    'Upgrade the server, or point DATABASE_URL at another one. Nothing was changed.',
  );
}
