import 'server-only';
import { z } from 'zod';
import { askedBy, type Caller, roleNames } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import { matchPolicy } from '@/lib/config/policy-rules';
import type { Config } from '@/lib/config/schema';
import { changeId, changeNumber } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, type Transaction, transaction } from '@/lib/db/transaction';
import { notify } from '@/lib/notify/outbox';
import { quorumProblem } from '@/lib/policy/quorum';
import { DeployPlan, Precheck, type RequestChange } from './contract';
import { observe } from './move-change';
import { activePeople } from './people';
import { gateProblem, usualSignOffs } from './plan/plan-gate';
import { planHash } from './plan/plan-hash';
import { orThrow, type Refused, refuse } from './refuse';
import { serviceTitle } from './store';
import { typedNameProblem } from './typed-name';

export type ChangeInput = z.output<typeof RequestChange>;
type Asked = { actor: Caller; config: Config; input: ChangeInput };

/**
 * Sends a plan for sign-off: the change, its steps, the audit entry and the messages in one transaction.
 * Throws OpsError `not-found`, `forbidden`, `conflict` (expired, another hash), `precondition` (a check failed,
 * the quorum cannot be met) or `invalid` (reason too short, name not typed); refusals are recorded.
 */
export async function requestChange(
  { actor, config, input }: Asked,
  db: Database = database(),
): Promise<{ id: string }> {
  const result = await transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM plan_request WHERE id = ${input.planId}::uuid FOR UPDATE`;
    const checked = await checkRequest(tx, { actor, config, input });
    if ('refused' in checked) {
      await stage(tx, {
        action: 'change.requested',
        actor,
        target: `plan:${input.planId}`,
        result: 'refused',
        reason: checked.refused.message,
        planHash: input.planHash.slice(0, 64),
      });
      return checked;
    }
    return { id: await insertChange(tx, { actor, config, input }, checked) };
  }, db);
  return orThrow(result);
}

type Checked = { plan: DeployPlan; prechecks: Precheck[]; checkedAt: Date | null; now: Date };

async function checkRequest(tx: Transaction, { actor, config, input }: Asked): Promise<Refused | Checked> {
  const request = await tx.planRequest.findUnique({ where: { id: input.planId } });
  if (request === null) return refuse('not-found', 'There is no such plan.', 'Ask for a new plan.');
  const now = await databaseNow(tx);
  const asked = askedBy(actor);
  if (request.requestedById !== asked.accountId || request.tokenId !== asked.tokenId) {
    return refuse('forbidden', 'Somebody else asked for this plan.', 'Ask for a plan of your own.');
  }
  if (request.state !== 'answered' || request.plan === null) {
    return refuse(
      'conflict',
      'The plan has no answer that could be sent.',
      'Wait for it, or ask for a new plan.',
    );
  }
  if (now >= request.expiresAt) return refuse('conflict', 'The plan has expired.', 'Ask for a new plan.');
  const plan = DeployPlan.parse(request.plan);
  if (planHash(plan) !== input.planHash || request.planHash !== input.planHash) {
    return refuse('conflict', 'The plan that you saw is not this plan.', 'Reload and read it again.');
  }
  const prechecks = z.array(Precheck).parse(request.prechecks ?? []);
  const failed = prechecks.find((precheck) => precheck.result === 'fail');
  if (failed !== undefined) {
    return refuse(
      'precondition',
      `A check fails: ${failed.title}. ${failed.detail}`,
      'Ask for a new plan after that.',
    );
  }
  const refused = await checkPolicy(tx, { actor, config, input }, plan);
  return refused ?? { plan, prechecks, checkedAt: request.answeredAt, now };
}

async function checkPolicy(
  tx: Transaction,
  { actor, config, input }: Asked,
  plan: DeployPlan,
): Promise<Refused | null> {
  const policy = matchPolicy(config.policies, plan.kind, plan.environment, plan.service);
  if (
    policy === null ||
    policy.id !== plan.policy.id ||
    String(policy.signOffs) !== String(usualSignOffs(plan))
  ) {
    return refuse('conflict', 'The policy has changed since the plan was made.', 'Ask for a new plan.');
  }
  if (!policy.requesterRoles.some((role) => actor.roles.includes(role))) {
    const names = policy.requesterRoles.map((role) => roleNames[role]).join(', ');
    return refuse('forbidden', `A change of this kind may be asked for here by: ${names}.`);
  }
  if (input.reason.length < policy.reasonMinLength) {
    return refuse(
      'invalid',
      `The reason needs at least ${policy.reasonMinLength} characters.`,
      'Say why, for those who sign.',
    );
  }
  const untyped = typedNameProblem(plan, input.confirmedName);
  if (untyped !== null)
    return refuse('invalid', untyped, 'The wrong target is the mistake that this prevents.');
  const fallen = await gateProblem(tx, config, plan);
  if (fallen !== null) return refuse('precondition', fallen, 'Ask for a new plan.');
  const unsolvable = quorumProblem(plan.policy.signOffs, await activePeople(tx), askedBy(actor).accountId);
  return unsolvable === null
    ? null
    : refuse('precondition', unsolvable, 'Have an administrator grant the missing role to somebody.');
}

/** The number of the oldest change that a plan takes back; null where none is recorded. */
const takenBack = ({ goesBack }: DeployPlan): number | null =>
  goesBack?.reverts == null ? null : changeNumber(goesBack.reverts);

async function insertChange(
  tx: Transaction,
  { actor, config, input }: Asked,
  { plan, prechecks, checkedAt, now }: Checked,
): Promise<string> {
  const policy = matchPolicy(config.policies, plan.kind, plan.environment, plan.service);
  // What counts of the budget stands in the plan: the snapshot has who signs, the roles of the budget included.
  const { budget: _, ...snapshot } = { ...policy, signOffs: plan.policy.signOffs };
  const { number } = await tx.change.create({
    data: {
      kind: plan.kind,
      service: plan.service,
      environment: plan.environment,
      region: plan.region,
      cluster: plan.cluster,
      namespace: plan.target.namespace,
      plan,
      planHash: input.planHash,
      prechecks,
      precheckedAt: checkedAt,
      policy: snapshot,
      reason: withoutSecrets(input.reason),
      ticket: input.ticket || null,
      runWhenApproved: input.runWhenApproved,
      requesterId: askedBy(actor).accountId,
      requesterToken: askedBy(actor).tokenId,
      reverts: takenBack(plan),
      requesterName: actor.name,
      state: 'InReview',
      stateSince: now,
      createdAt: now,
      dueAt: now,
      reviewExpiresAt: new Date(now.getTime() + plan.timing.signOffTtlSeconds * 1000),
      steps: {
        create: plan.steps.map(({ n, kind, title, usualSeconds }) => ({ n, kind, title, usualSeconds })),
      },
    },
    select: { number: true },
  });
  const id = changeId(number);
  await tx.planRequest.update({ where: { id: input.planId }, data: { expiresAt: now } });
  const sentence = `${actor.name} asks for sign-off: ${input.reason}`;
  await observe(tx, number, null, 'state', sentence);
  await notify(tx, config, 'requested', { id, title: serviceTitle(config, plan), sentence });
  await stage(tx, {
    action: 'change.requested',
    actor,
    target: `change:${id}`,
    change: number,
    result: 'ok',
    reason: input.reason,
    planHash: input.planHash,
    details: {
      kind: plan.kind,
      service: plan.service,
      environment: plan.environment,
      region: plan.region,
      from: plan.from.version,
      to: plan.to.version,
      policy: plan.policy.id,
      ticket: input.ticket || undefined,
      runWhenApproved: input.runWhenApproved,
    },
  });
  return id;
}
