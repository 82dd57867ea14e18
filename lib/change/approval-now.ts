import 'server-only';
import { type Role, roleNames } from '@/lib/access/model';
import { matchPolicy } from '@/lib/config/policy-rules';
import type { Config } from '@/lib/config/schema';
import type { Transaction } from '@/lib/db/transaction';
import { missingRoles } from '@/lib/policy/quorum';
import { rolesHeldNow } from './people';
import { planHash } from './plan/plan-hash';
import { type LiveSignOff, liveSignOffs } from './sign-offs';
import type { StoredChange } from './stored';

export type Approval = {
  /** Why the change may not go on with what was signed; null when it may. */
  problem: string | null;
  /** Sign-offs that do not count any more, and why. */
  unfit: { signOff: LiveSignOff; why: string }[];
};

/**
 * Whether what was signed still counts at this moment (change-engine.md 2.4, trust.md 1.3, 8): the plan hash, the
 * policy of today, who asked, and each sign-off with the role of who gave it. Changes nothing.
 */
export async function approvalNow(
  tx: Transaction,
  config: Config,
  change: StoredChange,
  now: Date,
): Promise<Approval> {
  const { plan } = change;
  const stopped = (problem: string): Approval => ({ problem, unfit: [] });
  if (planHash(plan) !== change.planHash) return stopped('The stored plan is not the plan that was signed.');
  const policy = matchPolicy(config.policies, plan.kind, plan.environment, plan.service);
  if (policy === null) return stopped('No policy covers this change any more.');
  const requester = await rolesHeldNow(tx, change.requesterId);
  if (!policy.requesterRoles.some((role) => requester.includes(role))) {
    return stopped(`${change.requesterName} may not ask for this any more.`);
  }
  if (await isRevoked(tx, change.requesterToken))
    return stopped(`The token that asked was revoked (${change.requesterName}).`);
  const counted: LiveSignOff[] = [];
  const unfit: Approval['unfit'] = [];
  for (const signOff of await liveSignOffs(tx, change.number)) {
    const why = await unfitness(tx, change, signOff, now);
    if (why === null) counted.push(signOff);
    else unfit.push({ signOff, why });
  }
  // Both must pass: what was asked then, and what is asked today (trust.md 1.3, 7).
  const missing = missingRoles([...new Set<Role>([...plan.policy.signOffs, ...policy.signOffs])], counted);
  if (missing.length === 0) return { problem: null, unfit };
  const names = missing.map((role) => roleNames[role]).join(', ');
  const why = unfit.map((one) => ` The sign-off of ${one.signOff.userName} does not count: ${one.why}.`);
  return { problem: `Not enough valid sign-offs any more: ${names}.${why.join('')} Ask again.`, unfit };
}

/** A token that ran out since asked rightly; one that was taken back should not have. */
async function isRevoked(tx: Transaction, tokenId: string | null): Promise<boolean> {
  if (tokenId === null) return false;
  return (await tx.apiToken.count({ where: { id: tokenId, revokedAt: { not: null } } })) > 0;
}

async function unfitness(
  tx: Transaction,
  change: StoredChange,
  signOff: LiveSignOff,
  now: Date,
): Promise<string | null> {
  if (signOff.planHash !== change.planHash) return 'it was given for another plan';
  if (signOff.userId === change.requesterId) return 'the requester cannot sign';
  const ageSeconds = (now.getTime() - signOff.createdAt.getTime()) / 1000;
  if (ageSeconds > change.plan.timing.signOffTtlSeconds) return 'it is too old';
  const held = await rolesHeldNow(tx, signOff.userId);
  return held.includes(signOff.role) ? null : `the role ${roleNames[signOff.role]} is not held any more`;
}
