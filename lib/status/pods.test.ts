import { expect, test } from 'vitest';
import { Placement } from '@/lib/config/service';
import { SourceError } from '@/lib/sources/source-error';
import { countPods } from './pods';

const plain = { region: 'us-east-1', cluster: 'one', namespace: 'shop', deployment: 'api', container: 'api' };
const paired = (traffic: object) =>
  Placement.parse({
    ...plain,
    pair: {
      blue: { deployment: 'api', service: 'api-blue' },
      green: { deployment: 'api-green', service: 'api-green' },
      traffic,
    },
  });
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const deployment = (replicas: number, readyReplicas: number) => ({
  spec: { replicas },
  status: { replicas, readyReplicas },
});
const service = (color: string) => ({
  metadata: { name: 'api', uid: 'r' },
  spec: { selector: { color }, type: 'ClusterIP' },
});
const weights = (blue: number, green: number) => ({
  metadata: { name: 'api', uid: 'r' },
  spec: {
    rules: [
      {
        backendRefs: [
          { name: 'api-blue', weight: blue },
          { name: 'api-green', weight: green },
        ],
      },
    ],
  },
});

/** A cluster that knows these objects and nothing else. */
const cluster = (objects: Record<string, object>) => ({
  get: async (path: string): Promise<unknown> => {
    const found = objects[path];
    if (found === undefined) throw new SourceError('bad-response', `${path} is not there.`, { status: 404 });
    return found;
  },
});
const both = { [`${deployments}/api`]: deployment(4, 0), [`${deployments}/api-green`]: deployment(3, 2) };

test('without a pair the one Deployment counts', async () => {
  expect(await countPods(cluster(both), Placement.parse(plain))).toEqual({ ready: 0, desired: 4 });
});

test('with a pair the colour that takes the requests counts, and the idle one may be gone', async () => {
  const green = cluster({
    [`${deployments}/api-green`]: deployment(3, 2),
    '/api/v1/namespaces/shop/services/api': service('green'),
  });
  expect(await countPods(green, paired({ kind: 'service', name: 'api' }))).toEqual({ ready: 2, desired: 3 });
});

test('without a router the only colour that shall have pods counts', async () => {
  const blue = cluster({
    [`${deployments}/api`]: deployment(4, 3),
    [`${deployments}/api-green`]: deployment(0, 0),
  });
  expect(await countPods(blue, paired({ kind: 'service', name: 'api' }))).toEqual({ ready: 3, desired: 4 });
});

test('while both take requests both count', async () => {
  const route = '/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/api';
  const placement = paired({ kind: 'http-route', name: 'api' });
  const of = (blue: number, green: number) =>
    countPods(cluster({ ...both, [route]: weights(blue, green) }), placement);
  expect(await of(95, 5)).toEqual({ ready: 2, desired: 7 });
  expect(await of(0, 100)).toEqual({ ready: 2, desired: 3 });
  expect(await countPods(cluster(both), paired({ kind: 'replicas', name: 'api' }))).toEqual({
    ready: 2,
    desired: 7,
  });
});

test('a router that cannot be read, or does not say it, is no count', async () => {
  const placement = paired({ kind: 'service', name: 'api' });
  await expect(countPods(cluster(both), placement)).rejects.toThrow(/does not say which colour/);
  const closed = {
    get: async (path: string): Promise<unknown> => {
      if (path.includes('services')) throw new SourceError('unauthorised', 'HTTP 403.', { status: 403 });
      return cluster(both).get(path);
    },
  };
  await expect(countPods(closed, placement)).rejects.toThrow(/403/);
  const mute = cluster({ ...both, '/api/v1/namespaces/shop/services/api': service('red') });
  await expect(countPods(mute, placement)).rejects.toThrow(/does not say which colour takes the requests/);
});
