import 'server-only';
import { askedBy, type Caller, roleNames } from '@/lib/access/model';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { RequestPlan } from '../contract';
import { findTarget } from './find-target';

/**
 * Stores the question that a worker answers with a plan. Throws OpsError `forbidden` when the policy does not
 * let the person or pipeline ask (recorded), and those of `findTarget`.
 */
export async function requestPlan(
  { actor, config, input }: { actor: Caller; config: Config; input: RequestPlan },
  db: Database = database(),
): Promise<{ id: string }> {
  const { policy } = findTarget(config, input);
  const allowed = policy.requesterRoles.some((role) => actor.roles.includes(role));
  const names = policy.requesterRoles.map((role) => roleNames[role]).join(', ');
  const message = `A change of the kind ${input.kind} may be asked for here by: ${names}.`;
  const asked = askedBy(actor);
  const id = await transaction(async (tx) => {
    const entry = {
      action: 'plan.requested',
      actor,
      target: `service:${input.service}`,
      details: {
        kind: input.kind,
        service: input.service,
        environment: input.environment,
        region: input.region,
        ...askedFor(input),
      },
    } as const;
    if (!allowed) {
      await stage(tx, { ...entry, result: 'refused', reason: message });
      return null;
    }
    const now = await databaseNow(tx);
    const { id } = await tx.planRequest.create({
      data: {
        kind: input.kind,
        input,
        requestedById: asked.accountId,
        tokenId: asked.tokenId,
        createdAt: now,
        expiresAt: new Date(now.getTime() + config.timing.planTtl * 1000),
      },
      select: { id: true },
    });
    await stage(tx, { ...entry, result: 'ok' });
    return id;
  }, db);
  if (id === null) throw new OpsError('forbidden', message, { next: 'Ask somebody who has that role.' });
  return { id };
}

/** What was asked for, for the record. The value of a variable is left to the plan: a person may mistype a secret. */
export function askedFor(input: RequestPlan): Record<string, string | number> {
  switch (input.kind) {
    case 'deploy':
      return {
        to: input.version,
        ...(input.redeploy === true ? { redeploy: 'yes' } : {}),
        ...(input.migration === undefined ? {} : { migration: input.migration }),
        ...(input.maintenance === true ? { maintenance: 'yes' } : {}),
      };
    case 'rollback':
      return {
        ...(input.replicaSet === undefined ? {} : { replicaSet: input.replicaSet }),
        ...(input.lastKnownGood === true ? { lastKnownGood: 'yes' } : {}),
      };
    case 'shift':
      return { colour: input.colour, weight: input.weight };
    case 'scale':
      return { replicas: input.replicas, ...(input.colour === undefined ? {} : { colour: input.colour }) };
    case 'restart':
      return {};
    case 'set-env':
      return { variable: input.name };
    case 'backup':
      return { database: input.database };
    case 'end-session':
      return { database: input.database, pid: input.pid, startedAt: input.startedAt };
    case 'restore':
      return { database: input.database, copy: input.copy };
  }
}
