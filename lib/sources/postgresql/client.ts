import 'server-only';
import { Client, type QueryResultRow } from 'pg';
import type { z } from 'zod';
import { readSecret, type SecretRef } from '@/lib/core/env';
import { SourceError } from '../source-error';
import { postgresError } from './postgres-error';

/** What the client needs to know of a database; its URL is read at the moment of use. */
export type PostgresTarget = { id: string; url: SecretRef };

/** As `application_name`: who looks at the sessions sees us, and we leave ourselves out. */
export const applicationName = 'signalbox';

/** The whole conversation: connect, ask, leave. No page waits longer, and no database is held up for longer. */
const connectSeconds = 4;
const statementSeconds = 5;
/** A table that somebody locks is skipped: a question of ours must not stand in a queue that others join. */
const lockMs = 500;

export type Ask = {
  /** Rows of one statement, each held to its schema. */
  rows: <T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]) => Promise<T[]>;
  /** The only row of one statement. */
  one: <T>(schema: z.ZodType<T>, sql: string, values?: readonly unknown[]) => Promise<T>;
};

export const databaseName = (target: PostgresTarget): string => `Database ${target.id}`;

/** The URL of a database. Throws SourceError `not-configured` that never repeats what the secret holds. */
export function databaseUrl(target: PostgresTarget): string {
  const name = databaseName(target);
  let url: string;
  try {
    url = readSecret(target.url);
  } catch (error) {
    throw postgresError(error, name, connectSeconds);
  }
  if (URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol)) return url;
  throw new SourceError('not-configured', `The secret of database ${target.id} is no postgresql:// URL.`);
}

/**
 * One short connection for a few questions, closed at the end whatever happens. `part` runs questions in a read-only
 * transaction of their own, so that one that fails takes no other with it; limits are set inside it, because a
 * pooler passes no start-up settings on. Throws SourceError.
 */
export async function withDatabase<T>(
  target: PostgresTarget,
  work: (part: <P>(questions: (ask: Ask) => Promise<P>) => Promise<P>) => Promise<T>,
): Promise<T> {
  const name = databaseName(target);
  const client = new Client({
    connectionString: databaseUrl(target),
    application_name: applicationName,
    connectionTimeoutMillis: connectSeconds * 1000,
    // The server gives up first, and says why.
    query_timeout: (statementSeconds + 2) * 1000,
  });
  // A connection that breaks is reported by the question that waits for it, not by an event.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work((questions) => inTransaction(client, name, questions));
  } catch (error) {
    throw postgresError(error, name, connectSeconds);
  } finally {
    // A server that is silent would keep the farewell waiting.
    void client.end().catch(() => undefined);
  }
}

/** The server answered, with a refusal of this question alone: the connection can be asked more. */
export const isRefusal = (error: SourceError): boolean =>
  error.answer === undefined
    ? error.reason === 'bad-response'
    : !['57P01', '57P03', '53300'].includes(error.answer);

async function inTransaction<P>(
  client: Client,
  name: string,
  questions: (ask: Ask) => Promise<P>,
): Promise<P> {
  try {
    await client.query(
      `BEGIN TRANSACTION READ ONLY;
       SET LOCAL statement_timeout = '${statementSeconds}s';
       SET LOCAL lock_timeout = '${lockMs}ms';
       SET LOCAL idle_in_transaction_session_timeout = '10s'`,
    );
    const answer = await questions(askOf(client, name));
    await client.query('COMMIT');
    return answer;
  } catch (error) {
    const said = postgresError(error, name, statementSeconds);
    // A server that fell silent would keep this waiting as well; the connection ends with its transaction anyway.
    if (isRefusal(said)) await client.query('ROLLBACK').catch(() => undefined);
    throw said;
  }
}

function askOf(client: Client, name: string): Ask {
  const rows: Ask['rows'] = async (schema, sql, values = []) => {
    const answer = await client.query<QueryResultRow>(sql, [...values]);
    return answer.rows.map((row) => {
      const parsed = schema.safeParse(row);
      if (parsed.success) return parsed.data;
      throw new SourceError('bad-response', `${name} answered rows of another form than its version has.`);
    });
  };
  return {
    rows,
    one: async (schema, sql, values) => {
      const [row] = await rows(schema, sql, values);
      if (row !== undefined) return row;
      throw new SourceError('bad-response', `${name} answered no row where one is always there.`);
    },
  };
}
