import { expect, test } from 'vitest';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { observeTarget } from './observe';

const template = {
  metadata: { labels: { app: 'api' } },
  spec: { containers: [{ name: 'api', image: 'registry.example.com/api:2' }] },
};

/** As a real API server records it (captures: rollout-1-patch): the controller owns the counts of the status. */
const status = {
  manager: 'kube-controller-manager',
  operation: 'Update',
  subresource: 'status',
  time: '2026-11-21T06:45:00Z',
  fieldsV1: { 'f:status': { 'f:availableReplicas': {}, 'f:replicas': {}, 'f:updatedReplicas': {} } },
};
const created = {
  manager: 'kubectl-create',
  operation: 'Update',
  time: '2026-11-21T06:29:37Z',
  fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:template': { 'f:spec': {} } } },
};

/** A cluster that holds one Deployment and nothing else. */
const clusterOf = (managedFields: object[]): ClusterClient => ({
  id: 'c',
  call: async () => ({ status: 200, body: {}, auditId: null }),
  get: async (schema, path) =>
    schema.parse(
      path.includes('/deployments/')
        ? {
            metadata: { name: 'api', uid: 'u', resourceVersion: '1', managedFields },
            spec: { replicas: 3, selector: { matchLabels: { app: 'api' } }, template },
          }
        : { items: [] },
    ),
  close: async () => {},
});
const liveOf = async (managedFields: object[]) =>
  (await observeTarget(clusterOf(managedFields), { namespace: 'n', name: 'api', container: 'api' })).live;

test('the controller that counts pods is neither the writer nor an autoscaler', async () => {
  const edited = {
    manager: 'kubectl-edit',
    operation: 'Update',
    time: '2026-11-21T06:40:00Z',
    fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': {} } } },
  };
  expect(await liveOf([created, edited, status])).toMatchObject({
    writer: 'kubectl-edit',
    scaledByAutoscaler: false,
  });
});

test('who scaled is told apart: a person by kubectl, and an autoscaler', async () => {
  const scaled = (manager: string) => ({
    manager,
    operation: 'Update',
    subresource: 'scale',
    time: '2026-11-21T06:40:00Z',
    fieldsV1: { 'f:spec': { 'f:replicas': {} } },
  });
  expect(await liveOf([created, scaled('kubectl'), status])).toMatchObject({
    writer: 'kubectl',
    scaledByAutoscaler: false,
  });
  expect(await liveOf([created, scaled('kube-controller-manager'), status])).toMatchObject({
    scaledByAutoscaler: true,
  });
});
