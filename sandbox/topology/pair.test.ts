import { expect, test } from 'vitest';
import { startControllers } from '../kubernetes/controllers/start';
import { ObjectStore } from '../kubernetes/object-store';
import type { KubeObject } from '../kubernetes/store';
import { type AppService, appServices, clusters, type Placement, placements } from '../topology';
import { podView } from '../workload/pod-view';
import { podsOf } from '../workload/targets';
import { seedCluster } from './seed';

const NOW = 1_795_240_000_000;
const [primary] = clusters;

const production: Placement[] = placements().filter(
  ({ cluster, environment }) => cluster.id === primary.id && environment === 'production',
);

/** As seen from outside: names, selectors, size. */
function deployments(store: ObjectStore, { namespace, service }: Placement) {
  return [service.id, `${service.id}-green`].map((name) => {
    const found = store.get('deployments.apps', namespace, name);
    return { name, replicas: found?.spec?.['replicas'], selector: found?.spec?.['selector'] };
  });
}

function seeded(): ObjectStore {
  const store = new ObjectStore({ now: () => NOW });
  seedCluster(store, primary, NOW);
  return store;
}

test.each(production)('$service.id has a blue that serves and a green at rest', (placement) => {
  const store = seeded();
  const { id } = placement.service;
  expect(deployments(store, placement)).toEqual([
    { name: id, replicas: placement.replicas, selector: { matchLabels: { app: id, color: 'blue' } } },
    { name: `${id}-green`, replicas: 0, selector: { matchLabels: { app: id, color: 'green' } } },
  ]);
  const services = ['', '-blue', '-green'].map(
    (suffix) => store.get('services', placement.namespace, id + suffix)?.spec?.['selector'],
  );
  const router = placement.service.router === 'service' ? { app: id, color: 'blue' } : { app: id };
  expect(services).toEqual([router, { app: id, color: 'blue' }, { app: id, color: 'green' }]);
});

test('FraiseQL API has a baseline at rest behind a Service of its own, and no other service has one', () => {
  const store = seeded();
  const found = production.map(({ namespace, service: { id } }) => ({
    id,
    replicas: store.get('deployments.apps', namespace, `${id}-baseline`)?.spec?.['replicas'],
    selector: store.get('services', namespace, `${id}-baseline`)?.spec?.['selector'],
  }));
  expect(found.filter(({ replicas, selector }) => replicas !== undefined || selector !== undefined)).toEqual([
    { id: 'fraiseql-api', replicas: 0, selector: { app: 'fraiseql-api', color: 'baseline' } },
  ]);
});

test('the routers send everything to blue, the requests with x-canary by a rule of their own', () => {
  const store = seeded();
  const spec = (resource: string, name: string) => store.get(resource, 'fraiseql', name)?.spec;
  const mesh = spec('virtualservices.networking.istio.io', 'fraiseql-api');
  const to = (color: string, weight: number) => ({
    destination: { host: `fraiseql-api-${color}`, port: { number: 80 } },
    weight,
  });
  expect(mesh?.['http']).toEqual([
    {
      name: 'canary-header',
      match: [{ headers: { 'x-canary': { exact: 'true' } } }],
      route: [to('blue', 100)],
    },
    { name: 'primary', route: [to('blue', 100), to('green', 0)] },
  ]);
  const rules = JSON.parse(
    JSON.stringify(spec('httproutes.gateway.networking.k8s.io', 'fraiseql-observers')?.['rules']),
  );
  expect(rules[0].matches[0].headers).toEqual([{ type: 'Exact', name: 'x-canary', value: 'true' }]);
  expect(
    rules[1].backendRefs.map(({ name, weight }: { name: string; weight: number }) => [name, weight]),
  ).toEqual([
    ['fraiseql-observers-blue', 100],
    ['fraiseql-observers-green', 0],
  ]);
});

/** A store as the version before left it: one Deployment for each service, whose selector names no colour. */
function keptByEarlierVersion(): ObjectStore {
  const store = seeded();
  for (const { namespace, service } of production) {
    for (const set of store.list('replicasets.apps', namespace)) {
      if (set.metadata.name.startsWith(`${service.id}-green-`))
        store.remove('replicasets.apps', namespace, set.metadata.name);
      else if (set.metadata.name.startsWith(service.id))
        store.change('replicasets.apps', namespace, set.metadata.name, withoutColour);
    }
    store.remove('deployments.apps', namespace, `${service.id}-green`);
    store.change('deployments.apps', namespace, service.id, withoutColour);
    for (const suffix of ['-blue', '-green']) store.remove('services', namespace, service.id + suffix);
    store.change('services', namespace, service.id, withoutColour);
    store.remove('virtualservices.networking.istio.io', namespace, service.id);
    store.remove('httproutes.gateway.networking.k8s.io', namespace, service.id);
  }
  const kept = new ObjectStore({ now: () => NOW });
  kept.restore(store.snapshot());
  return kept;
}

const withoutColour = (object: KubeObject): KubeObject =>
  JSON.parse(JSON.stringify(object, (key, value: unknown) => (key === 'color' ? undefined : value)));

test('a store of an earlier version gets what it lacks and nothing that would take traffic away', () => {
  const store = keptByEarlierVersion();
  const before = new Map(
    ['deployments.apps', 'replicasets.apps', 'services'].flatMap((resource) =>
      store.list(resource).map((object) => [object.metadata.uid, object] as const),
    ),
  );
  seedCluster(store, primary, NOW);
  let kept = 0;
  for (const resource of ['deployments.apps', 'replicasets.apps', 'services']) {
    for (const object of store.list(resource)) {
      if (before.get(object.metadata.uid) === object) kept += 1;
    }
  }
  expect(kept).toBe(before.size);
  for (const placement of production) {
    const [blue, green] = deployments(store, placement);
    expect(blue?.selector).toEqual({ matchLabels: { app: placement.service.id } });
    expect(green?.replicas).toBe(0);
    expect(store.get('services', placement.namespace, `${placement.service.id}-blue`)).not.toBeNull();
  }
  // No pod is blue there: routes to blue would answer 503.
  expect(store.list('virtualservices.networking.istio.io')).toEqual([]);
  expect(store.list('httproutes.gateway.networking.k8s.io')).toEqual([]);
});

test('green pods are pods of their service, with the version of their own image', async () => {
  const store = seeded();
  const controllers = startControllers(store, { nodes: ['node-a'] });
  const placement = production.find(({ service }) => service.id === 'fraiseql-api');
  const service: AppService | undefined = appServices[0];
  if (!placement || !service) throw new Error('The topology has no fraiseql-api.');
  store.change('deployments.apps', 'fraiseql', 'fraiseql-api-green', (object) => ({
    ...object,
    spec: { ...object.spec, replicas: 2 },
  }));
  const green = () =>
    store
      .list('pods', 'fraiseql')
      .map(podView)
      .filter((pod) => pod?.labels['color'] === 'green');
  while (green().filter((pod) => pod?.ip !== '').length < 2)
    await new Promise((next) => setTimeout(next, 20));
  expect(green().map((pod) => [pod?.service, pod?.version])).toEqual([
    ['fraiseql-api', service.releases[1].version],
    ['fraiseql-api', service.releases[1].version],
  ]);
  while (podsOf(store, placement).length < 5) await new Promise((next) => setTimeout(next, 20));
  controllers.stop();
});
