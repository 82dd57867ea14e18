import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { RequestPlan } from '@/lib/change/contract';
import { requestPlan } from '@/lib/change/plan/request-plan';
import { requestChange } from '@/lib/change/request-change';
import { signChange } from '@/lib/change/sign-change';
import type { Config } from '@/lib/config/schema';
import { changeNumber } from '@/lib/core/ids';
import { createDatabase } from '@/lib/db/client';
import { type Cluster, startCluster } from '@/sandbox/kubernetes/cluster';
import {
  defaultBehaviour,
  imageOf,
  type PodBehaviour,
  type PodOutcome,
} from '@/sandbox/kubernetes/controllers/pod-behaviour';
import { startControllers } from '@/sandbox/kubernetes/controllers/start';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { startRegistry } from '@/sandbox/registry/server';
import { placements, versionOfImage } from '@/sandbox/topology';
import { seedPlacement } from '@/sandbox/topology/workload-objects';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { type Override, testConfig, testConfigInput } from './config';
import { team } from './people';
import { testPrometheus } from './prometheus';

export type WorldOptions = Override & {
  minReadySeconds?: number;
  webhook?: string;
  registry?: boolean;
  /** Another server's database; one of the run's server when absent. */
  database?: Pick<TestDatabase, 'url' | 'drop'>;
  /** How pods fare, where they are to fare otherwise. */
  over?: (behaviour: PodBehaviour, cluster: Cluster) => PodBehaviour;
};

/** For tests that need the end of a rollout and not its middle: pods count at once, and the watch is short. */
export const quick = { minReadySeconds: 0, timing: { watch: '300ms' } } as const satisfies WorldOptions;

/** A database, a cluster with one healthy service, a Prometheus and people. `stop` takes all of it away. */
export async function testWorld(options: WorldOptions = {}) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'worker-test-'));
  const [database, cluster, prometheus, registry] = await Promise.all([
    options.database ?? testDatabase(),
    startCluster({ id: 'us-east-1', port: 0, dataDir: path.join(folder, 'cluster') }),
    testPrometheus(),
    startRegistry({ port: 0 }),
  ]);
  const outcomes = new Map<string, PodOutcome>();
  const pods: PodBehaviour = {
    ...defaultBehaviour,
    startSeconds: () => 0.1,
    readySeconds: () => 0.2,
    terminationSeconds: () => 0.2,
    outcome: (pod) => outcomes.get(versionOfImage(imageOf(pod))) ?? 'ok',
  };
  const controllers = startControllers(cluster.store, {
    nodes: ['node-a', 'node-b'],
    pods: options.over?.(pods, cluster) ?? pods,
  });
  const placement = placements().find(
    ({ service, environment }) => service.id === 'fraiseql-api' && environment === 'production',
  );
  if (placement === undefined) throw new Error('The topology has no fraiseql-api.');
  const service = { ...placement.service, minReadySeconds: options.minReadySeconds ?? 1 };
  seedPlacement(cluster.store, { ...placement, service }, Date.now());
  const kubeconfig = path.join(folder, 'worker.yaml');
  await writeKubeconfig(kubeconfig, [cluster], 'signalbox-worker');
  const known = options.registry === true ? { registry: registry.url } : {};
  const at = { kubeconfig, prometheus: prometheus.url, ...known };
  const config = testConfig(
    options.webhook === undefined ? at : { ...at, webhook: options.webhook },
    options,
  );
  const db = createDatabase(database.url);
  prometheus.set('1.8.0', { total: 800, failed: 0 });
  prometheus.set('2.0.0', { total: 300, failed: 1 });
  await until('the workload serves', async () => status(cluster.store).available === 3);
  return {
    folder,
    configInput: testConfigInput(at, options),
    kubeconfig,
    url: database.url,
    cluster,
    controllers,
    prometheus,
    registry,
    outcomes,
    config,
    db,
    people: await team(db),
    deployment: () => deploymentOf(cluster.store),
    stop: async () => {
      controllers.stop();
      await db.$disconnect();
      await Promise.all([cluster.stop(), prometheus.stop(), registry.stop(), database.drop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type World = Awaited<ReturnType<typeof testWorld>>;

type ClusterStore = Awaited<ReturnType<typeof startCluster>>['store'];

export function deploymentOf(store: ClusterStore) {
  const found = store.get('deployments.apps', 'fraiseql', 'fraiseql-api');
  if (found === null) throw new Error('The Deployment is gone.');
  return found;
}

/** Counts of the Deployment's status; absent ones are 0. */
export function status(store: ClusterStore) {
  const raw = JSON.parse(JSON.stringify(deploymentOf(store)));
  const image: string = raw.spec.template.spec.containers[0].image;
  return {
    version: versionOfImage(image),
    paused: raw.spec.paused === true,
    fence: raw.metadata.annotations['signalbox.dev/fence'] ?? null,
    updated: raw.status?.updatedReplicas ?? 0,
    available: raw.status?.availableReplicas ?? 0,
    replicas: raw.status?.replicas ?? 0,
  };
}

/** Waits for a condition; fails with its name after 80 s and more. */
export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let left = 1600; left > 0; left -= 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain until ${what}.`);
}

const place = { service: 'fraiseql-api', environment: 'production', region: 'us-east-1' } as const;
type Without<T> = T extends unknown ? Omit<T, keyof typeof place> : never;
/** What a change asks for, at the one place of this world; a text is the version of a deploy. */
export type Ask = string | Without<RequestPlan>;

/** Asks for a plan and waits for a worker's answer. */
export async function planned(world: World, ask: Ask, config: Config = world.config) {
  const input = RequestPlan.parse({
    ...place,
    ...(typeof ask === 'string' ? { kind: 'deploy', version: ask } : ask),
  });
  const { id } = await requestPlan({ actor: world.people.sre, config, input }, world.db);
  await until('the plan is answered', async () => {
    const row = await world.db.planRequest.findUniqueOrThrow({ where: { id } });
    return row.state !== 'pending';
  });
  return world.db.planRequest.findUniqueOrThrow({ where: { id } });
}

export async function requested(world: World, ask: Ask, runWhenApproved = true): Promise<string> {
  const plan = await planned(world, ask);
  if (plan.planHash === null) throw new Error(`No plan: ${JSON.stringify(plan.problem)}`);
  const input = {
    planId: plan.id,
    planHash: plan.planHash,
    reason: 'The new version fixes the slow query of the dashboard.',
    runWhenApproved,
    // Read where a change of this kind has its name typed.
    confirmedName: place.service,
  };
  const { id } = await requestChange({ actor: world.people.sre, config: world.config, input }, world.db);
  return id;
}

export async function signed(world: World, id: string): Promise<void> {
  const { planHash } = await change(world, id);
  const { engineering, devops } = world.people;
  const config = world.config;
  const confirmedName = place.service;
  await signChange(
    { actor: engineering, config, id, input: { role: 'engineering_lead', planHash, confirmedName } },
    world.db,
  );
  await signChange(
    { actor: devops, config, id, input: { role: 'devops_lead', planHash, confirmedName } },
    world.db,
  );
}

export const change = (world: World, id: string) =>
  world.db.change.findUniqueOrThrow({ where: { number: changeNumber(id) } });

export const reaches = (world: World, id: string, ...states: string[]): Promise<void> =>
  until(`${id} is ${states.join(' or ')}`, async () => states.includes((await change(world, id)).state));

/** The writes that the cluster carried out for the worker: dry runs, refusals and lost requests left out. */
export const writes = (world: World) =>
  world.cluster.writeLog
    .since()
    .filter(
      (entry) =>
        entry.account === 'signalbox-worker' &&
        entry.method === 'PATCH' &&
        !entry.dryRun &&
        entry.resourceVersionAfter !== null &&
        entry.resourceVersionAfter !== entry.resourceVersionBefore,
    );
