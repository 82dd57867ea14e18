import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeployPlan } from '@/lib/change/contract';
import { Pair } from '@/lib/config/traffic';
import { changeNumber } from '@/lib/core/ids';
import { versionOfImage } from '@/lib/service/version';
import { workerClusters } from './clusters';
import { routerChecks } from './router-checks';
import {
  type Ask,
  change,
  planned,
  reaches,
  requested,
  signed,
  testWorld,
  until,
  type World,
  writes,
} from './testing/world';
import { type RunningWorker, startWorker } from './worker';

let world: World;
let worker: RunningWorker;

const namespace = 'fraiseql';
const pair = Pair.parse({
  blue: { deployment: 'fraiseql-api', service: 'fraiseql-api-blue' },
  green: { deployment: 'fraiseql-api-green', service: 'fraiseql-api-green' },
  traffic: { kind: 'virtual-service', name: 'fraiseql-api' },
});

beforeEach(async () => {
  const plain = await testWorld({ minReadySeconds: 1 });
  const services = plain.config.services.map((service) => ({
    ...service,
    placements: Object.fromEntries(
      Object.entries(service.placements).map(([id, list]) => [id, list.map((one) => ({ ...one, pair }))]),
    ),
  }));
  world = { ...plain, config: { ...plain.config, services } };
  worker = await startWorker({ config: world.config, connectionString: world.url });
});
afterEach(async () => {
  await worker.stop();
  await world.stop();
});

const ended = ['Succeeded', 'BackedOut', 'Failed', 'Voided'];
const deployment = (name: string) =>
  JSON.parse(JSON.stringify(world.cluster.store.get('deployments.apps', namespace, name)));
const ready = (name: string): number => deployment(name).status?.readyReplicas ?? 0;
const problemOf = async (ask: Ask) => JSON.stringify((await planned(world, ask)).problem);

/** Sends the requests by the weights of the route, as somebody with kubectl would. */
function send(blue: number, green: number): void {
  world.cluster.store.change('virtualservices.networking.istio.io', namespace, 'fraiseql-api', (object) => {
    const copy = JSON.parse(JSON.stringify(object));
    const [header, primary] = copy.spec.http;
    const route = [
      { destination: { host: 'fraiseql-api-blue' }, weight: blue },
      { destination: { host: 'fraiseql-api-green' }, weight: green },
    ];
    return { ...copy, spec: { ...copy.spec, http: [header, { ...primary, route }] } };
  });
}

/** Replicas of a colour without anybody asking the console. */
async function scaled(name: string, replicas: number): Promise<void> {
  world.cluster.store.change('deployments.apps', namespace, name, (object) => {
    const copy = JSON.parse(JSON.stringify(object));
    return { ...copy, spec: { ...copy.spec, replicas } };
  });
  await until(`${name} has ${replicas} pods`, () => ready(name) === replicas);
}

async function carriedOut(ask: Ask): Promise<{ id: string; plan: DeployPlan; told: string }> {
  const id = await requested(world, ask);
  await signed(world, id);
  await reaches(world, id, ...ended);
  const { state, outcome, plan } = await change(world, id);
  const sentence = JSON.parse(JSON.stringify(outcome))?.sentence;
  return { id, plan: DeployPlan.parse(plan), told: `${state}: ${sentence}` };
}
const measurements = (id: string) =>
  world.db.measurement.count({ where: { changeNumber: changeNumber(id) } });

test('a restart is of the colour that takes the requests, and of none while both do', async () => {
  expect((await carriedOut({ kind: 'restart' })).plan.target.name).toBe('fraiseql-api');
  await scaled('fraiseql-api-green', 2);
  send(80, 20);
  expect(await problemOf({ kind: 'restart' })).toMatch(
    /Both colours of FraiseQL API take requests in us-east-1 \(blue 80 %, green 20 %\)/,
  );
  expect(await problemOf({ kind: 'scale', replicas: 4 })).toMatch(/Name the colour/);
  send(0, 100);
  const green = DeployPlan.parse((await planned(world, { kind: 'restart' })).plan);
  expect(green.target).toMatchObject({
    name: 'fraiseql-api-green',
    uid: deployment('fraiseql-api-green').metadata.uid,
  });
  expect(green.from.version).not.toBe('1.8.0');
  send(60, 30);
  expect(await problemOf({ kind: 'restart' })).toMatch(/cannot be told from VirtualService fraiseql-api/);
});

test('readiness tells whether the router can be read, says a colour, and may be written', async () => {
  const clusters = workerClusters(world.config);
  const told = async () => {
    const [check] = routerChecks(world.config, clusters);
    expect(check).toMatchObject({
      name: 'router us-east-1/fraiseql/VirtualService fraiseql-api',
      decides: false,
    });
    return check?.run().then(
      () => 'ok',
      (error: Error) => error.message,
    );
  };
  expect(await told()).toBe('ok');
  send(60, 30);
  expect(await told()).toMatch(/does not say which colour takes the requests/);
  send(100, 0);
  const group = 'signalbox-operators';
  world.cluster.faults.add({
    action: { kind: 'withdraw-right', subject: { group }, verb: 'patch', resource: 'virtualservices' },
  });
  expect(await told()).toBe(`The group ${group} may not patch VirtualService fraiseql-api.`);
  await clusters.close();
});

test('the idle colour is scaled without a judge, down to nothing, and the live one is left alone', async () => {
  world.prometheus.set('1.8.0', 'empty');
  const blue = deployment('fraiseql-api').metadata.resourceVersion;
  const up = await carriedOut({ kind: 'scale', replicas: 2, colour: 'green' });
  expect(up.told).toBe('Succeeded: 2 pods run. It takes no requests, so there is nothing to judge.');
  expect(up.plan).toMatchObject({
    target: { name: 'fraiseql-api-green' },
    guard: { judges: false },
    undo: { isKnownGood: true, replicas: 0 },
    effect: { what: 'replicas (green)', from: '0', to: '2' },
  });
  expect(await measurements(up.id)).toBe(0);
  expect(ready('fraiseql-api-green')).toBe(2);
  const down = await carriedOut({ kind: 'scale', replicas: 0, colour: 'green' });
  expect(down.told).toMatch(/^Succeeded: 0 pods run\./);
  expect(deployment('fraiseql-api-green').spec.replicas).toBe(0);
  expect(writes(world)).toHaveLength(2);
  expect(deployment('fraiseql-api').metadata.resourceVersion).toBe(blue);
  send(60, 30);
  expect(await problemOf({ kind: 'scale', replicas: 2, colour: 'green' })).toMatch(
    /cannot be told from VirtualService/,
  );
  send(100, 0);
  expect(await problemOf({ kind: 'scale', replicas: 0, colour: 'blue' })).toMatch(
    /blue takes requests of FraiseQL API in us-east-1: without pods they all fail/,
  );
});

test('pods of the idle colour that do not become ready are taken back', async () => {
  const image: string = deployment('fraiseql-api-green').spec.template.spec.containers[0].image;
  world.outcomes.set(versionOfImage(image), 'never-ready');
  await worker.stop();
  const config = { ...world.config, timing: { ...world.config.timing, rolloutDeadline: 3 } };
  world = { ...world, config };
  worker = await startWorker({ config, connectionString: world.url });
  const { told } = await carriedOut({ kind: 'scale', replicas: 2, colour: 'green' });
  expect(told).toMatch(/^BackedOut: .*0 pods run again\.$/);
  expect(deployment('fraiseql-api-green').spec.replicas).toBe(0);
});

test('when the requests went to the other colour since, a plan of one Deployment is void', async () => {
  await scaled('fraiseql-api-green', 2);
  const idle = await requested(world, { kind: 'scale', replicas: 0, colour: 'green' });
  const live = await requested(world, { kind: 'restart' });
  send(0, 100);
  for (const [id, why] of [
    [idle, /made while green took no requests; green takes 100 % of the requests now/],
    [live, /The requests went elsewhere since the plan was made: blue takes no requests now/],
  ] as const) {
    await signed(world, id);
    await reaches(world, id, ...ended);
    const { state, outcome } = await change(world, id);
    expect([state, JSON.stringify(outcome)]).toEqual(['Voided', expect.stringMatching(why)]);
  }
  expect(writes(world)).toEqual([]);
  expect(ready('fraiseql-api-green')).toBe(2);
});
