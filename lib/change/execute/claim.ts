import 'server-only';
import { stage } from '@/lib/audit/stage';
import { changeId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { observe } from '../move-change';
import { underNoSwitch } from '../switch/active';

export type Claim = { number: number; epoch: number };

/**
 * Takes one change that is due and that nobody holds (change-engine.md 2.2, 2): the lease and a new epoch in one
 * short transaction. A queued change is taken when nothing is active on its workload, none came before it
 * and no switch stops it; a rollback comes before all that is no rollback (2.2, 10).
 */
export function claimChange(db: Database, workerId: string, leaseSeconds: number): Promise<Claim | null> {
  return transaction(async (tx) => {
    const [claim] = await tx.$queryRaw<(Claim & { state: string })[]>`
      UPDATE change SET epoch = epoch + 1, version = version + 1, lease_owner = ${workerId},
        lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
      WHERE number = (
        SELECT c.number FROM change c
        WHERE c.due_at <= app.now() AND (c.lease_until IS NULL OR c.lease_until < app.now())
          AND (c.state IN ('Revalidating', 'Running', 'Watching', 'Paused', 'DataHold', 'DriftHold', 'Frozen')
            OR (c.state = 'Queued' AND c.queue_expires_at > app.now() AND ${underNoSwitch} AND NOT EXISTS (
              SELECT 1 FROM change o
              WHERE o.cluster = c.cluster AND o.namespace = c.namespace AND o.service = c.service
                AND (o.state IN ('Revalidating', 'Running', 'Watching', 'Paused', 'DataHold', 'DriftHold', 'Frozen', 'ReconcileRequired')
                  OR (o.state = 'Queued' AND o.queue_expires_at > app.now()
                    AND (o.kind = 'rollback', -o.number) > (c.kind = 'rollback', -c.number))))))
        ORDER BY c.due_at, c.number
        FOR UPDATE SKIP LOCKED LIMIT 1)
      RETURNING number, epoch, state`;
    if (claim === undefined) return null;
    if (claim.state !== 'Queued') {
      await observe(tx, claim.number, null, 'seen', `Worker ${workerId} goes on with the change.`);
    }
    await stage(tx, {
      action: 'change.claimed',
      actor: { kind: 'worker', id: workerId },
      target: `change:${changeId(claim.number)}`,
      change: claim.number,
      result: 'ok',
      details: { epoch: claim.epoch, from: claim.state },
    });
    return { number: claim.number, epoch: claim.epoch };
  }, db);
}

/** Extends the leases of the claims; returns the numbers that are still ours. */
export async function extendLeases(
  db: Database,
  workerId: string,
  claims: readonly Claim[],
  leaseSeconds: number,
): Promise<number[]> {
  if (claims.length === 0) return [];
  const rows = await db.$queryRaw<{ number: number }[]>`
    UPDATE change SET lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    FROM unnest(${claims.map(({ number }) => number)}::int[], ${claims.map(({ epoch }) => epoch)}::int[]) AS held(n, e)
    WHERE number = held.n AND epoch = held.e AND lease_owner = ${workerId}
    RETURNING number`;
  return rows.map(({ number }) => number);
}

/** Gives a claim back; `afterSeconds` keeps it from being taken again at once. */
export async function releaseClaim(
  db: Database,
  workerId: string,
  claim: Claim,
  afterSeconds = 0,
): Promise<void> {
  await db.$executeRaw`
    UPDATE change SET lease_owner = NULL, lease_until = NULL,
      due_at = app.now() + ${afterSeconds}::double precision * interval '1 s'
    WHERE number = ${claim.number} AND epoch = ${claim.epoch} AND lease_owner = ${workerId}`;
}
