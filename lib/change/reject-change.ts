import 'server-only';
import type { z } from 'zod';
import { type Person, roleNames } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { notify } from '@/lib/notify/outbox';
import type { RejectChange } from './contract';
import { decideSign } from './decide-sign';
import { endInReview } from './end-in-review';
import { lockChange } from './lock-change';
import { rolesHeldNow } from './people';
import { orThrow } from './refuse';
import { signFacts } from './sign-change';
import { serviceTitle } from './store';

/** One rejection ends the review (trust.md 1.3, 3). Throws OpsError `forbidden`, `conflict` or `not-found`. */
export async function rejectChange(
  {
    actor,
    config,
    id,
    input,
  }: { actor: Person; config: Config; id: string; input: z.infer<typeof RejectChange> },
  db: Database = database(),
): Promise<void> {
  const result = await transaction(async (tx) => {
    const { change, now } = await lockChange(tx, id);
    const rolesNow = await rolesHeldNow(tx, actor.id);
    const facts = await signFacts(tx, change, now);
    const refusal = decideSign(
      facts,
      { id: actor.id, rolesNow, role: input.role, planHash: input.planHash },
      'reject',
    );
    const entry = {
      action: 'change.rejected',
      actor,
      target: `change:${id}`,
      change: change.number,
      planHash: input.planHash,
      details: { role: input.role },
    } as const;
    if (refusal !== null) {
      await stage(tx, { ...entry, result: 'refused', reason: refusal.refused.message });
      return refusal;
    }
    await tx.signOff.create({
      data: {
        changeNumber: change.number,
        role: input.role,
        userId: actor.id,
        userName: actor.name,
        decision: 'rejected',
        planHash: input.planHash,
        comment: withoutSecrets(input.reason),
        createdAt: now,
      },
    });
    const sentence = `${actor.name} rejected it as ${roleNames[input.role]}: ${input.reason}`;
    await endInReview(tx, change, 'Rejected', sentence, now);
    await notify(tx, config, 'failed', { id, title: serviceTitle(config, change.plan), sentence });
    await stage(tx, { ...entry, result: 'ok', reason: input.reason });
    return null;
  }, db);
  orThrow(result);
}
