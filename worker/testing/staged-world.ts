import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { RequestPlan } from '@/lib/change/contract';
import { requestPlan } from '@/lib/change/plan/request-plan';
import { requestChange } from '@/lib/change/request-change';
import { signChange } from '@/lib/change/sign-change';
import { Config } from '@/lib/config/schema';
import { changeNumber } from '@/lib/core/ids';
import { createDatabase } from '@/lib/db/client';
import { demoServices } from '@/sandbox/demo/services';
import { startCluster } from '@/sandbox/kubernetes/cluster';
import { defaultBehaviour, imageOf, type PodOutcome } from '@/sandbox/kubernetes/controllers/pod-behaviour';
import { startControllers } from '@/sandbox/kubernetes/controllers/start';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import type { KubeObject, Store } from '@/sandbox/kubernetes/store';
import { type ClusterId, clusterIds, placements, versionOfImage } from '@/sandbox/topology';
import { seedPlacement } from '@/sandbox/topology/workload-objects';
import { testDatabase } from '@/scripts/testing/database';
import { team } from './people';
import { trafficPrometheus } from './traffic-prometheus';
import { until } from './world';

/** Two clusters with all services in colour pairs, traffic that follows the routers, a database and people. */
export async function stagedWorld({
  hold = '1s',
  databases = [],
}: {
  hold?: string;
  databases?: object[];
} = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'staged-test-'));
  const [database, clusters] = await Promise.all([
    testDatabase(),
    Promise.all(clusterIds.map((id) => startCluster({ id, port: 0, dataDir: path.join(folder, id) }))),
  ]);
  const stores = new Map<string, Store>(clusters.map(({ store }, index) => [clusterIds[index] ?? '', store]));
  /** How pods fare, by version; those of Jobs under `job`. */
  const outcomes = new Map<string, PodOutcome>();
  const controllers = clusters.map(({ store }) =>
    startControllers(store, {
      nodes: ['node-a', 'node-b'],
      pods: {
        ...defaultBehaviour,
        startSeconds: () => 0.1,
        readySeconds: () => 0.2,
        terminationSeconds: () => 0.2,
        outcome: (pod) => outcomes.get(isOfJob(pod) ? 'job' : versionOfImage(imageOf(pod))) ?? 'ok',
        runSeconds: (pod) => (isOfJob(pod) ? 0.3 : 2),
      },
    }),
  );
  for (const placement of placements()) {
    const store = stores.get(placement.cluster.id);
    if (store === undefined || placement.environment !== 'production') continue;
    const { namespace: name } = placement;
    // What is created, such as a Job, needs the namespace itself.
    if (store.get('namespaces', null, name) === null) {
      store.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
    seedPlacement(store, { ...placement, service: { ...placement.service, minReadySeconds: 1 } }, Date.now());
  }
  const prometheus = await trafficPrometheus(stores);
  const kubeconfig = path.join(folder, 'worker.yaml');
  await writeKubeconfig(kubeconfig, clusters, 'signalbox-worker');
  const config = stagedConfig(
    { kubeconfig, prometheus: prometheus.url },
    { strategies: shortHolds(hold), databases },
  );
  const db = createDatabase(database.url);
  await until('the workloads serve', () =>
    [...stores.values()].every((store) => readyPods(store, 'architect-production', 'architect-api') === 10),
  );
  return {
    url: database.url,
    stores,
    clusters: new Map(clusters.map((cluster, index) => [clusterIds[index] ?? '', cluster])),
    prometheus,
    outcomes,
    config,
    db,
    people: await team(db),
    stop: async () => {
      for (const each of controllers) each.stop();
      await db.$disconnect();
      await Promise.all([...clusters.map((cluster) => cluster.stop()), prometheus.stop(), database.drop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type StagedWorld = Awaited<ReturnType<typeof stagedWorld>>;

const isOfJob = ({ metadata }: KubeObject): boolean => metadata.labels?.['job-name'] !== undefined;

const Available = z.object({ status: z.object({ availableReplicas: z.number().default(0) }).prefault({}) });

export const readyPods = (store: Store, namespace: string, deployment: string): number =>
  Available.parse(store.get('deployments.apps', namespace, deployment)).status.availableReplicas;

type Override = { timing?: object; guard?: object; strategies: object; databases?: object[] };

const shortHolds = (hold: string): object => ({
  canary: [
    { weight: 5, hold },
    { weight: 25, hold },
  ],
  gradual: [{ weight: 50, hold: '1s' }],
  minRequests: 100,
  minVerdict: 50,
  proveWindow: '1s',
  ingestLag: '100ms',
  proveTimeout: '20s',
  drain: '300ms',
  soak: '1s',
});

/** signalbox.yaml of the demo's services with times in which a test can wait for the end. */
export function stagedConfig(
  { kubeconfig, prometheus }: { kubeconfig: string; prometheus: string },
  override: Override,
): Config {
  const access = (context: ClusterId) => ({ kubeconfig, context });
  return Config.parse({
    version: 1,
    environments: [
      { id: 'production', name: 'Production' },
      { id: 'staging', name: 'Staging' },
    ],
    regions: clusterIds.map((id) => ({ id, name: id })),
    clusters: clusterIds.map((id) => ({
      id,
      region: id,
      web: access(id),
      worker: access(id),
      timeout: '2s',
    })),
    sources: {
      prometheus: [{ id: 'metrics', url: prometheus, timeout: '2s', scrapeInterval: '300ms' }],
    },
    services: demoServices(),
    databases: override.databases ?? [],
    slos: [],
    policies: [{ id: 'all', match: {}, signOffs: ['engineering_lead', 'devops_lead'] }],
    timing: {
      watch: '1s',
      lease: '5s',
      heartbeat: '300ms',
      stopActing: '2s',
      callTimeout: '2s',
      resync: '300ms',
      rolloutDeadline: '20s',
      ...override.timing,
    },
    guard: { window: '1s', interval: '200ms', grace: '3s', minRequests: 100, ...override.guard },
    strategies: override.strategies,
    status: { environment: 'production', directory: path.join(path.dirname(kubeconfig), 'status') },
  });
}

type Ask = RequestPlan;

/** Asks for a plan and waits for a worker's answer. */
export async function plannedIn(world: StagedWorld, ask: Ask) {
  const input = RequestPlan.parse(ask);
  const { id } = await requestPlan({ actor: world.people.sre, config: world.config, input }, world.db);
  await until('the plan is answered', async () => {
    const row = await world.db.planRequest.findUniqueOrThrow({ where: { id } });
    return row.state !== 'pending';
  });
  return world.db.planRequest.findUniqueOrThrow({ where: { id } });
}

/** Asks for a change and has both leads sign it; `before` happens between the request and the last sign-off. */
export async function startedIn(
  world: StagedWorld,
  ask: Ask,
  before: () => Promise<void> = async () => undefined,
): Promise<string> {
  const plan = await plannedIn(world, ask);
  if (plan.planHash === null) throw new Error(`No plan: ${JSON.stringify(plan.problem)}`);
  const reason = 'The new version fixes the slow query of the dashboard.';
  const { config, db, people } = world;
  const input = { planId: plan.id, planHash: plan.planHash, reason, runWhenApproved: true };
  const { id } = await requestChange({ actor: people.sre, config, input }, db);
  const sign = (actor: typeof people.sre, role: 'engineering_lead' | 'devops_lead') =>
    signChange({ actor, config, id, input: { role, planHash: plan.planHash ?? '' } }, db);
  await sign(people.engineering, 'engineering_lead');
  await before();
  await sign(people.devops, 'devops_lead');
  return id;
}

export const changeIn = (world: StagedWorld, id: string) =>
  world.db.change.findUniqueOrThrow({ where: { number: changeNumber(id) } });

/** The log of an execution, for the message of a test that fails. */
export async function logOf(world: StagedWorld, id: string): Promise<string> {
  const rows = await world.db.observation.findMany({
    where: { changeNumber: changeNumber(id) },
    orderBy: { seq: 'asc' },
  });
  return rows
    .map(
      ({ seenAt, step, kind, sentence }) =>
        `${seenAt.toISOString().slice(17, 23)} ${step ?? '-'} ${kind}: ${sentence}`,
    )
    .join('\n');
}

const ended = ['Succeeded', 'BackedOut', 'Failed', 'Voided', 'ReconcileRequired'];

/** Waits for the end of a change and tells it: `BackedOut: {…}`. */
export async function endsIn(world: StagedWorld, id: string): Promise<string> {
  await until(`${id} has ended`, async () => ended.includes((await changeIn(world, id)).state)).catch(
    async (error: unknown) => {
      throw new Error(`${String(error)}\n${await logOf(world, id)}`);
    },
  );
  const { state, outcome } = await changeIn(world, id);
  return `${state}: ${JSON.stringify(outcome)}`;
}
