import 'server-only';
import { request } from 'undici';
import type { Config } from '@/lib/config/schema';
import { readSecret } from '@/lib/core/env';
import { isOpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';

const ATTEMPTS_MAX = 8;
const TIMEOUT_MS = 8000;
const BATCH = 20;

/** Seconds until the next attempt: 5 s doubling to 30 min, ± 20 %; a server's Retry-After is obeyed. */
export function retrySeconds(attempts: number, retryAfter: number | null, random = Math.random): number {
  const backoff = Math.min(1800, 5 * 2 ** (attempts - 1)) * (0.8 + random() * 0.4);
  return Math.max(backoff, Math.min(retryAfter ?? 0, 3600));
}

type Notifying = Pick<Config, 'notifications'>;
type Message = { id: bigint; webhook: string; payload: unknown; attempts: number };
type Delivery = { ok: true } | { ok: false; error: string; retryAfter: number | null; final: boolean };

/** Sends what is due, each message in a transaction that holds its row: two workers never send the same one. */
export async function deliverOutbox(db: Database, config: Notifying): Promise<number> {
  let sent = 0;
  for (let n = 0; n < BATCH; n += 1) {
    const more = await deliverOne(db, config);
    if (more === null) return sent;
    sent += more ? 1 : 0;
  }
  return sent;
}

/** True when one was delivered, false when it failed, null when nothing is due. */
async function deliverOne(db: Database, config: Notifying): Promise<boolean | null> {
  const taken = await take(db);
  if (taken === null) return null;
  const delivery = await post(config, taken);
  if (delivery.ok) {
    await db.$executeRaw`UPDATE outbox SET delivered_at = app.now(), last_error = NULL WHERE id = ${taken.id}`;
    return true;
  }
  const over = delivery.final || taken.attempts >= ATTEMPTS_MAX;
  const wait = retrySeconds(taken.attempts, delivery.retryAfter);
  await db.$executeRaw`
    UPDATE outbox SET last_error = ${delivery.error},
      abandoned_at = CASE WHEN ${over} THEN app.now() END,
      due_at = app.now() + ${wait}::double precision * interval '1 s'
    WHERE id = ${taken.id}`;
  if (over) await tellAbandoned(db, taken, delivery.error);
  return false;
}

/** Counts the attempt and moves the message out of the way before it is sent: a crash costs one attempt. */
function take(db: Database): Promise<Message | null> {
  return transaction(async (tx) => {
    const [row] = await tx.$queryRaw<Message[]>`
      UPDATE outbox SET attempts = attempts + 1, due_at = app.now() + interval '1 min'
      WHERE id = (SELECT id FROM outbox
        WHERE delivered_at IS NULL AND abandoned_at IS NULL AND due_at <= app.now()
        ORDER BY due_at, id FOR UPDATE SKIP LOCKED LIMIT 1)
      RETURNING id, webhook, payload, attempts`;
    return row ?? null;
  }, db);
}

/** The address is a secret: it is never part of an error. */
async function post(config: Notifying, message: Message): Promise<Delivery> {
  const webhook = config.notifications.webhooks.find(({ id }) => id === message.webhook);
  if (webhook === undefined) {
    return { ok: false, error: 'The webhook is not configured any more.', retryAfter: null, final: true };
  }
  try {
    const response = await request(readSecret(webhook.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message.payload),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body.dump();
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) return { ok: true };
    const header = response.headers['retry-after'];
    const retryAfter = Number(Array.isArray(header) ? header[0] : header);
    return {
      ok: false,
      error: `The webhook answered ${statusCode}.`,
      retryAfter: Number.isFinite(retryAfter) ? retryAfter : null,
      final: statusCode === 404 || statusCode === 410,
    };
  } catch (error) {
    if (isOpsError(error)) return { ok: false, error: error.message, retryAfter: null, final: false };
    const late = error instanceof Error && /Timeout|Abort/.test(error.name);
    const what = late ? `did not answer within ${TIMEOUT_MS / 1000} s` : 'cannot be reached';
    return { ok: false, error: `The webhook ${what}.`, retryAfter: null, final: false };
  }
}

/** A person who looks at the change learns that the message never arrived. */
async function tellAbandoned(db: Database, message: Message, error: string): Promise<void> {
  const text = JSON.stringify(message.payload);
  const number = /c-(\d+)/.exec(text)?.[1];
  if (number === undefined) return;
  const sentence = `The message to ${message.webhook} was given up after ${message.attempts} attempts: ${error}`;
  await transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM change WHERE number = ${Number(number)} FOR UPDATE`;
    await tx.$executeRaw`
      INSERT INTO observation (change_number, seq, kind, sentence)
      SELECT number, (SELECT coalesce(max(seq), 0) + 1 FROM observation WHERE change_number = number), 'seen', ${sentence}
      FROM change WHERE number = ${Number(number)}`;
  }, db);
}
