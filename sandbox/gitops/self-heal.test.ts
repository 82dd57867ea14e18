import { expect, test } from 'vitest';
import { ObjectStore } from '../kubernetes/object-store';
import type { JsonObject } from '../kubernetes/store';
import { appServices, clusters } from '../topology';
import { seedCluster } from '../topology/seed';
import { manifestsOf } from './manifests';
import { type HealPolicy, SelfHeal } from './self-heal';

const [api] = appServices;
const policy: HealPolicy = { selfHeal: true, ignoreDifferences: [], respectIgnoreDifferences: false };
const weights = [{ kind: 'VirtualService', jqPathExpressions: ['.spec.http[].route[].weight'] }];

/** A clock that moves when told; what is due on the way happens, with its promises. */
function testClock() {
  let now = 0;
  const due = new Map<object, { at: number; callback: () => void }>();
  return {
    now: () => now,
    after: (ms: number, callback: () => void) => {
      const key = {};
      due.set(key, { at: now + ms, callback });
      return () => void due.delete(key);
    },
    advance: async (ms: number) => {
      const end = now + ms;
      for (;;) {
        const [next] = [...due].filter(([, { at }]) => at <= end).toSorted((a, b) => a[1].at - b[1].at);
        if (!next) break;
        due.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].callback();
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      }
      now = end;
    },
  };
}

function world(start: HealPolicy = policy) {
  if (!api) throw new Error('The topology has no service.');
  const store = new ObjectStore();
  seedCluster(store, clusters[0], Date.now());
  const resource = 'virtualservices.networking.istio.io';
  const edit = (change: (http: JsonObject[]) => void) =>
    store.change(resource, 'fraiseql', api.id, (object) => {
      const copy = JSON.parse(JSON.stringify(object));
      change(copy.spec.http);
      return copy;
    });
  const shift = (blue: number) =>
    edit((http) => {
      const route = http[1]?.['route'];
      if (!Array.isArray(route)) throw new Error('The route has no destinations.');
      http[1] = {
        ...http[1],
        route: route.map((one, index) => ({ ...Object(one), weight: index === 0 ? blue : 100 - blue })),
      };
    });
  const blue = (): unknown =>
    JSON.parse(JSON.stringify(store.get(resource, 'fraiseql', api.id)?.spec))['http'][1].route[0].weight;
  const clock = testClock();
  const heals: number[] = [];
  const manifests = manifestsOf(store, api, 'fraiseql', ['router']);
  const heal = new SelfHeal({
    store,
    manifests,
    policy: start,
    clock,
    onLook: () => undefined,
    write: async (manifest, patch) => {
      heals.push(clock.now());
      store.change(manifest.resource, manifest.namespace, manifest.name, (object) => ({
        ...object,
        spec: { ...object.spec, ...Object(patch['spec']) },
      }));
    },
  });
  return { store, edit, shift, blue, clock, heals, heal, manifests };
}

test('the first difference is healed at once, the next ones after 2 and 6 s', async () => {
  const { shift, blue, clock, heals } = world();
  shift(95);
  await clock.advance(500);
  expect([blue(), heals.length]).toEqual([100, 1]);
  shift(75);
  await clock.advance(1500);
  expect(blue()).toBe(75);
  await clock.advance(1000);
  expect([blue(), heals.length]).toEqual([100, 2]);
  shift(50);
  await clock.advance(5000);
  expect(blue()).toBe(50);
  await clock.advance(2000);
  expect([blue(), heals.length]).toEqual([100, 3]);
  const [first = 0, second = 0, third = 0] = heals;
  expect([second - first, third - second]).toEqual([2000, 6000]);
  // In sync for 330 s: the next one is at once again.
  await clock.advance(330_000);
  shift(50);
  await clock.advance(500);
  expect(blue()).toBe(100);
});

test('without self-heal it only says that something differs, and nothing of it after a stop', async () => {
  const { shift, blue, clock, heal } = world({ ...policy, selfHeal: false });
  shift(95);
  await clock.advance(60_000);
  expect(blue()).toBe(95);
  expect(heal.outOfSync().map(({ kind }) => kind)).toEqual(['VirtualService']);
  heal.policy = policy;
  await clock.advance(500);
  expect(blue()).toBe(100);
  heal.stop();
  shift(95);
  await clock.advance(60_000);
  expect(blue()).toBe(95);
});

test('ignored weights are no difference, yet another heal writes them unless they are respected', async () => {
  for (const respect of [false, true]) {
    const { edit, shift, blue, clock, heals } = world({
      selfHeal: true,
      ignoreDifferences: weights,
      respectIgnoreDifferences: respect,
    });
    shift(95);
    await clock.advance(60_000);
    expect([blue(), heals.length]).toEqual([95, 0]);
    edit((http) => {
      http[1] = { ...http[1], timeout: '5s' };
    });
    await clock.advance(60_000);
    expect([blue(), heals.length]).toEqual([respect ? 95 : 100, 1]);
  }
});

test('asked for in mid-change, git holds what was there before it', () => {
  const { store, shift } = world();
  if (!api) throw new Error('The topology has no service.');
  shift(75);
  const [manifest] = manifestsOf(store, api, 'fraiseql', ['router']);
  const http = JSON.parse(JSON.stringify(manifest?.spec['http']));
  expect(http[1].route.map(({ weight }: { weight: number }) => weight)).toEqual([100, 0]);
  expect(http[0].route[0].destination.host).toBe('fraiseql-api-blue');
  shift(5);
  const [later] = manifestsOf(store, api, 'fraiseql', ['router', 'deployments']);
  const green = JSON.parse(JSON.stringify(later?.spec['http']));
  expect(green[1].route.map(({ weight }: { weight: number }) => weight)).toEqual([0, 100]);
  expect(green[0].route[0].destination.host).toBe('fraiseql-api-green');
  const kinds = appServices.map((service) =>
    manifestsOf(store, service, service.namespaces.production, ['router', 'deployments']).map(
      ({ kind }) => kind,
    ),
  );
  expect(kinds).toEqual([
    ['VirtualService', 'Deployment', 'Deployment', 'Deployment'],
    ['HTTPRoute', 'Deployment', 'Deployment'],
    ['Service', 'Deployment', 'Deployment'],
  ]);
});
