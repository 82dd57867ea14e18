import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fraiseqlAutoscaler } from '../topology/cluster-objects';
import { startCluster } from './cluster';
import { call, createNamespace, deployment, temporaryCluster, tokenFor } from './testing';

const cluster = await temporaryCluster();
const admin = tokenFor(cluster, 'admin');
const listSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    continue: z.string().optional(),
    remainingItemCount: z.number().optional(),
  }),
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});

beforeAll(() => {
  for (const name of ['fraiseql', 'big']) createNamespace(cluster, name);
  cluster.store.create('deployments.apps', deployment('fraiseql-api', 'fraiseql'));
});
afterAll(() => cluster.dispose());

describe('the API server', () => {
  it('keeps CA, tokens, the uid of kube-system and the objects through a restart', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'kubernetes-restart-'));
    const first = await startCluster({ id: 'east', port: 0, dataDir });
    createNamespace(first, 'fraiseql');
    const made = first.store.create('deployments.apps', deployment('fraiseql-api', 'fraiseql'));
    const before = {
      uid: first.store.get('namespaces', null, 'kube-system')?.metadata.uid,
      token: tokenFor(first, 'admin'),
    };
    await first.save();
    await first.stop();
    const second = await startCluster({ id: 'east', port: 0, dataDir });
    expect(second.store.get('namespaces', null, 'kube-system')?.metadata.uid).toBe(before.uid);
    expect(second.store.get('deployments.apps', 'fraiseql', 'fraiseql-api')).toEqual(made);
    const list = await call(second, { path: '/apis/apps/v1/deployments', token: before.token });
    expect(list.status).toBe(200);
    const old = made.metadata.resourceVersion;
    const watch = await call(second, {
      path: `/apis/apps/v1/deployments?watch=1&resourceVersion=${old}`,
      token: before.token,
    });
    expect(watch.text).toContain('"code":410');
    await second.stop();
    await rm(dataDir, { recursive: true });
  });

  it('pages five thousand pods of 8 kB and compresses large lists', async () => {
    const padding = 'x'.repeat(8000);
    for (let index = 0; index < 5000; index += 1) {
      const name = `pod-${String(index).padStart(5, '0')}`;
      const metadata = { name, namespace: 'big', annotations: { padding } };
      cluster.store.create('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata,
        spec: { containers: [{ name: 'a', image: 'b:1' }] },
      });
    }
    const names: string[] = [];
    const versions = new Set<string>();
    let next = '';
    do {
      const query = `limit=500${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
      const page = listSchema.parse(
        (await call(cluster, { path: `/api/v1/namespaces/big/pods?${query}`, token: admin })).body,
      );
      names.push(...page.items.map((item) => item.metadata.name));
      versions.add(page.metadata.resourceVersion);
      next = page.metadata.continue ?? '';
      if (names.length === 500) cluster.store.remove('pods', 'big', 'pod-04999');
    } while (next !== '');
    expect(names.length).toBe(5000);
    expect(new Set(names).size).toBe(5000);
    expect(versions.size).toBe(1);
    const zipped = await call(cluster, {
      path: '/api/v1/namespaces/big/pods?limit=50',
      token: admin,
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    const unzipped = listSchema.parse(JSON.parse(gunzipSync(zipped.raw).toString('utf8')));
    expect(unzipped.items.length).toBe(50);
    expect(zipped.raw.length).toBeLessThan(128 * 1024);
  }, 60_000);

  it('keeps what a patch of an autoscaler does not name, in the version of its path', async () => {
    const scaler = fraiseqlAutoscaler('fraiseql');
    const { metrics, behavior } = { metrics: null, behavior: null, ...scaler.spec };
    cluster.store.create('horizontalpodautoscalers.autoscaling', scaler);
    const patch = (version: string) =>
      call(cluster, {
        method: 'PATCH',
        path: `/apis/autoscaling/${version}/namespaces/fraiseql/horizontalpodautoscalers/fraiseql-hpa`,
        token: admin,
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { spec: { minReplicas: 5 } },
      });
    expect((await patch('v2')).body).toMatchObject({
      ...{ apiVersion: 'autoscaling/v2', spec: { minReplicas: 5, maxReplicas: 10, metrics, behavior } },
    });
    expect((await patch('v1')).body).toMatchObject({
      ...{ apiVersion: 'autoscaling/v1', spec: { minReplicas: 5, targetCPUUtilizationPercentage: 70 } },
    });
  });

  it('shows a dry run with the raised generation and the old resourceVersion, and stores nothing', async () => {
    const before = cluster.store.get('deployments.apps', 'fraiseql', 'fraiseql-api');
    const answer = await call(cluster, {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/fraiseql/deployments/fraiseql-api?dryRun=All',
      token: admin,
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'fraiseql-api', image: 'registry.example.com/team/fraiseql-api:2.0.0' }],
            },
          },
        },
      },
    });
    expect(answer.body).toMatchObject({
      metadata: {
        resourceVersion: before?.metadata.resourceVersion,
        generation: (before?.metadata.generation ?? 0) + 1,
      },
      spec: {
        template: {
          spec: {
            containers: [
              { image: 'registry.example.com/team/fraiseql-api:2.0.0', imagePullPolicy: 'IfNotPresent' },
            ],
          },
        },
      },
    });
    expect(cluster.store.get('deployments.apps', 'fraiseql', 'fraiseql-api')).toBe(before);
    expect(cluster.writeLog.since().at(-1)).toMatchObject({ dryRun: true, status: 200, verb: 'patch' });
  });

  it('answers a patch that changes nothing without a new version or an event', async () => {
    const before = cluster.store.get('deployments.apps', 'fraiseql', 'fraiseql-api');
    let events = 0;
    const stop = cluster.store.subscribe(() => {
      events += 1;
    });
    const answer = await call(cluster, {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/fraiseql/deployments/fraiseql-api',
      token: admin,
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { replicas: 3 } },
    });
    stop();
    expect(answer.status).toBe(200);
    expect(cluster.store.get('deployments.apps', 'fraiseql', 'fraiseql-api')).toBe(before);
    expect(events).toBe(0);
  });

  it('never lets the web read a Secret or write, and no account but the worker impersonate', async () => {
    const web = tokenFor(cluster, 'signalbox-web');
    const base = '/api/v1/namespaces/fraiseql';
    const tries = [
      { path: `${base}/secrets` },
      { path: `${base}/secrets/database` },
      { path: `${base}/secrets?watch=1` },
      {
        method: 'POST',
        path: `${base}/configmaps`,
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
      },
      { method: 'DELETE', path: `${base}/pods/a` },
      {
        method: 'POST',
        path: `${base}/pods/a/eviction`,
        body: { apiVersion: 'policy/v1', kind: 'Eviction' },
      },
      { path: `${base}/pods`, headers: { 'impersonate-user': 'admin' } },
      { path: '/api/v1/pods' },
      { path: '/api/v1/namespaces/default/pods' },
    ];
    const answers = await Promise.all(tries.map((wanted) => call(cluster, { ...wanted, token: web })));
    expect(answers.map((answer) => answer.status)).toEqual(tries.map(() => 403));
    const worker = tokenFor(cluster, 'signalbox-worker');
    const asMaster = {
      'impersonate-user': 'ada',
      'impersonate-group': ['signalbox-operators', 'system:masters'],
    };
    expect((await call(cluster, { path: `${base}/secrets`, token: worker, headers: asMaster })).status).toBe(
      403,
    );
  });

  it('gives a running pod its grace period, a ConfigMap none, and orphans dependents when asked to', async () => {
    const owner = cluster.store.create('replicasets.apps', {
      ...deployment('owner', 'fraiseql'),
      kind: 'ReplicaSet',
    });
    const { uid } = owner.metadata;
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'owner', uid, controller: true },
    ];
    const metadata = { name: 'owned', namespace: 'fraiseql', ownerReferences };
    const spec = {
      nodeName: 'node-a',
      terminationGracePeriodSeconds: 30,
      containers: [{ name: 'a', image: 'b:1' }],
    };
    cluster.store.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata, spec });
    const path = '/apis/apps/v1/namespaces/fraiseql/replicasets/owner?propagationPolicy=Orphan';
    const gone = await call(cluster, { method: 'DELETE', path, token: admin });
    expect(gone.body).toMatchObject({
      status: 'Success',
      details: { name: 'owner', group: 'apps', kind: 'replicasets', uid },
    });
    expect(cluster.store.get('pods', 'fraiseql', 'owned')?.metadata.ownerReferences).toEqual([]);
    const pod = '/api/v1/namespaces/fraiseql/pods/owned';
    const asked = await call(cluster, { method: 'DELETE', path: pod, token: admin });
    expect(asked.body).toMatchObject({ kind: 'Pod', metadata: { deletionGracePeriodSeconds: 30 } });
    const stored = cluster.store.get('pods', 'fraiseql', 'owned');
    expect(stored?.metadata).toMatchObject({ deletionGracePeriodSeconds: 30, generation: 2 });
    const again = await call(cluster, { method: 'DELETE', path: pod, token: admin });
    expect(again.status).toBe(200);
    expect(cluster.store.get('pods', 'fraiseql', 'owned')).toBe(stored);
    const forced = await call(cluster, {
      method: 'DELETE',
      path: `${pod}?gracePeriodSeconds=0`,
      token: admin,
    });
    expect(forced.status).toBe(200);
    expect(cluster.store.get('pods', 'fraiseql', 'owned')).toBeNull();
  });

  it('reads, tails and follows pod logs from the workload', async () => {
    cluster.store.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'logs', namespace: 'fraiseql' },
      spec: { containers: [{ name: 'app', image: 'b:1' }] },
    });
    cluster.setLogReader({
      read: () => [1, 2, 3].map((number) => ({ atMs: number * 1000, text: `line ${number}` })),
      follow: (_query, onLine) => {
        const timer = setTimeout(() => onLine({ atMs: 4000, text: 'line 4' }), 1);
        return { stop: () => clearTimeout(timer) };
      },
    });
    const url = '/api/v1/namespaces/fraiseql/pods/logs/log';
    const admin = tokenFor(cluster, 'admin');
    expect((await call(cluster, { path: `${url}?tailLines=2`, token: admin })).text).toBe('line 2\nline 3\n');
    expect((await call(cluster, { path: `${url}?timestamps=true&tailLines=1`, token: admin })).text).toBe(
      '1970-01-01T00:00:03.000000000Z line 3\n',
    );
    expect((await call(cluster, { path: `${url}?container=other`, token: admin })).status).toBe(400);
  });
});
