import 'server-only';
import { cookies } from 'next/headers';
import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import { config } from '@/lib/config/load';
import { env, requiredEnv } from '@/lib/core/env';
import { OpsError } from '@/lib/core/errors';
import { monotonicMs } from '@/lib/core/time';
import { type Database, database } from '@/lib/db/client';
import { databaseFailure } from '@/lib/db/failure';
import type { Person } from './model';
import { readSession } from './session-store';

const Token = z.object({ sid: z.uuid() });
const CACHE_MS = 60_000;
const CACHE_ENTRIES = 1000;

/**
 * Who was signed in a moment ago, for reads while the database does not answer. It never answers for the
 * database: when that answers, its word counts, and writes are refused without it.
 */
declare global {
  var signalboxLastActors: Map<string, { actor: Person; atMs: number }> | undefined;
}

/** `write`: the answer must come from the database now. */
export type ActorNeed = { write: boolean };

/**
 * The signed-in person of the current request, or null. Throws OpsError `unavailable` when the database does not
 * answer and this process has not seen the session within the last minute (or it is a write).
 */
export async function currentActor(need: ActorNeed = { write: false }): Promise<Person | null> {
  const sessionId = await sessionIdOfRequest();
  return sessionId === null ? null : actorOfSession(sessionId, need);
}

export async function actorOfSession(
  sessionId: string,
  need: ActorNeed,
  db: Database = database(),
): Promise<Person | null> {
  globalThis.signalboxLastActors ??= new Map();
  const known = globalThis.signalboxLastActors;
  try {
    const actor = await readSession(db, sessionId, config().access);
    known.delete(sessionId);
    if (actor !== null) {
      known.set(sessionId, { actor, atMs: monotonicMs() });
      for (const oldest of known.keys()) {
        if (known.size <= CACHE_ENTRIES) break;
        known.delete(oldest);
      }
    }
    return actor;
  } catch (error) {
    const last = known.get(sessionId);
    if (databaseFailure(error) !== 'down') throw error;
    if (!need.write && last !== undefined && monotonicMs() - last.atMs <= CACHE_MS) return last.actor;
    throw new OpsError('unavailable', 'The database does not answer, so nobody can be recognised.', {
      next: 'Nothing was changed. Open pages keep their last values; try again in a moment.',
      cause: error,
    });
  }
}

async function sessionIdOfRequest(): Promise<string | null> {
  const secure = (env().NEXTAUTH_URL ?? '').startsWith('https://');
  const jar = await cookies();
  const token = jar.get(`${secure ? '__Secure-' : ''}next-auth.session-token`)?.value;
  return token === undefined ? null : sessionIdOfToken(token);
}

/**
 * Session ids of cookies that were opened a moment ago: to open one derives a key, which costs more than all else of
 * a small answer. Whether the session holds is asked of the database each time all the same.
 */
const opened = new Map<string, { sessionId: string; atMs: number }>();

async function sessionIdOfToken(token: string): Promise<string | null> {
  const before = opened.get(token);
  if (before !== undefined && monotonicMs() - before.atMs < CACHE_MS) return before.sessionId;
  opened.delete(token);
  const sessionId = await openToken(token);
  if (sessionId !== null) opened.set(token, { sessionId, atMs: monotonicMs() });
  for (const oldest of opened.keys()) {
    if (opened.size <= CACHE_ENTRIES) break;
    opened.delete(oldest);
  }
  return sessionId;
}

/** The session id inside the encrypted cookie of next-auth; null when it is forged, damaged or too old. */
async function openToken(token: string): Promise<string | null> {
  try {
    const claims = await decode({ token, secret: requiredEnv('NEXTAUTH_SECRET') });
    return Token.safeParse(claims).data?.sid ?? null;
  } catch (error) {
    if (error instanceof OpsError) throw error;
    return null;
  }
}
