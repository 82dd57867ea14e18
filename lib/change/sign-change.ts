import 'server-only';
import type { z } from 'zod';
import { type Person, roleNames } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { notify } from '@/lib/notify/outbox';
import { approve } from './approve-change';
import type { SignChange } from './contract';
import { completes, decideSign, type SignFacts } from './decide-sign';
import { lockChange } from './lock-change';
import { observe } from './move-change';
import { rolesHeldNow } from './people';
import { orThrow } from './refuse';
import { liveSignOffs } from './sign-offs';
import { serviceTitle } from './store';
import type { StoredChange } from './stored';

export type SignInput = z.infer<typeof SignChange>;

/** The facts of a decision in review, read after the row lock. */
export async function signFacts(tx: Transaction, change: StoredChange, now: Date): Promise<SignFacts> {
  return {
    kind: change.plan.kind,
    service: change.service,
    state: change.state,
    backingOut: change.backingOut,
    requesterId: change.requesterId,
    requesterToken: change.requesterToken,
    planHash: change.planHash,
    roles: change.plan.policy.signOffs,
    signed: await liveSignOffs(tx, change.number),
    expired: now >= change.reviewExpiresAt,
  };
}

/**
 * One sign-off in one role, bound to the plan hash. The last one approves the change. A refusal by a rule is
 * recorded too. Throws OpsError `forbidden`, `conflict`, `invalid` or `not-found`.
 */
export async function signChange(
  { actor, config, id, input }: { actor: Person; config: Config; id: string; input: SignInput },
  db: Database = database(),
): Promise<void> {
  const result = await transaction(async (tx) => {
    const { change, now } = await lockChange(tx, id);
    const facts = await signFacts(tx, change, now);
    const rolesNow = await rolesHeldNow(tx, actor.id);
    const refusal = decideSign(
      facts,
      {
        id: actor.id,
        rolesNow,
        role: input.role,
        planHash: input.planHash,
        confirmedName: input.confirmedName,
      },
      'sign',
    );
    if (refusal !== null) {
      await record(tx, actor, change, input, { result: 'refused', reason: refusal.refused.message });
      return refusal;
    }
    await tx.signOff.create({
      data: {
        changeNumber: change.number,
        role: input.role,
        userId: actor.id,
        userName: actor.name,
        decision: 'approved',
        planHash: input.planHash,
        comment: input.comment === undefined ? null : withoutSecrets(input.comment) || null,
        createdAt: now,
      },
    });
    const sentence = `${actor.name} signed as ${roleNames[input.role]}.`;
    await observe(tx, change.number, null, 'command', sentence);
    await notify(tx, config, 'signed', { id, title: serviceTitle(config, change.plan), sentence });
    await record(tx, actor, change, input, { result: 'ok', signed: facts.signed.length + 1 });
    if (completes(facts, input.role)) await approve(tx, config, change, actor, now);
    return null;
  }, db);
  orThrow(result);
}

const record = (
  tx: Transaction,
  actor: Person,
  change: StoredChange,
  input: SignInput,
  outcome: { result: 'ok'; signed: number } | { result: 'refused'; reason: string },
) =>
  stage(tx, {
    action: 'change.signed',
    actor,
    target: `change:${changeId(change.number)}`,
    change: change.number,
    result: outcome.result,
    planHash: input.planHash,
    reason: outcome.result === 'refused' ? outcome.reason : input.comment || undefined,
    details: {
      role: input.role,
      needed: change.plan.policy.signOffs.length,
      ...(outcome.result === 'ok' ? { signed: outcome.signed } : {}),
    },
  });
