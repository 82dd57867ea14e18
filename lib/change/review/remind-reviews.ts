import 'server-only';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { databaseNow, type Transaction, transaction } from '@/lib/db/transaction';
import { notify } from '@/lib/notify/outbox';
import { lockChange } from '../lock-change';
import { observe } from '../move-change';
import { serviceTitle } from '../store';
import type { StoredChange } from '../stored';
import { tellNow } from './due';
import { openReview } from './open';

const actions = { due: 'change.review_reminded', overdue: 'change.review_overdue' } as const;

/** `2026-11-23 14:03 UTC`. */
const minute = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function sentenceOf(told: 'due' | 'overdue', dueAt: Date, { outcome }: StoredChange): string {
  const who = outcome?.by?.name ?? 'One person';
  return told === 'due'
    ? `${who} ordered it back alone; a lead other than that reviews it until ${minute(dueAt)}.`
    : `${who} ordered it back alone, and no lead has reviewed it: that was due at ${minute(dueAt)}.`;
}

/**
 * Reminds of reviews that are due soon, and says once that one is overdue (APR-05). What was told stands in the row of
 * the change, written with message and audit entry in one transaction: of several workers one tells it, and none again.
 * How much was told.
 */
export async function remindReviews(db: Database, config: Config, workerId: string): Promise<number> {
  const now = await databaseNow(db);
  const open = await db.change.findMany({
    where: { ...openReview, reviewOverdueToldAt: null },
    orderBy: { reviewDueAt: 'asc' },
    select: { number: true, ...columns },
  });
  let told = 0;
  for (const { number, ...review } of open) {
    if (toldOf(review, now, config) === null) continue;
    told += await transaction((tx) => remind(tx, config, number, workerId), db);
  }
  return told;
}

const columns = {
  reviewDueAt: true,
  reviewedAt: true,
  reviewRemindedAt: true,
  reviewOverdueToldAt: true,
} as const;
type Review = Pick<StoredChange, keyof typeof columns>;

const toldOf = (review: Review, now: Date, { workingDays }: Config): ReturnType<typeof tellNow> =>
  review.reviewDueAt === null || review.reviewedAt !== null
    ? null
    : tellNow(
        {
          dueAt: review.reviewDueAt,
          remindedAt: review.reviewRemindedAt,
          overdueToldAt: review.reviewOverdueToldAt,
        },
        now,
        workingDays,
      );

async function remind(tx: Transaction, config: Config, number: number, workerId: string): Promise<number> {
  const { change, now } = await lockChange(tx, changeId(number));
  const { reviewDueAt: dueAt } = change;
  const told = toldOf(change, now, config);
  if (told === null || dueAt === null) return 0;
  await tx.change.update({
    where: { number },
    data: told === 'due' ? { reviewRemindedAt: now } : { reviewOverdueToldAt: now },
  });
  const sentence = sentenceOf(told, dueAt, change);
  const [id, title] = [changeId(number), serviceTitle(config, change.plan)];
  await observe(tx, number, null, 'seen', sentence);
  await notify(tx, config, `review_${told}`, { id, title, sentence });
  await stage(tx, {
    action: actions[told],
    actor: { kind: 'worker', id: workerId },
    target: `change:${id}`,
    change: number,
    result: 'ok',
    planHash: change.planHash,
    details: { dueAt: dueAt.toISOString() },
  });
  return 1;
}
