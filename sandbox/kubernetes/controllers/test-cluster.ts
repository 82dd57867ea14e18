import { ObjectStore } from '../object-store';
import type { JsonObject, KubeObject, ResourceName, StoreEvent } from '../store';
import { VirtualClock } from './clock';
import { RESOURCES } from './context';
import { defaultBehaviour, imageOf, type PodBehaviour, type PodOutcome } from './pod-behaviour';
import { isActive, isReady } from './pod-facts';
import { countAt } from './read';
import { type ControllerOptions, startControllers } from './start';

export const NAMESPACE = 'architect-production';

/** Images with `never-ready`, `crash`, `missing` and so on in the tag behave that way; the rest are fine. */
export const behaviourByTag: PodBehaviour = {
  ...defaultBehaviour,
  outcome: (pod) => outcomeOfTag(imageOf(pod)),
};

function outcomeOfTag(image: string): PodOutcome {
  const known: PodOutcome[] = ['crash', 'oom', 'not-live', 'never-ready', 'image-missing'];
  return known.find((outcome) => image.endsWith(outcome)) ?? 'ok';
}

/** A repeatable random source, 0 ≤ x < 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A store with all controllers on a clock that the test moves. */
export function testCluster(options: Partial<ControllerOptions> = {}) {
  const clock = new VirtualClock();
  const store = new ObjectStore({ now: () => clock.now() });
  const log: { resource: ResourceName; event: StoreEvent }[] = [];
  store.subscribe((resource, event) => log.push({ resource, event }));
  const controllers = startControllers(store, {
    clock,
    random: seeded(7),
    nodes: ['node-a', 'node-b', 'node-c'],
    pods: behaviourByTag,
    ...options,
  });
  return { clock, store, log, controllers };
}

export type TestCluster = ReturnType<typeof testCluster>;

export type DeploymentShape = {
  name?: string;
  image?: string;
  replicas?: number;
  spec?: JsonObject;
  annotations?: { [key: string]: string };
};

export function podTemplate(labels: { [key: string]: string }, image: string): JsonObject {
  const probe = (path: string): JsonObject => ({
    httpGet: { path, port: 8080, scheme: 'HTTP' },
    periodSeconds: 5,
    failureThreshold: 3,
  });
  return {
    metadata: { labels },
    spec: {
      containers: [
        {
          name: 'api',
          image,
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          resources: { limits: { memory: '1Gi' }, requests: { cpu: '250m', memory: '512Mi' } },
          livenessProbe: { ...probe('/livez'), initialDelaySeconds: 10 },
          readinessProbe: { ...probe('/readyz'), initialDelaySeconds: 2 },
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
    },
  };
}

export function createDeployment(cluster: TestCluster, shape: DeploymentShape = {}): KubeObject {
  const name = shape.name ?? 'api';
  const labels = { app: name };
  return cluster.store.create(RESOURCES.deployments, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      namespace: NAMESPACE,
      labels,
      ...(shape.annotations ? { annotations: shape.annotations } : {}),
    },
    spec: {
      replicas: shape.replicas ?? 10,
      selector: { matchLabels: labels },
      template: podTemplate(labels, shape.image ?? 'api:1'),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      ...shape.spec,
    },
    status: {},
  });
}

export function changeSpec(
  cluster: TestCluster,
  change: JsonObject,
  name = 'api',
  resource: ResourceName = RESOURCES.deployments,
): void {
  cluster.store.change(resource, NAMESPACE, name, (object) => ({
    ...object,
    spec: { ...object.spec, ...change },
  }));
}

export function setImage(cluster: TestCluster, image: string, name = 'api'): void {
  changeSpec(cluster, { template: podTemplate({ app: name }, image) }, name);
}

export function deploymentOf(cluster: TestCluster, name = 'api'): KubeObject {
  const found = cluster.store.get(RESOURCES.deployments, NAMESPACE, name);
  if (!found) throw new Error(`deployment ${name} is gone`);
  return found;
}

export const podsOf = (cluster: TestCluster): KubeObject[] => cluster.store.list(RESOURCES.pods, NAMESPACE);
export const readyPods = (cluster: TestCluster): KubeObject[] =>
  podsOf(cluster).filter((pod) => isActive(pod) && isReady(pod));
export const setsOf = (cluster: TestCluster): KubeObject[] =>
  cluster.store.list(RESOURCES.replicaSets, NAMESPACE);

/** kubectl's rule: the generation was seen and everything wanted is new, alone and available. */
export function isRolledOut(deployment: KubeObject): boolean {
  const wanted = countAt(deployment, 'spec', 'replicas');
  return (
    countAt(deployment, 'status', 'observedGeneration') >= (deployment.metadata.generation ?? 0) &&
    countAt(deployment, 'status', 'updatedReplicas') === wanted &&
    countAt(deployment, 'status', 'replicas') === wanted &&
    countAt(deployment, 'status', 'availableReplicas') === wanted
  );
}

/** Runs until the rollout is complete and quiet; throws when that takes longer than `seconds`. */
export function rollOut(cluster: TestCluster, seconds = 600, name = 'api'): void {
  const done = cluster.clock.advanceUntil(() => isRolledOut(deploymentOf(cluster, name)), seconds * 1000);
  if (!done)
    throw new Error(`not complete after ${seconds} s: ${JSON.stringify(deploymentOf(cluster, name).status)}`);
  cluster.clock.advance(5000);
}
