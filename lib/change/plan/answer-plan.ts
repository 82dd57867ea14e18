import 'server-only';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { readClusterUid } from '@/lib/actuators/kubernetes/read';
import { patchDeployment } from '@/lib/actuators/kubernetes/write';
import { stage } from '@/lib/audit/stage';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { sleep } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import { readServiceBudget } from '../analysis/budget';
import { certificateCheck } from '../certificates/check';
import { type DeployPlan, type DiffLine, type Precheck, RequestPlan } from '../contract';
import { isDataInput } from '../data/plan/find-database';
import { planData } from '../data/plan/plan-data';
import { specPatch } from '../execute/desired';
import { type Observed, observeTarget } from '../execute/observe';
import { digestRunning } from '../rollout';
import { planStaged } from '../staged/plan/plan-staged';
import { wantsStaged } from '../staged/plan/wants';
import { serviceName } from '../store';
import { imageOf, JsonObjectSchema, normaliseTemplate } from '../template';
import { backupCheck } from './backup-gate';
import { diffLines } from './diff';
import { findTarget, type Target } from './find-target';
import { forecastFor } from './forecast-for';
import { imageChecks } from './image-checks';
import { liveTarget } from './live-target';
import { makePlan } from './make-plan';
import { metricChecks } from './metric-checks';
import { withApi } from './plan-api';
import { readGoingBack, readPlanGate } from './plan-gate';
import { planHash } from './plan-hash';
import { clusterChecks, queueCheck, switchCheck } from './prechecks';
import { type Problem, refusedPlan } from './refused-plan';
import { askedFor } from './request-plan';
import { knownImage, resolveWanted } from './resolve-image';
import { resolveRevision, revisionCheck } from './resolve-revision';
import { rolloutChecks } from './rollout-checks';
import { schemaCheck } from './schema-check';
import { withServed } from './served';
import { findUndo, whatRunsNow } from './undo';
import { type Wanted, wantedOf } from './wanted';

export type PlanAnswerer = {
  db: Database;
  config: Config;
  workerId: string;
  cluster: (id: string) => ClusterClient;
};

type Answer = { plan: DeployPlan; prechecks: Precheck[] };

/**
 * Answers one pending plan request: reads the workload, asks the API server for a dry run of exactly the patch
 * that would be sent, and stores plan, hash and checks. A problem is stored as the answer. True when there was
 * something to answer.
 */
export async function answerPlan(worker: PlanAnswerer, requestId: string): Promise<boolean> {
  const request = await worker.db.planRequest.findUnique({ where: { id: requestId } });
  if (request === null || request.state !== 'pending') return false;
  const user = await worker.db.user.findUnique({
    where: { id: request.requestedById },
    select: { email: true },
  });
  const input = RequestPlan.parse(request.input);
  const asked = { input, user: user?.email ?? request.requestedById, planId: requestId };
  const answer = await onStillObject(() => planOf(worker, asked)).catch((error: unknown) =>
    refusedPlan(worker.db, input, error),
  );
  await transaction(async (tx) => {
    const now = await databaseNow(tx);
    const problem = 'message' in answer ? answer : null;
    const plan = 'plan' in answer ? answer.plan : null;
    const hash = plan === null ? null : planHash(plan);
    const blocked = plan?.gate?.verdict === 'closed' ? plan.gate.sentence : undefined;
    const reason = problem?.message ?? blocked;
    const { count } = await tx.planRequest.updateMany({
      where: { id: requestId, state: 'pending' },
      data: {
        state: problem === null ? 'answered' : 'failed',
        answeredAt: now,
        answeredBy: worker.workerId,
        ...(plan === null ? {} : { plan, planHash: hash }),
        ...('prechecks' in answer ? { prechecks: answer.prechecks } : {}),
        ...(problem === null ? {} : { problem }),
      },
    });
    if (count === 0) return;
    await stage(tx, {
      action: 'plan.answered',
      actor: { kind: 'worker', id: worker.workerId },
      target: `service:${input.service}`,
      result: problem === null ? 'ok' : 'failed',
      ...(reason === undefined ? {} : { reason }),
      ...(hash === null ? {} : { planHash: hash }),
      details: {
        kind: input.kind,
        service: input.service,
        environment: input.environment,
        region: input.region,
        ...askedFor(input),
        worker: worker.workerId,
        ...(plan?.gate === undefined ? {} : { gate: plan.gate.verdict }),
      },
    });
  }, worker.db);
  return true;
}

const CONFLICTS_MAX = 5;

/**
 * A dry run is a compare-and-swap too, and a workload in trouble has a new status every second: read anew then.
 * The last conflict is thrown.
 */
async function onStillObject<T>(make: () => Promise<T>): Promise<T> {
  for (let left = CONFLICTS_MAX; ; left -= 1) {
    try {
      return await make();
    } catch (error) {
      if (!isClusterError(error, 'conflict') || left === 0) throw error;
      await sleep(50 + Math.random() * 200);
    }
  }
}

async function planOf(
  worker: PlanAnswerer,
  asked: { input: RequestPlan; user: string; planId: string },
): Promise<Answer> {
  const { config, db } = worker;
  const { input, user, planId } = asked;
  if (isDataInput(input)) return planData(worker, input, user);
  if (wantsStaged(input)) return planStaged(worker, asked);
  const found = findTarget(config, input);
  const client = worker.cluster(found.placement.cluster);
  const { target, isIdle } = await liveTarget(client, found, input);
  const { namespace, deployment: name, container } = target.placement;
  const [observed, clusterUid, resolved, budget] = await Promise.all([
    observeTarget(client, { namespace, name, container }),
    readClusterUid(client),
    resolveWanted(config, target, input),
    readServiceBudget(db, config, input),
  ]);
  const revision = await resolveRevision(db, input, observed, container);
  const wanted = wantedOf({
    input,
    revision,
    observed,
    container,
    planId,
    serviceName: serviceName(config, input.service),
    image: resolved === null ? null : knownImage(resolved),
  });
  const before =
    input.kind === 'deploy'
      ? await lastKnownGood(worker, input, container, observed)
      : whatRunsNow(observed, container, { ...wanted, isIdle });
  const undo = isIdle ? before : await withServed(config, target, input, { undo: before, observed });
  const onBehalfOf = { user, attempt: 'plan' };
  const diff = await dryRun(client, observed, target, wanted, user);
  const running = imageOf(observed.subset.template, container) ?? '';
  const runs = digestRunning(observed.live.newPods) ?? undefined;
  const { region } = input;
  const goesBack = await readGoingBack(db, input, [
    { region, wanted: { running, runs, ...wanted.to, undo } },
  ]);
  const gate = await readPlanGate(db, config, input, goesBack);
  const made = makePlan({
    config,
    input,
    target,
    observed,
    clusterUid,
    wanted,
    undo,
    diff,
    gate,
    goesBack,
    isIdle,
    revision,
  });
  const forecast = forecastFor({ config, plan: made, budget });
  const plan = await withApi(forecast === null ? made : { ...made, forecast }, worker.cluster);
  const prechecks = await Promise.all([
    Promise.all([queueCheck(db, plan), switchCheck(db, plan)]),
    clusterChecks({ client, observed, plan, onBehalfOf }),
    rolloutChecks({ config, client, observed, plan }),
    imageChecks({ config, plan, lookup: resolved?.lookup ?? null, live: observed.live }),
    metricChecks(config, db, plan),
    certificateCheck(config, plan),
    backupCheck(db, config, plan),
    schemaCheck(db, plan),
  ]);
  return { plan, prechecks: [...revisionCheck(plan), ...prechecks.flat().filter((check) => check !== null)] };
}

async function lastKnownGood(
  { config, db }: PlanAnswerer,
  input: RequestPlan,
  container: string,
  observed: Observed,
): Promise<DeployPlan['undo']> {
  const undo = await findUndo(db, { ...input, container }, observed);
  if (undo !== null) return undo;
  throw new OpsError(
    'precondition',
    `${serviceName(config, input.service)} has no last known good version to go back to: its rollout is not complete and healthy, and no earlier change succeeded.`,
    { next: 'Bring the workload into a healthy state first.' },
  );
}

/** The change of spec and of the metadata that people set, as the API server would store it. */
async function dryRun(
  client: ClusterClient,
  observed: Observed,
  target: Target,
  wanted: Wanted,
  user: string,
): Promise<DiffLine[]> {
  const { deployment, subset: before } = observed;
  const desired = {
    ...before,
    ...(wanted.template === undefined ? {} : { template: wanted.template }),
    ...(wanted.replicas === undefined ? {} : { replicas: wanted.replicas }),
  };
  const { object } = await patchDeployment(client, {
    ref: { namespace: target.placement.namespace, name: target.placement.deployment },
    spec: specPatch(before, { before, desired }),
    resourceVersion: deployment.metadata.resourceVersion,
    fence: { change: 0, epoch: 0 },
    onBehalfOf: { user, attempt: 'plan' },
    dryRun: true,
  });
  return diffLines(material(deployment), material(object));
}

/** The fence is left out: its number is given when the change runs. */
function material({ metadata, spec }: Observed['deployment']) {
  const { template, ...rest } = JsonObjectSchema.parse(JSON.parse(JSON.stringify(spec)));
  return {
    metadata: { labels: metadata.labels },
    spec: { ...rest, template: normaliseTemplate(template) },
  };
}

/** Ends a request whose answer broke off, so that it is not tried for ever. The cause stands in the worker's log. */
export async function failPlan(worker: PlanAnswerer, requestId: string): Promise<void> {
  const problem: Problem = {
    message: 'The worker could not make the plan.',
    next: 'Ask again. If it fails again, the log of the worker names the cause.',
  };
  await transaction(async (tx) => {
    const { count } = await tx.planRequest.updateMany({
      where: { id: requestId, state: 'pending' },
      data: { state: 'failed', answeredAt: await databaseNow(tx), answeredBy: worker.workerId, problem },
    });
    if (count === 0) return;
    await stage(tx, {
      action: 'plan.answered',
      actor: { kind: 'worker', id: worker.workerId },
      target: `plan:${requestId}`,
      result: 'failed',
      reason: problem.message,
      details: { worker: worker.workerId },
    });
  }, worker.db);
}
