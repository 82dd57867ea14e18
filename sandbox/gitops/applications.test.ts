import { expect, test } from 'vitest';
import { z } from 'zod';
import { writeAsAdmin } from '../kubernetes/admin-write';
import { call, temporaryCluster, tokenFor } from '../kubernetes/testing';
import { clusters } from '../topology';
import { seedCluster } from '../topology/seed';
import { Applications, type StartApplication } from './applications';

const service = '/api/v1/namespaces/architect-production/services/architect-api';
const asked: StartApplication = {
  service: 'architect-api',
  manages: ['router'],
  selfHeal: true,
  ignoreDifferences: [],
  respectIgnoreDifferences: false,
};
const Live = z.object({
  metadata: z.object({
    annotations: z.record(z.string(), z.string()).default({}),
    managedFields: z.array(z.object({ manager: z.string(), fieldsV1: z.json() })).default([]),
  }),
  spec: z.object({ selector: z.record(z.string(), z.string()) }),
});

async function withCluster(
  use: (parts: {
    applications: Applications;
    cluster: Awaited<ReturnType<typeof temporaryCluster>>;
    live: () => Promise<z.infer<typeof Live>>;
    turn: (colour: string) => Promise<void>;
    until: (holds: () => Promise<boolean>) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const cluster = await temporaryCluster();
  seedCluster(cluster.store, clusters[0], Date.now());
  const applications = new Applications([cluster]);
  const token = tokenFor(cluster, 'signalbox-web');
  const live = async () => Live.parse((await call(cluster, { path: service, token })).body);
  const turn = async (color: string) => {
    const edit = { path: service, patch: { spec: { selector: { color } } }, userAgent: 'kubectl/v1.36.4' };
    expect((await writeAsAdmin(cluster, { ...edit, manager: 'kubectl-edit' })).status).toBe(200);
  };
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds())) await new Promise((next) => setTimeout(next, 20));
  };
  try {
    await use({ applications, cluster, live, turn, until });
  } finally {
    applications.stopAll();
    await cluster.dispose();
  }
}

test('its objects are marked, the Application can be read by the console, and a hand edit is put back', () =>
  withCluster(async ({ applications, cluster, live, turn, until }) => {
    await applications.start(cluster, asked);
    expect((await live()).metadata.annotations['argocd.argoproj.io/tracking-id']).toBe(
      'architect-api:/Service:architect-production/architect-api',
    );
    for (const account of ['signalbox-web', 'signalbox-worker'] as const) {
      const path = '/apis/argoproj.io/v1alpha1/applications';
      const { status, body } = await call(cluster, { path, token: tokenFor(cluster, account) });
      expect([status, body]).toMatchObject([
        200,
        {
          items: [
            { metadata: { name: 'architect-api' }, spec: { syncPolicy: { automated: { selfHeal: true } } } },
          ],
        },
      ]);
    }
    await turn('green');
    await until(async () => (await live()).spec.selector['color'] === 'blue');
    const { managedFields } = (await live()).metadata;
    expect(managedFields.find(({ manager }) => manager === 'argocd-controller')?.fieldsV1).toMatchObject({
      'f:spec': { 'f:selector': {} },
    });
    expect(managedFields.map(({ manager }) => manager)).not.toContain('kubectl-edit');
    const { entries } = { entries: cluster.writeLog.since() };
    expect(entries.at(-1)).toMatchObject({ account: 'admin', userAgent: expect.stringMatching(/^argocd/) });
    await until(async () => applications.list()[0]?.outOfSync.length === 0);
    expect(applications.list()).toMatchObject([{ name: 'architect-api', healed: 1, attempts: 1 }]);
  }));

test('switched off in the Application itself it lets edits stand; stopped, it leaves nothing behind', () =>
  withCluster(async ({ applications, cluster, live, turn, until }) => {
    await applications.start(cluster, asked);
    const path = '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/architect-api';
    const patch = { spec: { syncPolicy: { automated: null } } };
    await writeAsAdmin(cluster, { path, patch, manager: 'kubectl-edit', userAgent: 'kubectl/v1.36.4' });
    await turn('green');
    const status = () => cluster.store.get('applications.argoproj.io', 'argocd', 'architect-api')?.status;
    await until(async () => JSON.stringify(status())?.includes('"sync":{"status":"OutOfSync"}') === true);
    expect((await live()).spec.selector['color']).toBe('green');
    expect(applications.list()).toMatchObject([{ selfHeal: false, healed: 0 }]);
    expect(applications.stop(cluster, 'architect-api')).toBe(true);
    expect((await live()).metadata.annotations).toEqual({});
    expect(cluster.store.list('applications.argoproj.io')).toEqual([]);
  }));

test('what an earlier run left of it is gone after a start', () =>
  withCluster(async ({ applications, cluster, live }) => {
    await applications.start(cluster, asked);
    expect(new Applications([cluster]).list()).toEqual([]);
    expect(cluster.store.list('applications.argoproj.io')).toEqual([]);
    expect((await live()).metadata.annotations).toEqual({});
  }));
