import 'server-only';
import type { AuditActor } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import type { Transaction } from '@/lib/db/transaction';
import { moveChange } from './move-change';
import type { StoredChange } from './stored';

/** The last missing sign-off: approved, and queued at once when the requester asked for that (both recorded). */
export async function approve(
  tx: Transaction,
  config: Config,
  change: StoredChange,
  actor: AuditActor,
  now: Date,
): Promise<StoredChange> {
  const approved = await moveChange(
    tx,
    config,
    change,
    {
      to: 'Approved',
      action: 'change.approved',
      actor,
      sentence: 'All sign-offs are there.',
      notify: 'approved',
      set: { approvedAt: now, queueExpiresAt: queueEnd(change, now) },
    },
    now,
  );
  return change.runWhenApproved ? queue(tx, config, approved, actor, now) : approved;
}

/** Into the queue, from where a worker takes it. */
export const queue = (
  tx: Transaction,
  config: Config,
  change: StoredChange,
  actor: AuditActor,
  now: Date,
  reason?: string,
): Promise<StoredChange> =>
  moveChange(
    tx,
    config,
    change,
    {
      to: 'Queued',
      action: 'change.queued',
      actor,
      sentence: reason === undefined ? 'Queued, as asked for when approved.' : `Queued: ${reason}`,
      ...(reason === undefined ? {} : { reason }),
      set: { queueExpiresAt: queueEnd(change, now) },
    },
    now,
  );

const queueEnd = (change: StoredChange, now: Date): Date =>
  new Date(now.getTime() + change.plan.timing.queueTtlSeconds * 1000);
