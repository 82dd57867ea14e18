import { describe, expect, test } from 'vitest';
import type { Headers } from './route-objects';
import { Router } from './router';
import { isPlausible, TestWorld } from './test-world';

const DRAWS = 40_000;
const SEEDS = [1, 2, 3];

function world(): TestWorld {
  const made = new TestWorld('architect-production');
  for (const color of ['blue', 'green']) {
    const app = `architect-api-${color}`;
    const pods = [1, 2, 3, 4].map((index) => `${color}-${index}`);
    for (const pod of pods) made.pod(pod, { app, version: color, labels: { color } });
    made.service(app, pods);
  }
  made.service('architect-api', [
    'blue-1',
    'blue-2',
    'blue-3',
    'blue-4',
    'green-1',
    'green-2',
    'green-3',
    'green-4',
  ]);
  return made;
}

function router(made: TestWorld, options: { keepAliveShare?: number; seed?: number } = {}): Router {
  return new Router({
    store: made.store,
    namespace: made.namespace,
    service: 'architect-api',
    keepAliveShare: options.keepAliveShare ?? 0,
    seed: options.seed ?? 1,
  });
}

function draw(from: Router, draws: number, headers: Headers = {}): Map<string, number> {
  const counts = new Map<string, number>();
  for (let index = 0; index < draws; index++) {
    const key = from.pick(headers)?.version ?? 'nobody';
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function httpRoute(made: TestWorld, blue: number, green: number): void {
  made.object(
    'httproutes.gateway.networking.k8s.io',
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    'architect-api',
    {
      rules: [
        {
          backendRefs: [
            { name: 'architect-api-blue', weight: blue },
            { name: 'architect-api-green', weight: green },
          ],
        },
        {
          matches: [{ headers: [{ name: 'X-Canary', value: 'true' }] }],
          backendRefs: [{ name: 'architect-api-green' }],
        },
      ],
    },
  );
}

function virtualService(made: TestWorld, blue: number, green: number): void {
  made.object(
    'destinationrules.networking.istio.io',
    'networking.istio.io/v1',
    'DestinationRule',
    'architect-api',
    {
      host: 'architect-api',
      subsets: [
        { name: 'blue', labels: { color: 'blue' } },
        { name: 'green', labels: { color: 'green' } },
      ],
    },
  );
  made.object(
    'virtualservices.networking.istio.io',
    'networking.istio.io/v1',
    'VirtualService',
    'architect-api',
    {
      hosts: ['architect-api'],
      http: [
        {
          match: [{ headers: { 'x-canary': { exact: 'true' } } }],
          route: [{ destination: { host: 'architect-api', subset: 'green' } }],
        },
        {
          route: [
            { destination: { host: 'architect-api', subset: 'blue' }, weight: blue },
            {
              destination: { host: 'architect-api.architect-production.svc.cluster.local', subset: 'green' },
              weight: green,
            },
          ],
        },
      ],
    },
  );
}

describe.each(SEEDS)('with seed %i', (seed) => {
  test('a plain Service spreads requests evenly over its ready pods', () => {
    const from = router(world(), { seed });
    const pods = new Map<string, number>();
    for (let index = 0; index < DRAWS; index++) {
      const name = from.pick()?.name ?? 'nobody';
      pods.set(name, (pods.get(name) ?? 0) + 1);
    }
    expect(pods.size).toBe(8);
    for (const hits of pods.values()) expect(isPlausible(hits, DRAWS, 1 / 8)).toBe(true);
  });

  test.each([
    [95, 5],
    [50, 50],
    [1, 99],
  ])('route weights %i to %i show within binomial bounds', (blue, green) => {
    for (const route of [httpRoute, virtualService]) {
      const made = world();
      route(made, blue, green);
      const counts = draw(router(made, { seed }), DRAWS);
      expect(isPlausible(counts.get('green') ?? 0, DRAWS, green / 100)).toBe(true);
      expect((counts.get('green') ?? 0) + (counts.get('blue') ?? 0)).toBe(DRAWS);
    }
  });

  test('a mesh and a gateway choose for each request, also on connections kept open', () => {
    for (const route of [httpRoute, virtualService]) {
      const made = world();
      route(made, 80, 20);
      const counts = draw(router(made, { seed, keepAliveShare: 1 }), DRAWS);
      expect(isPlausible(counts.get('green') ?? 0, DRAWS, 0.2)).toBe(true);
    }
  });
});

test('the x-canary header goes to the canary whatever the weights', () => {
  for (const route of [httpRoute, virtualService]) {
    const made = world();
    route(made, 100, 0);
    expect(draw(router(made), 2000, { 'x-canary': 'true' })).toEqual(new Map([['green', 2000]]));
    expect(draw(router(made), 2000)).toEqual(new Map([['blue', 2000]]));
  }
});

const green = ['green-1', 'green-2', 'green-3', 'green-4'];

test('another selector moves new connections; kept ones stay until their pod leaves', () => {
  const made = world();
  made.ready('architect-api', ['blue-1', 'blue-2', 'blue-3', 'blue-4']);
  const from = router(made, { keepAliveShare: 0.3 });
  draw(from, 5000);
  made.ready('architect-api', green);
  const after = draw(from, DRAWS);
  expect(isPlausible(after.get('blue') ?? 0, DRAWS, 0.3)).toBe(true);
  for (const index of [1, 2, 3, 4]) {
    made.store.change('pods', made.namespace, `blue-${index}`, (pod) => ({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    }));
  }
  expect(draw(from, 5000)).toEqual(new Map([['green', 5000]]));
});

test('kept connections are closed after six seconds at most, and not all at once', () => {
  const made = world();
  made.ready('architect-api', ['blue-1']);
  const from = router(made, { keepAliveShare: 1 });
  draw(from, 1000);
  made.ready('architect-api', green);
  const blue = (atMs: number) => {
    let hits = 0;
    for (let index = 0; index < 1000; index++) hits += from.pick({}, atMs)?.version === 'blue' ? 1 : 0;
    return hits;
  };
  expect(blue(1999)).toBe(1000);
  const half = blue(4000);
  expect(half).toBeGreaterThan(0);
  expect(half).toBeLessThan(1000);
  expect(blue(6001)).toBe(0);
});

test('a restarted container loses its connections', () => {
  const made = world();
  made.ready('architect-api', ['blue-1']);
  const from = router(made, { keepAliveShare: 1 });
  expect(draw(from, 100)).toEqual(new Map([['blue', 100]]));
  made.ready('architect-api', ['green-1']);
  expect(draw(from, 100).get('blue')).toBeGreaterThan(0);
  made.store.change('pods', made.namespace, 'blue-1', (pod) => ({
    ...pod,
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'architect-api-blue', restartCount: 1, state: { running: {} } }],
    },
  }));
  expect(draw(from, 100)).toEqual(new Map([['green', 100]]));
});

test('without ready endpoints, a Service or weight nobody answers', () => {
  const made = world();
  made.ready('architect-api', []);
  expect(draw(router(made), 50)).toEqual(new Map([['nobody', 50]]));
  made.store.remove('services', made.namespace, 'architect-api');
  expect(draw(router(made), 50)).toEqual(new Map([['nobody', 50]]));
  httpRoute(made, 0, -3);
  expect(draw(router(made), 50)).toEqual(new Map([['nobody', 50]]));
});

test('an undefined subset has no endpoints', () => {
  const made = world();
  made.object(
    'virtualservices.networking.istio.io',
    'networking.istio.io/v1',
    'VirtualService',
    'architect-api',
    {
      hosts: ['architect-api'],
      http: [{ route: [{ destination: { host: 'architect-api', subset: 'purple' } }] }],
    },
  );
  expect(draw(router(made), 50)).toEqual(new Map([['nobody', 50]]));
});
