import 'server-only';
import type { Prisma } from '@/prisma/generated/client';
import { type Database, database } from './client';

export type Transaction = Prisma.TransactionClient;
/** Reads take either; writes that belong together take a transaction. */
export type DatabaseOrTransaction = Database | Transaction;

/** Runs `work` in one transaction; everything it writes is committed together or not at all. */
export function transaction<T>(work: (tx: Transaction) => Promise<T>, db: Database = database()): Promise<T> {
  return db.$transaction(work, { maxWait: 3000, timeout: 10_000 });
}

/** The database's clock (trust.md 1.5: read after the row lock, not when the transaction began). */
export async function databaseNow(tx: DatabaseOrTransaction = database()): Promise<Date> {
  const rows = await tx.$queryRaw<{ at: Date }[]>`SELECT app.now() AS at`;
  const at = rows[0]?.at;
  if (at === undefined) throw new Error('The database did not tell the time.');
  return at;
}
