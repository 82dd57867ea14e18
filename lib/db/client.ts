import 'server-only';
import { PrismaPg } from '@prisma/adapter-pg';
import { requiredEnv } from '@/lib/core/env';
import { PrismaClient } from '@/prisma/generated/client';

/** Modules can be loaded twice in one web process (instrumentation and routes), so the client hangs on globalThis. */
declare global {
  var signalboxDatabase: PrismaClient | undefined;
}

/** No query of ours takes this long: a database that is silent for it is gone, and its connection given up. */
const QUERY_TIMEOUT_MS = 30_000;

/**
 * A process that stands still in the middle of a transaction keeps its row locks; the server ends it before a lease
 * is over, or nobody could take the change. No transaction of ours is idle for as long.
 */
const IDLE_IN_TRANSACTION_MS = 15_000;

/** A client of the database; `connections` bounds its pool. */
export function createDatabase(
  connectionString: string,
  connections = 10,
  queryTimeoutMs = QUERY_TIMEOUT_MS,
): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg({
      connectionString,
      max: connections,
      connectionTimeoutMillis: 3000,
      query_timeout: queryTimeoutMs,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    }),
  });
}

/** The process-wide client on DATABASE_URL. */
export function database(): PrismaClient {
  globalThis.signalboxDatabase ??= createDatabase(requiredEnv('DATABASE_URL'));
  return globalThis.signalboxDatabase;
}

export type Database = PrismaClient;
