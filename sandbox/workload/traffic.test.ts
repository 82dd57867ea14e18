import { expect, test } from 'vitest';
import type { ScenarioName } from '../scenarios/names';
import { placements } from '../topology';
import { MAINTENANCE, maintenanceName, seedMaintenance } from '../topology/maintenance';
import { Ledger } from './ledger';
import { LogStore } from './log-store';
import { Processes } from './processes';
import { profileOf } from './profile';
import { isPlausible, TestWorld } from './test-world';
import { Traffic } from './traffic';

const DRAWS = 20_000;
const START = 1_795_240_000_000;

function setUp(version: string, scenario: ScenarioName, isDatabaseAway = () => false) {
  const placement = placements().find(
    ({ service, cluster }) => service.id === 'fraiseql-api' && cluster.id === 'eu-west-1',
  );
  if (!placement) throw new Error('The topology has no FraiseQL API in eu-west-1.');
  const world = new TestWorld(placement.namespace);
  for (const pod of ['a', 'b', 'c']) world.pod(pod, { app: 'fraiseql-api', version });
  world.service('fraiseql-api', ['a', 'b', 'c']);
  const { store } = world;
  const processes = new Processes(store, () => START, []);
  const ledger = new Ledger();
  const logs = new LogStore('http://127.0.0.1:1');
  const traffic = new Traffic({
    placement,
    store,
    processes,
    ledger,
    logs,
    scenario: () => scenario,
    isDatabaseAway,
    seed: 4,
  });
  return { world, traffic, processes, ledger, logs, placement };
}

function run(traffic: Traffic): void {
  for (let index = 0; index < DRAWS; index++) traffic.request(START + index);
}

function sum(text: string | undefined, pattern: RegExp): number {
  return (text ?? '')
    .split('\n')
    .filter((line) => pattern.test(line))
    .reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
}

test('ledger, metrics and failed log lines tell of the same requests', () => {
  const { traffic, processes, ledger, logs, placement } = setUp('2.0.0', 'bad-release');
  run(traffic);
  let requests = 0;
  for (const row of ledger.totals()) {
    const text = processes.find(placement.namespace, row.pod)?.metrics.text(START);
    expect(sum(text, /^fraiseql_requests_total\{/)).toBe(row.requests);
    expect(sum(text, /^fraiseql_requests_total\{.*status="5\d\d"/)).toBe(row.failures);
    expect(sum(text, /^fraiseql_request_duration_seconds_count/)).toBe(row.requests);
    expect(sum(text, /^fraiseql_request_duration_seconds_sum/)).toBeCloseTo(row.latencySumSeconds, 3);
    const errors = logs.podLines('eu-west-1', placement.namespace, row.pod);
    expect(errors.filter(({ line }) => line.includes('"level":"error"')).length).toBeGreaterThan(0);
    requests += row.requests;
  }
  expect(requests).toBe(DRAWS);
});

test.each([
  ['1.8.0', 'calm', 0.00008],
  ['2.0.0', 'calm', 0.00008],
  ['1.8.0', 'bad-release', 0.00008],
  ['2.0.0', 'bad-release', 0.08],
  ['1.8.0', 'broken-release', 0.00008],
  ['2.0.0', 'broken-release', 0.4],
  ['1.8.0', 'slow-burn', 0.004],
] as const)('version %s in scenario %s fails a share of %d', (version, scenario, share) => {
  const { traffic, ledger } = setUp(version, scenario);
  run(traffic);
  const failures = ledger.totals().reduce((total, row) => total + row.failures, 0);
  expect(isPlausible(failures, DRAWS, share)).toBe(true);
});

test('a bad release leaves staging alone, where the same version has run before', () => {
  const { placement } = setUp('2.0.0', 'bad-release');
  const share = (environment: 'production' | 'staging') =>
    profileOf(placement.service, '2.0.0', environment, 'bad-release').errorShare;
  expect([share('production'), share('staging')]).toEqual([0.08, 0.00008]);
});

test('without a ready endpoint every request fails, and nobody is charged with it', () => {
  const { world, traffic, ledger } = setUp('1.8.0', 'calm');
  world.ready('fraiseql-api', []);
  for (let index = 0; index < 100; index++) traffic.request(START);
  expect(
    ledger.totals().map(({ pod, version, requests, failures }) => [pod, version, requests, failures]),
  ).toEqual([['', '', 100, 100]]);
  expect(traffic.refused.get(503)).toBe(100);
});

test('an endpoint whose process has just died refuses the connection', () => {
  const { world, traffic, ledger } = setUp('1.8.0', 'calm');
  world.ready('fraiseql-api', ['a']);
  world.store.change('pods', world.namespace, 'a', (pod) => ({
    ...pod,
    status: { phase: 'Running', containerStatuses: [{ name: 'fraiseql-api', restartCount: 0, state: {} }] },
  }));
  for (let index = 0; index < 10; index++) traffic.request(START);
  expect(ledger.totals().map(({ failures }) => failures)).toEqual([10]);
  expect(traffic.refused.get(502)).toBe(10);
});

test('a restarted container is a new process that begins at 0', () => {
  const { world, traffic, processes, placement } = setUp('1.8.0', 'calm');
  run(traffic);
  const text = () => processes.find(placement.namespace, 'a')?.metrics.text(START);
  expect(sum(text(), /^fraiseql_requests_total\{/)).toBeGreaterThan(0);
  world.store.change('pods', world.namespace, 'a', (pod) => ({
    ...pod,
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'fraiseql-api', restartCount: 1, state: { running: {} } }],
    },
  }));
  expect(sum(text(), /^fraiseql_requests_total\{/)).toBe(0);
});

test('all requests are answered with 503 while the ConfigMap of the service says so', () => {
  const { world, traffic, ledger, placement } = setUp('2.0.0', 'calm');
  seedMaintenance(world.store, placement);
  const failed = () => ledger.totals().reduce((all, row) => all + row.failures, 0);
  const asked = () => ledger.totals().reduce((all, row) => all + row.requests, 0);
  const turn = (mode: string) =>
    world.store.change('configmaps', placement.namespace, maintenanceName('fraiseql-api'), (object) => ({
      ...object,
      data: { [MAINTENANCE.key]: mode },
    }));
  turn(MAINTENANCE.on);
  for (let index = 0; index < 500; index++) traffic.request(START + index);
  expect([asked(), failed()]).toEqual([500, 500]);
  turn(MAINTENANCE.off);
  for (let index = 0; index < 500; index++) traffic.request(START + 500 + index);
  expect(asked()).toBe(1000);
  expect(failed()).toBeLessThan(520);
});

test('without its database a service answers 500 to everything, and 200 when it has it again', () => {
  let isAway = true;
  const { traffic, processes, ledger, placement } = setUp('2.0.0', 'calm', () => isAway);
  for (let index = 0; index < 200; index++) traffic.request(START + index);
  const failed = ledger.totals().reduce((sum, { failures }) => sum + failures, 0);
  expect(failed).toBe(200);
  const text = () =>
    ['a', 'b', 'c'].map((pod) => processes.find(placement.namespace, pod)?.metrics.text(START)).join('\n');
  expect(sum(text(), /^fraiseql_requests_total\{.*status="500"/)).toBe(200);
  isAway = false;
  for (let index = 0; index < 200; index++) traffic.request(START + index);
  expect(sum(text(), /^fraiseql_requests_total\{.*status="200"/)).toBeGreaterThanOrEqual(195);
});
