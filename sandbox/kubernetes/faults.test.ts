import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Call, call, createNamespace, deployment, temporaryCluster, tokenFor } from './testing';

const cluster = await temporaryCluster();
const PATH = '/apis/apps/v1/namespaces/fraiseql/deployments/fraiseql-api';
const JSON_MERGE = { 'content-type': 'application/merge-patch+json' };

beforeAll(() => {
  createNamespace(cluster, 'fraiseql');
  cluster.store.create('deployments.apps', deployment('fraiseql-api', 'fraiseql'));
});
afterEach(() => cluster.faults.clear());
afterAll(() => cluster.dispose());

function patch(replicas: number, extra: Partial<Call> = {}): Promise<Awaited<ReturnType<typeof call>>> {
  return call(cluster, {
    method: 'PATCH',
    path: PATH,
    token: tokenFor(cluster, 'admin'),
    headers: JSON_MERGE,
    body: { spec: { replicas } },
    ...extra,
  });
}

function replicas(): unknown {
  return cluster.store.get('deployments.apps', 'fraiseql', 'fraiseql-api')?.spec?.['replicas'];
}

function lastWrite() {
  return cluster.writeLog.since().at(-1);
}

describe('faults', () => {
  it('cuts the connection before the commit: nothing was written', async () => {
    const before = replicas();
    cluster.faults.add({
      id: 'cut',
      method: 'PATCH',
      count: 1,
      action: { kind: 'cut', when: 'before-commit' },
    });
    await expect(patch(11)).rejects.toThrow();
    expect(replicas()).toBe(before);
    expect(lastWrite()).toMatchObject({ status: 0, faults: ['cut'], resourceVersionAfter: null });
    expect((await patch(5)).status).toBe(200);
  });

  it('cuts the connection after the commit: the write happened and the client does not know', async () => {
    cluster.faults.add({
      method: 'PATCH',
      path: 'deployments/fraiseql-api$',
      account: 'admin',
      count: 1,
      action: { kind: 'cut', when: 'after-commit' },
    });
    await expect(patch(12)).rejects.toThrow();
    expect(replicas()).toBe(12);
    const entry = lastWrite();
    expect(entry?.status).toBe(0);
    expect(Number(entry?.resourceVersionAfter)).toBeGreaterThan(Number(entry?.resourceVersionBefore));
  });

  it('carries a request out twice and answers with the second outcome', async () => {
    const version = cluster.store.get('deployments.apps', 'fraiseql', 'fraiseql-api')?.metadata
      .resourceVersion;
    const length = cluster.writeLog.length;
    cluster.faults.add({ method: 'PATCH', count: 1, action: { kind: 'duplicate' } });
    const answer = await patch(13, {
      body: { metadata: { resourceVersion: version }, spec: { replicas: 13 } },
    });
    expect(answer.status).toBe(409);
    expect(replicas()).toBe(13);
    expect(cluster.writeLog.since(length).map((entry) => entry.status)).toEqual([200, 409]);
  });

  it('answers 429 in plain text, and any status as a Status', async () => {
    cluster.faults.add({ count: 1, action: { kind: 'too-many-requests' } });
    const limited = await call(cluster, { path: PATH, token: tokenFor(cluster, 'admin') });
    expect(limited).toMatchObject({ status: 429, text: 'Too many requests, please try again later.\n' });
    expect(limited.headers['retry-after']).toBe('1');
    cluster.faults.add({ count: 1, action: { kind: 'status', code: 503, reason: 'ServiceUnavailable' } });
    const broken = await call(cluster, { path: PATH, token: tokenFor(cluster, 'admin') });
    expect(broken).toMatchObject({
      status: 503,
      body: { kind: 'Status', reason: 'ServiceUnavailable', code: 503 },
    });
  });

  it('freezes writes: 504, applied or not as the rule says, while reads go on', async () => {
    cluster.faults.add({ id: 'frozen', action: { kind: 'freeze-writes', waitMs: 5 } });
    const before = replicas();
    expect((await patch(20)).status).toBe(504);
    expect(replicas()).toBe(before);
    expect((await call(cluster, { path: PATH, token: tokenFor(cluster, 'admin') })).status).toBe(200);
    cluster.faults.remove('frozen');
    cluster.faults.add({ action: { kind: 'freeze-writes', waitMs: 5, applied: true } });
    expect((await patch(21)).status).toBe(504);
    expect(replicas()).toBe(21);
  });

  it('withdraws a right from an account or a group', async () => {
    const read = (): Promise<{ status: number }> =>
      call(cluster, { path: PATH, token: tokenFor(cluster, 'signalbox-web') });
    expect((await read()).status).toBe(200);
    cluster.faults.add({
      action: { kind: 'withdraw-right', subject: { account: 'signalbox-web' }, verb: '*', resource: '*' },
    });
    expect((await read()).status).toBe(403);
    cluster.faults.clear();
    expect((await read()).status).toBe(200);
    cluster.faults.add({
      action: {
        kind: 'withdraw-right',
        subject: { group: 'signalbox-operators' },
        verb: 'patch',
        resource: 'deployments',
      },
    });
    const person = { 'impersonate-user': 'ada', 'impersonate-group': 'signalbox-operators' };
    const denied = await patch(3, {
      token: tokenFor(cluster, 'signalbox-worker'),
      headers: { ...JSON_MERGE, ...person },
    });
    expect(denied.status).toBe(403);
  });

  it('drops and expires watches that are open', async () => {
    const watch = (): Promise<{ status: number; text: string }> =>
      call(cluster, {
        path: '/apis/apps/v1/namespaces/fraiseql/deployments?watch=1&timeoutSeconds=20',
        token: tokenFor(cluster, 'admin'),
      });
    const open = watch();
    await untilWatching();
    cluster.faults.add({ count: 1, action: { kind: 'expire-watch' } });
    expect((await open).text).toContain('"reason":"Expired","code":410');
    cluster.faults.clear();
    const cut = watch();
    const outcome = expect(cut).rejects.toThrow();
    await untilWatching();
    cluster.faults.add({ count: 1, action: { kind: 'drop-watch', clean: false } });
    await outcome;
    cluster.faults.clear();
    const ended = watch();
    await untilWatching();
    cluster.dropWatches('end');
    expect((await ended).text).toContain('"type":"ADDED"');
  });

  it('refuses a path that is no regular expression, and lists what is active with its hits', async () => {
    expect(() => cluster.faults.add({ path: '(', action: { kind: 'delay', ms: 1 } })).toThrow();
    cluster.faults.add({ id: 'slow', count: 2, action: { kind: 'delay', ms: 1 } });
    await patch(3);
    expect(cluster.faults.list()).toMatchObject([{ id: 'slow', hits: 1 }]);
  });
});

/** The server registers a watch a moment after the request was sent. */
async function untilWatching(): Promise<void> {
  while (cluster.openWatches() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
}
