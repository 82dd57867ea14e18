import { expect, test } from 'vitest';
import { promoteChange } from '@/lib/change/promote-change';
import { abortChange, resumeChange } from '@/lib/change/steer-change';
import { changeNumber } from '@/lib/core/ids';
import { Applications } from '@/sandbox/gitops/applications';
import { writeAsAdmin } from '@/sandbox/kubernetes/admin-write';
import { weightsOf } from './testing/routes';
import {
  clusterOf,
  handOver,
  isAt,
  openStagedWorld,
  reachesState,
  stepsOf,
  world,
} from './testing/staged-fixture';
import { changeIn, endsIn, logOf, plannedIn, readyPods, startedIn } from './testing/staged-world';
import { until } from './testing/world';

openStagedWorld({ hold: '20s' });

const region = 'us-east-1';
const cluster = () => clusterOf(region);
const canary = (service: 'fraiseql-api' | 'fraiseql-observers', version: string) =>
  startedIn(world, {
    kind: 'deploy',
    service,
    environment: 'production',
    region,
    version,
    strategy: 'canary',
  });
const holdOf = async (id: string) => JSON.stringify((await changeIn(world, id)).hold);
const now = (service: string) => weightsOf(cluster().store, service);

test('fault 20: while Prometheus answers 503 nothing advances, through a handover too, and a person goes on', {
  timeout: 90_000,
}, async () => {
  const id = await canary('fraiseql-api', '2.0.0');
  await isAt(id, 'hold');
  world.prometheus.health = 'failing';
  await reachesState(id, 'DataHold');
  expect(await holdOf(id)).toContain('503');
  const { epoch } = await changeIn(world, id);
  await handOver();
  await until('the next worker has it', async () => (await changeIn(world, id)).epoch > epoch);
  const measured = () =>
    world.db.measurement.count({ where: { changeNumber: changeNumber(id), verdict: 'ERROR' } });
  const before = await measured();
  await until('it was asked again', async () => (await measured()) > before + 3);
  expect([(await changeIn(world, id)).state, now('fraiseql-api')[1]]).toEqual(['DataHold', 5]);
  const held = (await stepsOf(id)).find(({ state }) => state === 'running');
  const input = { reason: 'The graphs of the load balancer are flat.', expectedStep: held?.n ?? 0 };
  await promoteChange({ actor: world.people.sre, id, input }, world.db);
  await until('the next weight is written', () => now('fraiseql-api')[1] === 25);
  world.prometheus.health = 'up';
  await abortChange({ actor: world.people.sre, id, reason: 'Enough for a test.' }, world.db);
  expect(await endsIn(world, id)).toMatch(/^BackedOut/);
  expect(now('fraiseql-api')).toEqual([100, 0]);
});

test('fault 23: a hand edit in the hold is held, named, and overwritten only by an abort', {
  timeout: 90_000,
}, async () => {
  const id = await canary('fraiseql-api', '2.0.0');
  await isAt(id, 'hold');
  const path = '/apis/networking.istio.io/v1/namespaces/fraiseql/virtualservices/fraiseql-api';
  const spec = JSON.parse(
    JSON.stringify(cluster().store.get('virtualservices.networking.istio.io', 'fraiseql', 'fraiseql-api')),
  ).spec;
  const [blue, green] = spec.http.at(-1).route;
  Object.assign(blue, { weight: 50 });
  Object.assign(green, { weight: 50 });
  await writeAsAdmin(cluster(), {
    path,
    patch: { spec: { http: spec.http } },
    manager: 'kubectl-edit',
    userAgent: 'kubectl/v1.34.0',
  });
  await reachesState(id, 'DriftHold');
  expect(await holdOf(id)).toContain(
    '“kubectl-edit” changed the routes of VirtualService fraiseql-api in us-east-1.',
  );
  expect(now('fraiseql-api')).toEqual([50, 50, 5]);
  await abortChange({ actor: world.people.sre, id, reason: 'Somebody changed the weights.' }, world.db);
  expect(await endsIn(world, id)).toMatch(/^BackedOut/);
  expect(now('fraiseql-api')).toEqual([100, 0]);
});

test('fault 24: a reverter is met twice, then held and named', { timeout: 90_000 }, async () => {
  const git = new Applications([...world.clusters.values()]);
  const asked = {
    service: 'fraiseql-observers',
    manages: ['router'],
    ignoreDifferences: [],
    respectIgnoreDifferences: false,
  } as const;
  await git.start(cluster(), { ...asked, selfHeal: false, ignoreDifferences: [] });
  const id = await canary('fraiseql-observers', '8.1.0');
  await isAt(id, 'hold');
  expect(now('fraiseql-observers')).toEqual([95, 5]);
  await git.start(cluster(), { ...asked, selfHeal: true, ignoreDifferences: [] });
  await reachesState(id, 'DriftHold');
  expect(await holdOf(id)).toMatch(
    /argocd-controller.*Argo CD's Application fraiseql-observers.*backendRefs\[\]\.weight/,
  );
  const rewritten = await world.db.intent.count({
    where: { changeNumber: changeNumber(id), target: { contains: 'HTTPRoute' }, result: 'applied' },
  });
  expect(rewritten).toBe(2);
  // The controller is told to leave the weights: a resumption writes them once more.
  git.stop(cluster(), 'fraiseql-observers');
  await resumeChange({ actor: world.people.sre, id, reason: 'The rule is in git now.' }, world.db);
  await until('the weights are ours again', () => now('fraiseql-observers')[1] === 5);
  await abortChange({ actor: world.people.sre, id, reason: 'Seen enough of it.' }, world.db);
  expect(await endsIn(world, id)).toMatch(/^BackedOut/);
  git.stopAll();
});

test('fault 25: pods that die under load send the requests back at once', { timeout: 90_000 }, async () => {
  const id = await canary('fraiseql-api', '2.0.0');
  await isAt(id, 'hold');
  world.outcomes.set('2.0.0', 'crash');
  for (const pod of cluster().store.list('pods', 'fraiseql')) {
    if (pod.metadata.name.startsWith('fraiseql-api-green'))
      cluster().store.remove('pods', 'fraiseql', pod.metadata.name);
  }
  expect(await endsIn(world, id)).toMatch(/^BackedOut.*no ready pod left/);
  expect(now('fraiseql-api')).toEqual([100, 0]);
  world.outcomes.delete('2.0.0');
});

test('a worker that stops in a hold hands it over, and a promotion ends it', {
  timeout: 90_000,
}, async () => {
  const id = await canary('fraiseql-api', '2.0.0');
  await isAt(id, 'hold');
  await handOver();
  await until('the next worker has it', async () => (await changeIn(world, id)).epoch > 1);
  const hold = (await stepsOf(id)).find(({ state }) => state === 'running');
  expect(hold?.kind).toBe('hold');
  await promoteChange(
    { actor: world.people.sre, id, input: { reason: 'Seen enough.', expectedStep: hold?.n ?? 0 } },
    world.db,
  );
  await until('the next weight is written', () => now('fraiseql-api')[1] === 25);
  await abortChange({ actor: world.people.sre, id, reason: 'Enough for a test.' }, world.db);
  expect(await endsIn(world, id)).toMatch(/^BackedOut/);
  expect(readyPods(cluster().store, 'fraiseql', 'fraiseql-api')).toBe(3);
});

test('a shift to the other colour and the way back are one write each', { timeout: 90_000 }, async () => {
  const store = cluster().store;
  const scaled = await startedIn(world, {
    kind: 'shift',
    service: 'fraiseql-api',
    environment: 'production',
    region,
    colour: 'green',
    weight: 25,
  });
  expect(await endsIn(world, scaled), await logOf(world, scaled)).toMatch(/^Succeeded/);
  expect(now('fraiseql-api')).toEqual([75, 25]);
  const back = await startedIn(world, {
    kind: 'shift',
    service: 'fraiseql-api',
    environment: 'production',
    region,
    colour: 'blue',
    weight: 100,
  });
  expect(await endsIn(world, back), await logOf(world, back)).toMatch(/^Succeeded/);
  expect(now('fraiseql-api')).toEqual([100, 0]);
  expect(readyPods(store, 'fraiseql', 'fraiseql-api-green')).toBeGreaterThan(0);
});

test('a moved baseline voids the plan before anything is written', { timeout: 90_000 }, async () => {
  const plan = await plannedIn(world, {
    kind: 'deploy',
    service: 'architect-api',
    environment: 'production',
    region,
    version: 'v3.2.0',
    strategy: 'blue-green',
  });
  expect(plan.planHash).not.toBeNull();
  const id = await startedIn(
    world,
    {
      kind: 'deploy',
      service: 'architect-api',
      environment: 'production',
      region,
      version: 'v3.2.0',
      strategy: 'blue-green',
    },
    async () => {
      await writeAsAdmin(cluster(), {
        path: '/api/v1/namespaces/architect-production/services/architect-api',
        patch: { spec: { selector: { app: 'architect-api', color: 'blue', tier: 'api' } } },
        manager: 'kubectl-patch',
        userAgent: 'kubectl/v1.34.0',
      });
    },
  );
  expect(await endsIn(world, id)).toMatch(/^Voided.*kubectl-patch.*Service architect-api/);
  const intents = await world.db.intent.count({ where: { changeNumber: changeNumber(id) } });
  expect(intents).toBe(0);
});
