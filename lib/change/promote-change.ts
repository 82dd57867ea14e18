import 'server-only';
import { can, type Person } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import { type Database, database } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import type { PromoteChange } from './contract';
import { lockChange } from './lock-change';
import { observe } from './move-change';
import { currentStep, promotionRefusal } from './promotion';
import { orThrow, type Refused, refuse } from './refuse';
import type { StoredChange } from './stored';

type Promote = { actor: Person; id: string; input: PromoteChange };

/**
 * Goes on with the next step before the time of the current hold is over. It names the step that the person saw:
 * when another one runs by now, nothing is skipped (change-engine.md 2.5, double promote). The same promotion twice is
 * one. Throws OpsError `forbidden`, `conflict` or `not-found`.
 */
export async function promoteChange({ actor, id, input }: Promote, db: Database = database()): Promise<void> {
  const result = await transaction(async (tx) => {
    const { change, now } = await lockChange(tx, id);
    const entry = {
      action: 'change.promoted',
      actor,
      target: `change:${id}`,
      change: change.number,
      planHash: change.planHash,
      details: { step: input.expectedStep },
    } as const;
    const refused = await refusal(tx, change, actor, input.expectedStep);
    if (refused !== null) {
      await stage(tx, { ...entry, result: 'refused', reason: refused.refused.message });
      return refused;
    }
    const same = {
      changeNumber: change.number,
      kind: 'promote',
      expectedStep: input.expectedStep,
      appliedAt: null,
    };
    if ((await tx.command.findFirst({ where: same, select: { id: true } })) !== null) return null;
    const reason = withoutSecrets(input.reason);
    await tx.command.create({
      data: { ...same, actorId: actor.id, actorName: actor.name, reason, receivedAt: now },
    });
    await tx.change.update({ where: { number: change.number }, data: { dueAt: now } });
    const sentence = `${actor.name} goes on after step ${input.expectedStep}: ${input.reason}`;
    await observe(tx, change.number, input.expectedStep, 'command', sentence);
    await stage(tx, { ...entry, result: 'ok', reason: input.reason });
    return null;
  }, db);
  orThrow(result);
}

async function refusal(
  tx: Transaction,
  change: StoredChange,
  actor: Person,
  expected: number,
): Promise<Refused | null> {
  const steps = await tx.step.findMany({
    where: { changeNumber: change.number },
    orderBy: { n: 'asc' },
    select: { n: true, state: true },
  });
  const closed = promotionRefusal(change, steps);
  if (closed !== null) return refuse('conflict', closed);
  if (!can(actor, 'change.steer'))
    return refuse('forbidden', 'Only an SRE or a lead can steer a running change.');
  const now = currentStep(steps);
  return now === expected
    ? null
    : refuse(
        'conflict',
        `Step ${now} runs now, and you meant step ${expected}; nothing was skipped.`,
        'Look at the page again, and decide about the step that runs.',
      );
}
