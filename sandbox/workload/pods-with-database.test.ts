import { expect, test } from 'vitest';
import {
  createDeployment,
  readyPods,
  rollOut,
  type TestCluster,
  testCluster,
} from '../kubernetes/controllers/test-cluster';
import type { ServiceId } from '../topology';
import { podsWithDatabase } from './pods-with-database';

/** Pods of a service of production in a cluster whose databases the test takes away. */
function setUp() {
  const away = new Set<ServiceId>();
  const cluster = testCluster({ pods: podsWithDatabase('us-east-1', (_, service) => away.has(service)) });
  createDeployment(cluster, { name: 'architect-api', replicas: 3 });
  rollOut(cluster, 600, 'architect-api');
  return { away, cluster };
}
const ready = (cluster: TestCluster) => readyPods(cluster).length;

test('pods whose database lets nobody in fail their readiness after some seconds, and are ready soon after', () => {
  const { away, cluster } = setUp();
  expect(ready(cluster)).toBe(3);
  away.add('architect-api');
  cluster.controllers.behaviourChanged();
  expect(ready(cluster)).toBe(3);
  cluster.clock.advance(30_000);
  expect(ready(cluster)).toBe(0);
  cluster.clock.advance(120_000);
  expect(ready(cluster)).toBe(0);
  away.delete('architect-api');
  cluster.controllers.behaviourChanged();
  cluster.clock.advance(6_000);
  expect(ready(cluster)).toBe(3);
});

test('the database of another service is no matter of theirs', () => {
  const { away, cluster } = setUp();
  away.add('fraiseql-api');
  cluster.controllers.behaviourChanged();
  cluster.clock.advance(60_000);
  expect(ready(cluster)).toBe(3);
});

test('a moment without a database is over before the probe looks', () => {
  const { away, cluster } = setUp();
  away.add('architect-api');
  cluster.controllers.behaviourChanged();
  cluster.clock.advance(1_000);
  away.delete('architect-api');
  cluster.controllers.behaviourChanged();
  cluster.clock.advance(60_000);
  expect(ready(cluster)).toBe(3);
});
