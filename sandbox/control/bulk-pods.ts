import { createHash } from 'node:crypto';
import type { JsonObject, NewObject, Store } from '../kubernetes/store';

/** Bytes that a pod of a real cluster weighs in a list: probes, volumes, tolerations and managed fields. */
const BODY_BYTES = 8192;

const LABEL = 'signalbox.example.com/bulk';

/** Makes `count` running pods of 8 kB or more in a namespace of their own; nothing owns or serves them. */
export function createBulkPods(store: Store, namespace: string, count: number): void {
  if (!store.get('namespaces', null, namespace)) {
    store.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
      status: { phase: 'Active' },
    });
  }
  const nodes = store.list('nodes').map(({ metadata }) => metadata.name);
  for (let index = 0; index < count; index++) {
    const name = `bulk-${String(index).padStart(5, '0')}`;
    if (store.get('pods', namespace, name)) continue;
    store.create(
      'pods',
      bulkPod(namespace, name, index, nodes[index % Math.max(1, nodes.length)] ?? 'node-a'),
    );
  }
}

/** Removes them; returns how many there were. */
export function removeBulkPods(store: Store, namespace: string): number {
  const pods = store.list('pods', namespace).filter(({ metadata }) => metadata.labels?.[LABEL] === 'true');
  for (const { metadata } of pods) store.remove('pods', namespace, metadata.name);
  return pods.length;
}

function bulkPod(namespace: string, name: string, index: number, nodeName: string): NewObject {
  const ip = `10.200.${Math.floor(index / 250)}.${(index % 250) + 1}`;
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  const pod: NewObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: 'bulk', [LABEL]: 'true' }, creationTimestamp: at },
    spec: podSpec(nodeName),
    status: podStatus(ip, at, name),
  };
  // Real bodies carry managed fields: the rest of the weight goes there.
  const missing = BODY_BYTES - JSON.stringify(pod).length;
  const filler = createHash('sha256').update(name).digest('hex');
  pod.metadata.annotations = {
    'example.com/managed-fields': filler.repeat(Math.ceil(Math.max(0, missing) / filler.length)),
  };
  return pod;
}

function podSpec(nodeName: string): JsonObject {
  const probe = (path: string) => ({
    httpGet: { path, port: 8080, scheme: 'HTTP' },
    timeoutSeconds: 1,
    periodSeconds: 5,
    successThreshold: 1,
    failureThreshold: 3,
  });
  return {
    containers: [
      {
        name: 'bulk',
        image: 'registry.example.com/platform/bulk:1.0.0',
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        env: Array.from({ length: 12 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}` })),
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        livenessProbe: probe('/livez'),
        readinessProbe: probe('/readyz'),
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 1,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    nodeName,
    securityContext: {},
    schedulerName: 'default-scheduler',
  };
}

function podStatus(ip: string, at: string, name: string): JsonObject {
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  const digest = createHash('sha256').update(`container/${name}`).digest('hex');
  return {
    phase: 'Running',
    conditions: types.map((type) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: at,
    })),
    hostIP: '10.0.1.17',
    podIP: ip,
    podIPs: [{ ip }],
    startTime: at,
    containerStatuses: [
      {
        name: 'bulk',
        state: { running: { startedAt: at } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: 'registry.example.com/platform/bulk:1.0.0',
        imageID: `registry.example.com/platform/bulk@sha256:${digest}`,
        containerID: `containerd://${digest}`,
        started: true,
      },
    ],
    qosClass: 'Burstable',
  };
}
