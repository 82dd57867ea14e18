import 'server-only';
import { z } from 'zod';
import { askedBy, type Caller } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { readPlacement } from '@/lib/service/clusters';
import { placeObjects } from '@/lib/service/pods';
import { DeployPlan, type DiffLine, type PlanView, Precheck, RequestPlan } from '../contract';
import { backOutScript } from '../staged/plan/script';
import { wantsStaged } from '../staged/plan/wants';
import { serviceName, workerAlive } from '../store';
import { findTarget } from './find-target';
import { imageFor } from './make-plan';
import { planSentence } from './plan-hash';

const Problem = z.object({ message: z.string(), next: z.string().optional() });

/** A plan as its author sees it, with why it cannot be sent now. Throws OpsError `not-found`. */
export async function viewPlan(
  { actor, config, id }: { actor: Caller; config: Config; id: string },
  db: Database = database(),
): Promise<PlanView> {
  const [row, now, alive] = await Promise.all([
    db.planRequest.findUnique({ where: { id } }),
    databaseNow(db),
    workerAlive(db, config.timing.lease),
  ]);
  if (row === null)
    throw new OpsError('not-found', 'There is no such plan.', { next: 'Ask for a new plan.' });
  const asked = askedBy(actor);
  const input = RequestPlan.parse(row.input);
  const plan = row.plan === null ? null : DeployPlan.parse(row.plan);
  const prechecks = z.array(Precheck).parse(row.prechecks ?? []);
  const expired = now >= row.expiresAt;
  const state = expired ? 'expired' : z.enum(['pending', 'answered', 'failed']).parse(row.state);
  const problem = row.problem === null ? null : Problem.parse(row.problem);
  return {
    id: row.id,
    state,
    input,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    workerAlive: alive,
    plan,
    planHash: row.planHash,
    prechecks,
    problem:
      problem === null ? null : { message: problem.message, ...(problem.next ? { next: problem.next } : {}) },
    readDiff: state === 'pending' && !alive ? readDiff(config, input) : null,
    blocked: blockedBy({
      state,
      alive,
      prechecks,
      problem: problem?.message ?? null,
      own: row.requestedById === asked.accountId && row.tokenId === asked.tokenId,
    }),
    script: plan === null || plan.data !== undefined ? null : backOutScript(plan),
    sentence: plan === null ? null : planSentence(plan, serviceName(config, plan.service)),
  };
}

type Blocking = {
  state: PlanView['state'];
  alive: boolean;
  prechecks: Precheck[];
  problem: string | null;
  own: boolean;
};

function blockedBy({ state, alive, prechecks, problem, own }: Blocking): string | null {
  if (state === 'expired') return 'This plan has expired or was sent already. Ask for a new one.';
  if (problem !== null) return problem;
  if (state === 'pending') {
    return alive
      ? 'A worker is making the plan.'
      : 'No worker is running, so there is no dry run: the cluster has not said whether it would accept this. Start a worker.';
  }
  if (!own) return 'Somebody else asked for this plan. Ask for one of your own.';
  const failed = prechecks.find(({ result }) => result === 'fail');
  return failed === undefined ? null : `${failed.title}: ${failed.detail}`;
}

/**
 * What can be said from the web's own reads: the image of the one Deployment that takes the requests, and nothing that
 * only the API server knows. Null for a change of several steps, and while it is not clear which one that is.
 */
function readDiff(config: Config, input: RequestPlan): DiffLine[] | null {
  if (input.kind !== 'deploy' || wantsStaged(input)) return null;
  const target = findTarget(config, input);
  const { container } = target.placement;
  const found = placeObjects(target.placement, readPlacement(config, target.placement));
  const [deployment, second] = found.state === 'missing' ? [] : found.value.serving;
  if (second !== undefined) return null;
  const image = deployment?.containers.find((one) => one.name === container)?.image;
  if (image === undefined) return null;
  return [
    {
      path: `spec.template.spec.containers[${container}].image`,
      before: image,
      after: imageFor(target, input.version),
    },
  ];
}
