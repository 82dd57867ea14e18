import 'server-only';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { lockChange } from './lock-change';
import type { ChangeState } from './model';
import { moveChange } from './move-change';

type Waiting = {
  state: ChangeState;
  reviewExpiresAt: Date;
  queueExpiresAt: Date | null;
  leaseUntil: Date | null;
};

/** Why a waiting change is over; null while it is not. A change that a worker holds is left to that worker. */
export function expiryOf(change: Waiting, now: Date): string | null {
  if (change.leaseUntil !== null && change.leaseUntil > now) return null;
  if (change.state === 'InReview' && now >= change.reviewExpiresAt) {
    return 'Not all sign-offs came in time.';
  }
  const queued = change.state === 'Approved' || change.state === 'Queued';
  if (queued && change.queueExpiresAt !== null && now >= change.queueExpiresAt) {
    return change.state === 'Approved' ? 'Nobody started it in time.' : 'It could not start in time.';
  }
  return null;
}

/** Expires what waited too long; returns how many. Each in a transaction of its own. */
export async function expireChanges(db: Database, config: Config, workerId: string): Promise<number> {
  const now = await databaseNow(db);
  const due = await db.change.findMany({
    where: {
      OR: [
        { state: 'InReview', reviewExpiresAt: { lte: now } },
        { state: { in: ['Approved', 'Queued'] }, queueExpiresAt: { lte: now } },
      ],
    },
    select: { number: true },
    take: 100,
  });
  let expired = 0;
  for (const { number } of due) {
    expired += await transaction(async (tx) => {
      const locked = await lockChange(tx, changeId(number));
      const sentence = expiryOf(locked.change, locked.now);
      if (sentence === null) return 0;
      const actor = { kind: 'worker', id: workerId } as const;
      const move = {
        to: 'Expired',
        action: 'change.expired',
        actor,
        sentence,
        outcome: { sentence },
      } as const;
      await moveChange(tx, config, locked.change, { ...move, notify: 'failed' }, locked.now);
      return 1;
    }, db);
  }
  return expired;
}
