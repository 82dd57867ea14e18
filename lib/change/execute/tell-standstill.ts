import 'server-only';
import { stage } from '@/lib/audit/stage';
import { changeId } from '@/lib/core/ids';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { notify } from '@/lib/notify/outbox';
import { observe } from '../move-change';
import { serviceTitle } from '../store';
import type { Execution } from './execution';
import { holdChange } from './intents';

const STANDS_STILL = 'The change stands still meanwhile, and goes on by itself.';

/**
 * Tells people that a change stands still, once each time: what it needs has not answered for about a lease, and another
 * worker may still reach it (change-engine.md 5.2, faults 10 and 18); or nothing moves on its way back. No state says so.
 * Throws LostChange.
 */
export async function tellStandstill(run: Execution, problem: string): Promise<void> {
  await transaction(async (tx) => {
    const { change } = await holdChange(tx, run);
    if (await isTold(tx, run.number)) return;
    const sentence = `${problem} ${STANDS_STILL}`;
    const id = changeId(run.number);
    await observe(tx, run.number, null, 'hold', sentence);
    await notify(tx, run.config, 'stalled', { id, title: serviceTitle(run.config, change.plan), sentence });
    await stage(tx, {
      action: 'change.stalled',
      actor: { kind: 'worker', id: run.workerId },
      target: `change:${id}`,
      change: run.number,
      result: 'ok',
      planHash: change.planHash,
      details: { sentence: sentence.slice(0, 500) },
    });
  }, run.db);
}

/**
 * Told, and nothing but problems and commands since: what answers again is seen in a step, or acted on. That another
 * worker goes on is of no step.
 */
async function isTold(tx: Transaction, changeNumber: number): Promise<boolean> {
  const newest = (where: object) =>
    tx.observation.findFirst({
      where: { changeNumber, ...where },
      orderBy: { seq: 'desc' },
      select: { seq: true },
    });
  const told = await newest({ kind: 'hold', sentence: { endsWith: STANDS_STILL } });
  if (told === null) return false;
  const answered = await newest({
    OR: [{ kind: { in: ['state', 'act', 'reading'] } }, { kind: 'seen', step: { not: null } }],
  });
  return answered === null || answered.seq < told.seq;
}
