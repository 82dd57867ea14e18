import path from 'node:path';
import {
  ApiException,
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AccountName } from './access/identity';
import { writeKubeconfig } from './kubeconfig';
import { createNamespace, deployment, temporaryCluster } from './testing';

const cluster = await temporaryCluster();
const NAMESPACE = 'fraiseql';

async function configFor(account: AccountName): Promise<KubeConfig> {
  const file = path.join(cluster.dataDir, `${account}.yaml`);
  await writeKubeconfig(file, [cluster], account);
  const config = new KubeConfig();
  config.loadFromFile(file);
  return config;
}

beforeAll(() => {
  createNamespace(cluster, NAMESPACE);
  cluster.store.create('deployments.apps', deployment('fraiseql-api', NAMESPACE));
});
afterAll(() => cluster.dispose());

async function failureOf(promise: Promise<unknown>): Promise<{ code: number; body: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ApiException) return { code: error.code, body: String(error.body) };
    throw error;
  }
  throw new Error('The call was expected to fail.');
}

it('lists, reads and patches with the rights of each account', async () => {
  const web = (await configFor('signalbox-web')).makeApiClient(AppsV1Api);
  const list = await web.listNamespacedDeployment({ namespace: NAMESPACE });
  expect(list.items.map((item) => item.metadata?.name)).toEqual(['fraiseql-api']);
  const patch = { name: 'fraiseql-api', namespace: NAMESPACE, body: { spec: { replicas: 4 } } };
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const denied = await failureOf(web.patchNamespacedDeployment(patch, merge));
  expect(denied.code).toBe(403);
  expect(denied.body).toContain('cannot patch resource');
  const core = (await configFor('signalbox-web')).makeApiClient(CoreV1Api);
  expect((await failureOf(core.listNamespacedSecret({ namespace: NAMESPACE }))).code).toBe(403);
});

it('answers 409 for a merge patch with a stale resourceVersion', async () => {
  const admin = (await configFor('admin')).makeApiClient(AppsV1Api);
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  const current = await admin.readNamespacedDeployment({ name: 'fraiseql-api', namespace: NAMESPACE });
  const body = { metadata: { resourceVersion: current.metadata?.resourceVersion }, spec: { replicas: 5 } };
  const patched = await admin.patchNamespacedDeployment(
    { name: 'fraiseql-api', namespace: NAMESPACE, body },
    merge,
  );
  expect(patched.spec?.replicas).toBe(5);
  expect(patched.metadata?.generation).toBe((current.metadata?.generation ?? 0) + 1);
  const stale = await failureOf(
    admin.patchNamespacedDeployment({ name: 'fraiseql-api', namespace: NAMESPACE, body }, merge),
  );
  expect(stale.code).toBe(409);
  expect(stale.body).toContain('the object has been modified');
});

it('lets the worker write only as a person of the operators group, and records who', async () => {
  const config = await configFor('signalbox-worker');
  const api = config.makeApiClient(AppsV1Api);
  const body = { metadata: { annotations: { 'signalbox.dev/fence': 'c1/1' } } };
  const patch = { name: 'fraiseql-api', namespace: NAMESPACE, body };
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  expect((await failureOf(api.patchNamespacedDeployment(patch, merge))).code).toBe(403);
  const sending = (headers: { [name: string]: string }): typeof merge =>
    Object.entries(headers).reduce((options, [name, value]) => setHeaderOptions(name, value, options), merge);
  const person = { 'Impersonate-User': 'ada@example.com', 'Impersonate-Group': 'signalbox-operators' };
  const attempt = { ...person, 'Impersonate-Extra-Signalbox.dev%2fattempt': 'attempt-7' };
  await api.patchNamespacedDeployment(patch, sending(attempt));
  const other = { ...person, 'Impersonate-Group': 'system:masters' };
  expect((await failureOf(api.patchNamespacedDeployment(patch, sending(other)))).code).toBe(403);
  const entry = cluster.writeLog.since().findLast((line) => line.status === 200);
  expect(entry).toMatchObject({
    account: 'signalbox-worker',
    impersonated: { user: 'ada@example.com', extra: { 'signalbox.dev/attempt': ['attempt-7'] } },
    verb: 'patch',
    resource: 'deployments.apps',
    namespace: NAMESPACE,
    name: 'fraiseql-api',
    body,
  });
  expect(entry?.impersonated?.groups).toContain('signalbox-operators');
  expect(Number(entry?.resourceVersionAfter)).toBeGreaterThan(Number(entry?.resourceVersionBefore));
});

it('answers SelfSubjectAccessReview from the manifests', async () => {
  const may = async (
    account: AccountName,
    verb: string,
    group: string,
    resource: string,
  ): Promise<boolean> => {
    const api = (await configFor(account)).makeApiClient(AuthorizationV1Api);
    const resourceAttributes = { namespace: NAMESPACE, verb, group, resource };
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    };
    return (await api.createSelfSubjectAccessReview({ body })).status?.allowed === true;
  };
  expect(await may('signalbox-web', 'list', '', 'pods')).toBe(true);
  expect(await may('signalbox-web', 'patch', 'apps', 'deployments')).toBe(false);
  expect(await may('signalbox-worker', 'patch', 'apps', 'deployments')).toBe(false);
  expect(await may('signalbox-worker', 'get', '', 'secrets')).toBe(false);
  expect(await may('admin', 'get', '', 'secrets')).toBe(true);
});

it('streams changes to a watch, and an expired resourceVersion as an ERROR event', async () => {
  const watch = new Watch(await configFor('signalbox-web'));
  const url = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
  const { resourceVersion } = cluster.store.create(
    'deployments.apps',
    deployment('observers', NAMESPACE),
  ).metadata;
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  const controller = await watch.watch(
    url,
    { resourceVersion, allowWatchBookmarks: true },
    (type, object: { metadata: { name: string } }) => {
      seen.push(`${type} ${object.metadata.name}`);
      if (type === 'DELETED') done.resolve();
    },
    () => done.resolve(),
  );
  cluster.store.change('deployments.apps', NAMESPACE, 'observers', (object) => ({
    ...object,
    status: { replicas: 1 },
  }));
  cluster.store.remove('deployments.apps', NAMESPACE, 'observers');
  await done.promise;
  controller.abort();
  expect(seen).toEqual(['MODIFIED observers', 'DELETED observers']);
  cluster.forgetHistory();
  const ended = Promise.withResolvers<unknown>();
  const events: { type: string; code: number | undefined }[] = [];
  await watch.watch(
    url,
    { resourceVersion },
    (type, object: { code?: number }) => {
      events.push({ type, code: object.code });
    },
    (error) => ended.resolve(error),
  );
  await ended.promise;
  expect(events).toEqual([{ type: 'ERROR', code: 410 }]);
});
