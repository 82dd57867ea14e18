import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../store';
import { RESOURCES } from './context';
import { listAt, textAt, trueAt } from './read';
import {
  changeSpec,
  createDeployment,
  NAMESPACE,
  podsOf,
  rollOut,
  type TestCluster,
  testCluster,
} from './test-cluster';

// Rollouts of minutes are much arithmetic: a busy machine may take its time for it.
vi.setConfig({ testTimeout: 60_000 });

function withService(replicas: number, selector: JsonObject = { app: 'api' }): TestCluster {
  const cluster = testCluster();
  cluster.store.create(RESOURCES.services, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'api', namespace: NAMESPACE, labels: { app: 'api' } },
    spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }] },
  });
  createDeployment(cluster, {
    replicas,
    spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
  });
  rollOut(cluster);
  return cluster;
}

const slices = (cluster: TestCluster) => cluster.store.list(RESOURCES.endpointSlices, NAMESPACE);
const endpoints = (cluster: TestCluster) => slices(cluster).flatMap((slice) => listAt(slice, 'endpoints'));
const readyCount = (cluster: TestCluster) =>
  endpoints(cluster).filter((one) => trueAt(one, 'conditions', 'ready')).length;

describe('EndpointSlices', () => {
  it('name pod, node, zone, address and the number behind a named port', () => {
    const cluster = withService(2);
    const [pod] = podsOf(cluster);
    const entry = endpoints(cluster).find((one) => textAt(one, 'targetRef', 'uid') === pod?.metadata.uid);
    expect(entry).toEqual({
      addresses: [textAt(pod, 'status', 'podIP')],
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: 'Pod', namespace: NAMESPACE, name: pod?.metadata.name, uid: pod?.metadata.uid },
      nodeName: textAt(pod, 'spec', 'nodeName'),
      zone: pod?.metadata.labels?.['topology.kubernetes.io/zone'],
    });
    expect(slices(cluster)[0]?.['ports']).toEqual([{ name: 'http', protocol: 'TCP', port: 8080 }]);
    expect(slices(cluster)[0]?.metadata.labels?.['kubernetes.io/service-name']).toBe('api');
  });

  it('keep a pod that ends as serving and terminating, not ready, until it is gone', () => {
    const cluster = withService(3);
    changeSpec(cluster, { replicas: 2 });
    cluster.clock.advance(500);
    expect(endpoints(cluster).map((one) => one['conditions'])).toContainEqual({
      ready: false,
      serving: true,
      terminating: true,
    });
    expect(readyCount(cluster)).toBe(2);
    cluster.clock.advance(5000);
    expect(endpoints(cluster)).toHaveLength(2);
  });

  it('hold at most 100 endpoints each and shrink again', () => {
    const cluster = withService(230);
    expect(slices(cluster).map((slice) => listAt(slice, 'endpoints').length)).toHaveLength(3);
    expect(Math.max(...slices(cluster).map((slice) => listAt(slice, 'endpoints').length))).toBe(100);
    expect(readyCount(cluster)).toBe(230);
    changeSpec(cluster, { replicas: 0 });
    cluster.clock.advance(60_000);
    expect(endpoints(cluster)).toHaveLength(0);
    expect(slices(cluster)).toHaveLength(1);
  });

  it('follow a changed selector and go with their Service', () => {
    const cluster = withService(2);
    changeSpec(cluster, { selector: { app: 'other' } }, 'api', RESOURCES.services);
    cluster.clock.advance(100);
    expect(endpoints(cluster)).toHaveLength(0);
    changeSpec(cluster, { selector: { app: 'api' } }, 'api', RESOURCES.services);
    cluster.clock.advance(100);
    expect(readyCount(cluster)).toBe(2);
    cluster.store.remove(RESOURCES.services, NAMESPACE, 'api');
    cluster.clock.advance(100);
    expect(slices(cluster)).toHaveLength(0);
  });
});
