import 'server-only';
import { Client, type QueryResultRow } from 'pg';
import type { z } from 'zod';
import type { SecretRef } from '@/lib/core/env';
import { databaseName, databaseUrl } from '@/lib/sources/postgresql/client';
import { postgresError } from '@/lib/sources/postgresql/postgres-error';
import { SourceError } from '@/lib/sources/source-error';

/** Of which database of signalbox.yaml, and the account that may make, rename and drop databases of its server. */
export type Keeper = { id: string; restore: { url: SecretRef } };

/** As `application_name`: sessions of ours are no sessions of the service. */
export const applicationName = 'signalbox-restore';

const connectSeconds = 5;
/** A database is made of template0, renamed or dropped: the server waits up to 5 s for sessions that are leaving. */
const statementSeconds = 30;

export type Server = {
  /** Rows of one statement, each held to its schema. */
  rows: <T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]) => Promise<T[]>;
  run: (sql: string, values?: readonly unknown[]) => Promise<void>;
  /** All or nothing, and one at a time: whoever acts on the same database waits for the end of this. */
  alone: <T>(oid: number, work: () => Promise<T>) => Promise<T>;
  /** The same for what cannot be in a transaction. */
  aloneOutside: <T>(oid: number, work: () => Promise<T>) => Promise<T>;
  /** The server ends this connection when it hears nothing for so long; those before 14 cannot. */
  endIdleAfter: (seconds: number) => Promise<void>;
  identifier: (name: string) => string;
  literal: (text: string) => string;
};

/** Of locks that the database of this account is asked for; nobody else has a reason to use the number. */
const LOCKS = 0x5b0c;

/** One short connection. Throws SourceError; SQLSTATE is its `answer` where the server refused. */
export async function withServer<T>(
  { id, restore }: Keeper,
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const target = { id, url: restore.url };
  const name = databaseName(target);
  const client = new Client({
    connectionString: databaseUrl(target),
    application_name: applicationName,
    connectionTimeoutMillis: connectSeconds * 1000,
    query_timeout: (statementSeconds + 5) * 1000,
  });
  // What breaks is told by the question that waits for it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // One who stops must not keep the lock, neither in a transaction nor outside.
    await client.query(
      `SET statement_timeout = '${statementSeconds}s'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '15s';
       ${endIdleSql(15)}`,
    );
    return await work(serverOf(client, name));
  } catch (error) {
    throw postgresError(error, name, connectSeconds);
  } finally {
    void client.end().catch(() => undefined);
  }
}

function serverOf(client: Client, name: string): Server {
  const ask = async (sql: string, values: readonly unknown[] = []) => {
    try {
      return await client.query<QueryResultRow>(sql, [...values]);
    } catch (error) {
      throw postgresError(error, name, statementSeconds);
    }
  };
  const run: Server['run'] = async (sql, values) => {
    await ask(sql, values);
  };
  return {
    run,
    rows: async (schema, sql, values) => {
      const answer = await ask(sql, values);
      return answer.rows.map((row) => {
        const parsed = schema.safeParse(row);
        if (parsed.success) return parsed.data;
        throw new SourceError('bad-response', `${name} answered rows of another form than its version has.`);
      });
    },
    alone: async (oid, work) => {
      await run('BEGIN');
      try {
        await run('SELECT pg_advisory_xact_lock($1, $2::int8::int4)', [LOCKS, signed(oid)]);
        const answer = await work();
        await run('COMMIT');
        return answer;
      } catch (error) {
        await run('ROLLBACK').catch(() => undefined);
        throw error;
      }
    },
    aloneOutside: async (oid, work) => {
      await run('SELECT pg_advisory_lock($1, $2::int8::int4)', [LOCKS, signed(oid)]);
      try {
        return await work();
      } finally {
        await run('SELECT pg_advisory_unlock($1, $2::int8::int4)', [LOCKS, signed(oid)]).catch(
          () => undefined,
        );
      }
    },
    endIdleAfter: (seconds) => run(endIdleSql(seconds)),
    identifier: (text) => client.escapeIdentifier(text),
    literal: (text) => client.escapeLiteral(text),
  };
}

const endIdleSql = (seconds: number): string =>
  `SELECT set_config(name, '${Math.ceil(seconds * 1000)}', false) FROM pg_settings WHERE name = 'idle_session_timeout'`;

/** OIDs have no sign, keys of locks have one. */
const signed = (oid: number): number => oid | 0;

/** The server understood, and said this. */
export const answered = (error: unknown, ...states: string[]): error is SourceError =>
  error instanceof SourceError && states.some((state) => state === error.answer);
