import 'server-only';
import { type Person, roleNames } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { lockChange } from './lock-change';
import { changeCan } from './model';
import { moveChange, observe } from './move-change';
import { orThrow, refuse } from './refuse';
import { liveSignOffs } from './sign-offs';

/**
 * A signer takes the sign-off back until execution starts; the row stays, voided (trust.md 1.3, 4). An approved
 * or queued change is in review again. Throws OpsError `conflict` or `not-found`.
 */
export async function withdrawSignOff(
  { actor, config, id, reason }: { actor: Person; config: Config; id: string; reason: string },
  db: Database = database(),
): Promise<void> {
  const result = await transaction(async (tx) => {
    const { change, now } = await lockChange(tx, id);
    const signed = await liveSignOffs(tx, change.number);
    const mine = signed.find(({ userId }) => userId === actor.id);
    if (mine === undefined)
      return refuse('conflict', 'You have no sign-off on this change that could be taken back.');
    const entry = {
      action: 'change.sign_off_withdrawn',
      actor,
      target: `change:${id}`,
      change: change.number,
      planHash: change.planHash,
    } as const;
    const details = {
      role: mine.role,
      signed: signed.length - 1,
      needed: change.plan.policy.signOffs.length,
    };
    const closed = changeCan.withdraw(change);
    if (closed !== null) {
      await stage(tx, { ...entry, result: 'refused', reason: closed, details });
      return refuse('conflict', closed, 'Abort goes back from there.');
    }
    await tx.signOff.update({ where: { id: mine.id }, data: { voidedAt: now, voidReason: reason } });
    const sentence = `${actor.name} took the sign-off as ${roleNames[mine.role]} back: ${reason}`;
    await observe(tx, change.number, null, 'command', sentence);
    await stage(tx, { ...entry, result: 'ok', reason, details });
    if (change.state !== 'InReview') {
      const set = { approvedAt: null, queueExpiresAt: null };
      const move = {
        to: 'InReview',
        action: 'change.reopened',
        actor,
        reason,
        sentence: 'In review again.',
        set,
      } as const;
      await moveChange(tx, config, change, move, now);
    }
    return null;
  }, db);
  orThrow(result);
}
