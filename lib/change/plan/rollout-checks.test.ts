import { expect, test } from 'vitest';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { configOf } from '../staged/plan/testing/pair';
import { plan as base } from '../testing/plan';
import { rolloutChecks } from './rollout-checks';

const unused = () => {
  throw new Error('Not asked for.');
};
const application = {
  metadata: { name: 'api', namespace: 'argocd' },
  spec: { syncPolicy: { automated: { selfHeal: true } } },
};
/** A cluster that has one Application of Argo CD. */
const client: ClusterClient = {
  id: 'us-east-1',
  call: unused,
  get: async (schema) => schema.parse({ items: [application] }),
  close: async () => {},
};
const plan = { ...base, target: { ...base.target, container: 'api' } };
const container = { name: 'api', image: 'x:1', readinessProbe: {}, livenessProbe: {} };
const template = { spec: { containers: [container] } };
const kept = {
  annotations: { 'argocd.argoproj.io/tracking-id': 'api:apps/Deployment:shop/api' },
  labels: {},
};
const free = { annotations: {}, labels: {} };

async function found(parts: {
  kind?: 'deploy' | 'rollback' | 'restart' | 'scale';
  metadata?: typeof kept | typeof free;
  write?: { template?: string; replicas?: number };
}) {
  const { kind = 'deploy', metadata = free, write } = parts;
  const checks = await rolloutChecks({
    config: configOf('service'),
    client,
    observed: { deployment: { metadata }, subset: { template } },
    plan: { ...plan, kind, ...(write === undefined ? {} : { write }) },
  });
  return Object.fromEntries(checks.map(({ id, result }) => [id, result]));
}

test('who would put the write back blocks a change of what is kept in git', async () => {
  expect(await found({})).toMatchObject({ gitops: 'pass' });
  expect(await found({ metadata: kept })).toMatchObject({ gitops: 'fail' });
  expect(await found({ metadata: kept, kind: 'scale', write: { replicas: 3 } })).toMatchObject({
    gitops: 'fail',
  });
});

test('new pods need a readiness probe; those of a version that runs may go on without', async () => {
  const { readinessProbe: _, ...blind } = container;
  const write = { template: JSON.stringify({ spec: { containers: [blind] } }) };
  expect(await found({})).toMatchObject({ probes: 'pass' });
  expect(await found({ write })).toMatchObject({ probes: 'fail' });
  expect(await found({ write, kind: 'restart' })).toMatchObject({ probes: 'warn' });
  expect(await found({ write, kind: 'rollback' })).toMatchObject({ probes: 'warn' });
  expect(await found({ write: { replicas: 3 }, kind: 'scale' })).not.toHaveProperty('probes');
});

test('incidents that nobody can tell of are a warning; a rollback is what they need', async () => {
  expect(await found({})).toMatchObject({ incidents: 'warn' });
  expect(await found({ kind: 'rollback' })).not.toHaveProperty('incidents');
});
