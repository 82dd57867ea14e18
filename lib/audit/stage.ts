import 'server-only';
import { createHash } from 'node:crypto';
import type { Actor } from '@/lib/access/model';
import type { Transaction } from '@/lib/db/transaction';
import { type AuditAction, type AuditDetails, type AuditResult, auditActions } from './actions';
import { canonicalJson } from './canonical';
import { AuditBody } from './entry';
import { producer } from './producer';
import { withoutSecrets } from './secrets';

/** Who acted; `anonymous` is somebody who is not signed in (yet). */
export type AuditActor = Actor | { kind: 'anonymous' };

/** Details may be left out where the action has none that are required. */
type DetailsOf<Action extends AuditAction> =
  Record<never, never> extends AuditDetails<Action>
    ? { details?: AuditDetails<Action> }
    : { details: AuditDetails<Action> };

/** What a verb records. `target` is `kind:name`, such as `service:fraiseql-api` or `change:c-214`. */
export type AuditEntry = {
  [Action in AuditAction]: {
    action: Action;
    actor: AuditActor;
    target: string;
    change?: number | undefined;
    result: AuditResult;
    reason?: string | undefined;
    planHash?: string | undefined;
    requestId?: string | undefined;
  } & DetailsOf<Action>;
}[AuditAction];

const TEXT_MAX = 4000;
/** SHA-256 in hex. A refusal records the hash that the client sent, which may be anything. */
const HASH_LENGTH = 64;

/**
 * Writes an entry inside the caller's transaction: it exists exactly when the state change does, and no audit
 * insert means no act. Call it last (lock order: business rows, then audit).
 *
 * The number `n` must have no hole among committed entries, so that a removed one shows. A sequence or a
 * counter in memory keeps its number when the transaction rolls back. Here the counter is a row that is raised
 * in the same transaction: its row lock is held until commit, so entries of one process commit in the order of
 * `n`, a rollback gives the number back, and the next writer goes on from what was committed. The price is
 * that staging transactions of one process follow one another from here to their commit (1-50 a second).
 */
export async function stage(tx: Transaction, entry: AuditEntry): Promise<void> {
  const { name, bootId } = producer();
  const details = plain(auditActions[entry.action].parse(entry.details ?? {}));
  const [counter] = await tx.$queryRaw<{ n: number; at: Date }[]>`
    INSERT INTO audit.producer AS p (producer, boot_id, n, last_at) VALUES (${name}, ${bootId}::uuid, 0, app.now())
    ON CONFLICT (producer, boot_id) DO UPDATE SET n = p.n + 1, last_at = greatest(p.last_at, app.now())
    RETURNING n, last_at AS at`;
  if (counter === undefined) throw new Error('The audit log gave no number.');
  const body = AuditBody.parse({
    v: 1,
    action: entry.action,
    at: counter.at.toISOString(),
    producer: name,
    boot: bootId,
    n: counter.n,
    actor: actorOf(entry.actor),
    target: clean(entry.target),
    change: entry.change,
    result: entry.result,
    reason: entry.reason === undefined ? undefined : clean(entry.reason),
    details,
    planHash: entry.planHash === undefined ? undefined : clean(entry.planHash).slice(0, HASH_LENGTH),
    requestId: entry.requestId,
  });
  const text = canonicalJson(body, 'integers');
  await tx.$executeRaw`
    INSERT INTO audit.staged (producer, boot_id, n, body, staged_at)
    VALUES (${name}, ${bootId}::uuid, ${counter.n}, ${text}, ${counter.at})`;
}

/** Long or ill-formed text must never make the act it records impossible. */
const clean = (text: string): string => withoutSecrets(text.toWellFormed()).slice(0, TEXT_MAX).toWellFormed();

function plain(details: Record<string, string | number | boolean | undefined>) {
  const known = Object.entries(details).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    known.map(([key, value]) => [key, typeof value === 'string' ? clean(value) : value]),
  );
}

function actorOf(actor: AuditActor): AuditBody['actor'] {
  switch (actor.kind) {
    case 'person':
      return {
        kind: 'person',
        id: actor.id,
        name: clean(actor.name),
        roles: [...actor.roles].sort(),
        session: createHash('sha256').update(actor.sessionId).digest('hex').slice(0, 16),
      };
    case 'pipeline':
      return { kind: 'pipeline', id: actor.id, name: clean(actor.name), roles: [...actor.roles].sort() };
    case 'anonymous':
      return { kind: 'anonymous', id: 'anonymous', name: 'Not signed in' };
    default:
      return { kind: actor.kind, id: actor.id, name: actor.id };
  }
}
