import 'server-only';
import { z } from 'zod';
import { canonicalHash } from '@/lib/audit/canonical';
import { messageOf, OpsError } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { sleep } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import { RequestRefused } from './problem';

/** A finished answer: what is sent, and what a repeated request gets again. */
export type Answer = { status: number; body: unknown };
export type Keyed = { actor: string; key: string; route: string; requestHash: string };

const Key = z.string().regex(/^[\x21-\x7e]{8,200}$/);
const WAIT_MS = 10_000;
const POLL_MS = 100;

/** The `Idempotency-Key` of a write. Throws OpsError `invalid` when it is missing or malformed. */
export function readKey(request: Request): string {
  const key = Key.safeParse(request.headers.get('idempotency-key') ?? '');
  if (key.success) return key.data;
  throw new OpsError('invalid', 'The header Idempotency-Key is missing or malformed.', {
    next: 'Send a fresh random key (8 to 200 visible characters) with each new write, and the same one when repeating it.',
    fields: [{ path: 'Idempotency-Key', message: 'must be 8 to 200 visible ASCII characters' }],
  });
}

/** What makes two requests the same: method, path, query and body. */
export const requestHash = (method: string, url: URL, body: unknown): string =>
  canonicalHash({ method, path: url.pathname, query: url.search, body: body ?? null });

/**
 * Runs `work` once per person and key. A repeated request gets the first answer; one that arrives while the
 * first still runs waits for it up to 10 s. An answer of 5xx or 429 is not kept, so that it may be tried again.
 * When a process dies in between, nobody knows whether the write took place: the key stays used and says so.
 */
export async function once(
  db: Database,
  keyed: Keyed,
  work: () => Promise<Answer>,
  waitMs = WAIT_MS,
): Promise<Answer & { repeated: boolean }> {
  if (!(await claim(db, keyed))) return { ...(await firstAnswer(db, keyed, waitMs)), repeated: true };
  let answer: Answer;
  try {
    answer = await work();
  } catch (error) {
    await forget(db, keyed);
    throw error;
  }
  if (answer.status >= 500 || answer.status === 429) await forget(db, keyed);
  else await keep(db, keyed, answer).catch(unkept);
  return { ...answer, repeated: false };
}

/** The write took place, and whoever asked must hear so; the key stays used without an answer to repeat. */
function unkept(error: unknown): void {
  logger('web').error({ error: messageOf(error) }, 'the answer of a write could not be kept');
}

async function claim(db: Database, { actor, key, route, requestHash }: Keyed): Promise<boolean> {
  const { count } = await db.idempotencyKey.createMany({
    data: [{ actor, key, route, requestHash }],
    skipDuplicates: true,
  });
  return count === 1;
}

async function firstAnswer(db: Database, keyed: Keyed, waitMs: number): Promise<Answer> {
  for (let waited = 0; ; waited += POLL_MS) {
    const first = await db.idempotencyKey.findUnique({
      where: { actor_key: { actor: keyed.actor, key: keyed.key } },
      select: { route: true, requestHash: true, status: true, response: true },
    });
    if (first === null) throw inFlight('The first request with this Idempotency-Key did not finish.');
    if (first.route !== keyed.route || first.requestHash !== keyed.requestHash) {
      throw new RequestRefused(422, 'conflict', 'This Idempotency-Key was used for another request.', {
        next: 'Use a new key for each new write.',
      });
    }
    if (first.status !== null) return { status: first.status, body: first.response };
    if (waited >= waitMs) throw inFlight('The first request with this Idempotency-Key is still running.');
    await sleep(POLL_MS);
  }
}

const inFlight = (message: string) =>
  new OpsError('conflict', message, {
    next: 'Repeat the request with the same key in a moment. When it stays like this, look at the current state before sending a new one.',
    retryable: true,
  });

async function keep(db: Database, { actor, key }: Keyed, answer: Answer): Promise<void> {
  const response = z.json().parse(JSON.parse(JSON.stringify(answer.body ?? null)));
  await db.idempotencyKey.update({
    where: { actor_key: { actor, key } },
    data: { status: answer.status, ...(response === null ? {} : { response }) },
  });
}

/** The write did not happen; when even this fails the key stays used, which is the safe side. */
async function forget(db: Database, { actor, key }: Keyed): Promise<void> {
  await db.idempotencyKey.deleteMany({ where: { actor, key } }).catch(() => {});
}
