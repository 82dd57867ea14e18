import { expect, test } from 'vitest';
import type { ScenarioName } from '../scenarios/names';
import { type AppService, appServices, clusters, placements } from '../topology';
import { seedCluster } from '../topology/seed';
import { Ledger } from './ledger';
import { LogStore } from './log-store';
import { Processes } from './processes';
import { podTargets } from './targets';
import { isPlausible, TestWorld } from './test-world';
import { CANARY_HEADER_SHARE, Traffic } from './traffic';

const DRAWS = 20_000;
const START = 1_795_240_000_000;

/** The seeded routers of a cluster with a pod of each colour behind its Service; green runs the next version. */
function setUp(service: AppService, scenario: ScenarioName) {
  const placement = placements().find(
    (one) => one.service === service && one.environment === 'production' && one.cluster === clusters[0],
  );
  if (!placement) throw new Error(`The topology has no ${service.id}.`);
  const world = new TestWorld(placement.namespace);
  seedCluster(world.store, clusters[0], START);
  for (const [color, version] of [
    ['blue', placement.version],
    ['green', service.next],
  ] as const) {
    world.pod(`${color}-1`, { app: service.id, version, labels: { color } });
    world.slice(`${service.id}-${color}`, [`${color}-1`]);
  }
  world.slice(service.id, ['blue-1']);
  const { store } = world;
  const ledger = new Ledger();
  const processes = new Processes(store, () => START, []);
  const logs = new LogStore('http://127.0.0.1:1');
  const traffic = new Traffic({
    placement,
    store,
    processes,
    ledger,
    logs,
    scenario: () => scenario,
    seed: 11,
  });
  const run = () => {
    for (let index = 0; index < DRAWS; index++) traffic.request(START + index);
    return Object.fromEntries(
      ledger.totals().map(({ version, requests, failures }) => [version, { requests, failures }]),
    );
  };
  return { world, placement, processes, run, store };
}

const [api, observers, architect] = appServices;
const routers = {
  'virtual-service': 'virtualservices.networking.istio.io',
  'http-route': 'httproutes.gateway.networking.k8s.io',
} as const;

test.each([api, observers])(
  '$id: green answers by the weight of its router, with its own version',
  (service) => {
    if (!service || service.router === 'service') throw new Error('The topology has no such service.');
    const { run, placement, store } = setUp(service, 'broken-release');
    expect(Object.keys(run())).toEqual([placement.version]);
    const { run: again, store: second, processes } = setUp(service, 'broken-release');
    second.change(routers[service.router], placement.namespace, service.id, (object) => {
      const text = JSON.stringify(object.spec).replace('"weight":100},{', '"weight":75},{');
      return { ...object, spec: JSON.parse(text.replace('"weight":0', '"weight":25')) };
    });
    const counts = again();
    const green = counts[service.next];
    // What carries x-canary goes where the header rule sends it: to blue, until a change says otherwise.
    expect(isPlausible(green?.requests ?? 0, DRAWS, 0.25 * (1 - CANARY_HEADER_SHARE))).toBe(true);
    expect(isPlausible(green?.failures ?? 0, green?.requests ?? 0, 0.4)).toBe(true);
    expect(counts[placement.version]?.failures).toBeLessThan(20);
    const text = processes.find(placement.namespace, 'green-1')?.metrics.text(START);
    expect(text).toContain(`version="${service.next}"`);
    expect(store.list('pods').length).toBe(2);
  },
);

test('a Service whose selector moves takes all requests along, and both colours are scraped', () => {
  if (!architect) throw new Error('The topology has no such service.');
  const { run, world, placement, store } = setUp(architect, 'calm');
  expect(Object.keys(run())).toEqual([placement.version]);
  world.ready(architect.id, ['green-1']);
  const counts = run();
  expect(counts[architect.next]?.requests).toBeGreaterThan(DRAWS * 0.6);
  const targets = podTargets(new Map([[clusters[0].id, store]]), '127.0.0.1:1');
  expect(targets.map(({ labels }) => [labels['service'], labels['pod']])).toEqual([
    ['architect-api', 'blue-1'],
    ['architect-api', 'green-1'],
  ]);
});
