import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { PolicyBudget } from '@/lib/config/policy-budget';
import { Config } from '@/lib/config/schema';
import { changeId } from '@/lib/core/ids';
import { createDatabase, type Database } from '@/lib/db/client';
import { demoConfig } from '@/sandbox/demo/signalbox.yaml';
import { Applications } from '@/sandbox/gitops/applications';
import { type Cluster, startCluster } from '@/sandbox/kubernetes/cluster';
import { defaultBehaviour } from '@/sandbox/kubernetes/controllers/pod-behaviour';
import { startControllers } from '@/sandbox/kubernetes/controllers/start';
import { writeKubeconfig } from '@/sandbox/kubernetes/kubeconfig';
import { clusters as topology } from '@/sandbox/topology';
import { seedCluster } from '@/sandbox/topology/seed';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { workerClusters } from '@/worker/clusters';
import { team } from '@/worker/testing/people';
import { until } from '@/worker/testing/world';
import { DeployPlan, RequestPlan } from '../../contract';
import { gateProblem, usualSignOffs } from '../../plan/plan-gate';
import { planHash } from '../../plan/plan-hash';
import { Staged } from '../contract';
import { planStaged } from './plan-staged';
import { backOutScript } from './script';

let folder: string;
let database: TestDatabase;
let db: Database;
let clusters: Cluster[];
let stops: (() => void)[];
let config: Config;
let connected: ReturnType<typeof workerClusters>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'plan-staged-'));
  database = await testDatabase();
  db = createDatabase(database.url);
  clusters = await Promise.all(
    topology.map(({ id }) => startCluster({ id, port: 0, dataDir: path.join(folder, id) })),
  );
  const quick = { startSeconds: () => 0.1, readySeconds: () => 0.2, terminationSeconds: () => 0.2 };
  stops = clusters.map((cluster, index) => {
    const place = topology[index];
    if (place === undefined) throw new Error('A cluster without a place.');
    const controllers = startControllers(cluster.store, {
      nodes: ['node-a', 'node-b'],
      pods: { ...defaultBehaviour, ...quick },
    });
    seedCluster(cluster.store, place, Date.now());
    return () => controllers.stop();
  });
  await writeKubeconfig(path.join(folder, 'kubeconfig-worker.yaml'), clusters, 'signalbox-worker');
  const none = 'http://127.0.0.1:9';
  const urls = {
    kubernetes: {},
    metrics: none,
    prometheus: none,
    alertmanager: none,
    loki: none,
    control: none,
    registry: none,
  };
  config = Config.parse(parse(demoConfig(urls, folder)));
  connected = workerClusters(config);
  await until('both clusters serve', () => clusters.every(serves));
}, 60_000);

afterAll(async () => {
  for (const stop of stops) stop();
  await connected.close();
  await db.$disconnect();
  await Promise.all([...clusters.map((cluster) => cluster.stop()), database.drop()]);
  await rm(folder, { recursive: true, force: true });
});

function serves({ store }: Cluster): boolean {
  const deployments: { spec: { replicas: number }; status?: { availableReplicas?: number } }[] = JSON.parse(
    JSON.stringify(store.list('deployments.apps')),
  );
  return deployments.every(({ spec, status }) => (status?.availableReplicas ?? 0) >= spec.replicas);
}

const both = ['us-east-1', 'eu-west-1'];
const ask = async (service: string, asked: object, given = config) => {
  const place = { service, environment: 'production', region: 'us-east-1', regions: both };
  const input = RequestPlan.parse({ ...place, ...asked });
  const planner = { db, config: given, cluster: connected.of };
  return planStaged(planner, { input, user: 'sre@example.com', planId: 'p' });
};
const writes = (): number =>
  clusters
    .flatMap(({ writeLog }) => writeLog.since())
    .filter(({ account, dryRun }) => account === 'signalbox-worker' && !dryRun).length;

const cases: [string, string, object][] = [
  ['blue-green by a selector', 'architect-api', { kind: 'deploy', version: '9.0.0', strategy: 'blue-green' }],
  ['big bang by a selector', 'architect-api', { kind: 'deploy', version: '9.0.0', strategy: 'big-bang' }],
  ['canary by weights', 'fraiseql-api', { kind: 'deploy', version: '9.0.0', strategy: 'canary' }],
  ['gradual by weights', 'fraiseql-api', { kind: 'deploy', version: '9.0.0', strategy: 'gradual' }],
  ['canary by rules', 'fraiseql-observers', { kind: 'deploy', version: '9.0.0', strategy: 'canary' }],
  ['a shift by weights', 'fraiseql-api', { kind: 'shift', colour: 'green', weight: 25 }],
  ['a shift by rules', 'fraiseql-observers', { kind: 'shift', colour: 'green', weight: 25 }],
  ['a rollback to the other colour', 'architect-api', { kind: 'rollback' }],
];

test.each(cases)(
  '%s: the clusters accept the dry run of every object, and nothing is written',
  async (_, service, asked) => {
    const before = writes();
    const { plan, prechecks } = await ask(service, asked);
    expect(DeployPlan.parse(plan)).toEqual(plan);
    expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
    const { staged } = plan;
    const written = new Set(staged?.steps.flatMap((step) => (step.do === 'write' ? [step.object] : [])));
    const changed = new Set(plan.diff.map(({ object }) => object));
    expect([...changed].sort()).toEqual([...written].sort());
    // Two Deployments and what sends the requests, in each region; beside a canary the pods that it is compared with.
    const baseline = staged?.strategy === 'canary' && service === 'fraiseql-api' ? 1 : 0;
    expect(staged?.objects).toHaveLength(2 * (3 + baseline));
    expect(new Set(staged?.objects.map(({ clusterUid }) => clusterUid)).size).toBe(2);
    const failed = prechecks.filter(({ result }) => result === 'fail');
    expect(failed).toEqual([]);
    expect(backOutScript(plan)).toContain("--context 'eu-west-1'");
    expect(writes()).toBe(before);
  },
);

describe('the error budget', () => {
  const shift = { kind: 'shift', colour: 'green' };
  /** Nobody has counted anything here: the budget is unknown, and somebody takes that on by name. */
  const strict = () => {
    const budget = PolicyBudget.parse({ levels: [{ below: '25', signOffs: ['cto'] }] });
    const policies = config.policies.map((one) => (one.budget === undefined ? one : { ...one, budget }));
    return { ...config, policies };
  };
  const asked = async (more: object = {}) => {
    const { plan, prechecks } = await ask('architect-api', { ...shift, ...more }, strict());
    return { plan, check: prechecks.find(({ id }) => id === 'gate') };
  };

  test('is asked before a shift to another version, when it is planned and again before it goes on', async () => {
    const { plan, check } = await asked();
    expect(plan.goesBack).toBeUndefined();
    expect(plan.gate).toMatchObject({ verdict: 'sign-offs', signOffs: ['cto'] });
    expect(plan.policy.signOffs).toContain('cto');
    expect(check).toMatchObject({
      result: 'warn',
      detail: expect.stringMatching(/^A traffic shift needs more sign-offs: CTO/),
    });
    expect(await gateProblem(db, strict(), plan)).toBeNull();
    const usual = { ...plan, policy: { ...plan.policy, signOffs: usualSignOffs(plan) } };
    expect(await gateProblem(db, strict(), usual)).toMatch(
      /^The plan was made before the error budget asked/,
    );
  });

  test('holds up no shift that puts back what served before in every region', async () => {
    const { plan } = await asked();
    const { number } = await succeeded({ ...plan, kind: 'deploy', from: plan.to, to: plan.from });
    const back = await asked();
    expect(back.plan.goesBack).toMatchObject({ reverts: changeId(number) });
    expect(back.plan.gate).toMatchObject({ verdict: 'open', signOffs: [] });
    expect(back.check?.detail).toMatch(/^Puts back .*, which c-\d+ replaced\. Going back .* never waits/);
    expect(await gateProblem(db, strict(), back.plan)).toBeNull();
    const later = await asked({ region: 'eu-west-1', regions: ['eu-west-1'] });
    expect(later.plan.goesBack).toMatchObject({ reverts: changeId(number) });

    const staged = Staged.parse({ ...plan.staged, regions: ['us-east-1'] });
    await db.change.update({
      where: { number },
      data: { plan: { ...plan, staged, kind: 'deploy', from: plan.to, to: plan.from } },
    });
    expect((await asked({ regions: ['us-east-1'] })).plan.goesBack).toBeDefined();
    expect((await asked()).plan).toMatchObject({ gate: { verdict: 'sign-offs' } });
    await db.change.deleteMany();
  });

  test('is not asked of a rollback', async () => {
    const { plan } = await ask('architect-api', { kind: 'rollback' }, strict());
    expect(plan).toMatchObject({ goesBack: { reverts: null } });
    expect(plan.gate).toBeUndefined();
  });
});

/** A change as the register has it once it has succeeded. */
async function succeeded(plan: DeployPlan): Promise<{ number: number }> {
  const { kind, service, environment, region, cluster, policy } = plan;
  const { sre } = await team(db);
  return db.change.create({
    data: {
      ...{ kind, service, environment, region, cluster, plan, policy },
      namespace: plan.target.namespace,
      planHash: planHash(plan),
      reason: 'A new version',
      requesterId: sre.id,
      requesterName: sre.name,
      reviewExpiresAt: new Date(),
      state: 'Succeeded',
      startedAt: new Date(),
      finishedAt: new Date(),
    },
    select: { number: true },
  });
}

test('the checks name what was seen', async () => {
  const { prechecks } = await ask('fraiseql-api', { kind: 'deploy', version: '9.0.0', strategy: 'canary' });
  const found = new Map(prechecks.map((check) => [check.id, check]));
  for (const id of ['colours', 'rights', 'services', 'probes', 'gitops', 'quota', 'queue', 'switch']) {
    expect(found.get(id), id).toMatchObject({ result: 'pass' });
  }
  expect(found.get('colours')?.detail).toContain('blue: 100 % of the requests');
  expect(found.get('incidents')?.result).toBe('warn');
});

test('a self-heal that would put the switch back fails the plan by name, until it ignores what is written', async () => {
  const [cluster] = clusters;
  if (cluster === undefined) throw new Error('There is no cluster.');
  const applications = new Applications(clusters);
  const asked = { service: 'architect-api', manages: ['router'], selfHeal: true } as const;
  const found = async () => {
    const { prechecks } = await ask('architect-api', { kind: 'rollback', regions: ['us-east-1'] });
    return prechecks.find(({ id }) => id === 'gitops');
  };
  try {
    await applications.start(cluster, { ...asked, ignoreDifferences: [], respectIgnoreDifferences: false });
    expect(await found()).toMatchObject({
      result: 'fail',
      detail: expect.stringMatching(
        /Application architect-api keeps Service architect-api.*\.spec\.selector/,
      ),
    });
    const ignoreDifferences = [{ kind: 'Service', jsonPointers: ['/spec/selector'] }];
    await applications.start(cluster, { ...asked, ignoreDifferences, respectIgnoreDifferences: true });
    expect(await found()).toMatchObject({ result: 'pass' });
  } finally {
    applications.stopAll();
  }
});
