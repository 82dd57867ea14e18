import os from 'node:os';
import type { Actor } from '@/lib/access/model';
import { requiredEnv } from '@/lib/core/env';
import { isOpsError } from '@/lib/core/errors';
import { createDatabase, type Database } from '@/lib/db/client';
import { databaseFailure } from '@/lib/db/failure';
import { databaseDown } from '@/lib/http/problem';

let open: Database | undefined;

/** The database of this run, on DATABASE_URL; closed when the command ends. */
export function connect(): Database {
  open ??= createDatabase(requiredEnv('DATABASE_URL'), 2);
  return open;
}

export async function disconnect(): Promise<void> {
  await open?.$disconnect();
}

/** Who the record names: the account of the operating system, on which machine. */
export function operator(): Extract<Actor, { kind: 'cli' }> {
  let user = 'unknown';
  try {
    user = os.userInfo().username;
  } catch {
    // A user id without a name, as containers have it.
  }
  return { kind: 'cli', id: `${user}@${os.hostname()}` };
}

/** Runs work on the database; when that does not answer, the error says so in a sentence. */
export async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await work(connect());
  } catch (error) {
    if (!isOpsError(error) && databaseFailure(error) === 'down') throw databaseDown(error);
    throw error;
  }
}
