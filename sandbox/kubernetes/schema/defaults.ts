import { cloneJson, isJsonObject } from '../object';
import type { ResourceType } from '../resources';
import type { Json, JsonObject, KubeObject, NewObject } from '../store';
import { child, children, fill } from './fill';
import { podSpecDefaults } from './pod-defaults';

type Defaulter = (object: Fields) => void;
type Fields = { spec: JsonObject; metadata: KubeObject['metadata'] | NewObject['metadata'] };

function template(spec: JsonObject): void {
  const pod = child(spec, 'template');
  child(pod, 'metadata');
  podSpecDefaults(child(pod, 'spec'));
}

const BY_KIND: { [kind: string]: Defaulter } = {
  Pod: ({ spec }) => {
    podSpecDefaults(spec);
    fill(spec, {
      serviceAccountName: 'default',
      serviceAccount: 'default',
      priority: 0,
      enableServiceLinks: true,
    });
    fill(spec, { preemptionPolicy: 'PreemptLowerPriority' });
  },
  Deployment: ({ spec }) => {
    template(spec);
    // `omitempty` in the API's type: a Deployment that is not paused does not say so.
    if (spec['paused'] === false) delete spec['paused'];
    fill(spec, { replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    const strategy = child(spec, 'strategy');
    fill(strategy, { type: 'RollingUpdate' });
    if (strategy['type'] === 'RollingUpdate')
      fill(child(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
  },
  ReplicaSet: ({ spec }) => {
    template(spec);
    fill(spec, { replicas: 1 });
  },
  StatefulSet: ({ spec }) => {
    template(spec);
    fill(spec, { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10 });
    fill(spec, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } });
    fill(spec, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } });
  },
  Job: ({ spec }) => {
    template(spec);
    fill(spec, { parallelism: 1, completions: 1, backoffLimit: 6, manualSelector: false });
    fill(spec, { completionMode: 'NonIndexed', suspend: false, podReplacementPolicy: 'TerminatingOrFailed' });
  },
  CronJob: ({ spec }) => {
    template(child(child(spec, 'jobTemplate'), 'spec'));
    fill(spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  },
  Service: ({ spec }) => {
    for (const port of children(spec, 'ports')) {
      fill(port, { protocol: 'TCP' });
      fill(port, { targetPort: port['port'] ?? 0 });
    }
    fill(spec, {
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
    fill(spec, { internalTrafficPolicy: 'Cluster', clusterIP: clusterIp() });
    if (spec['clusterIP'] !== 'None') fill(spec, { clusterIPs: [spec['clusterIP'] ?? ''] });
  },
  HorizontalPodAutoscaler: ({ spec }) => fill(spec, { minReplicas: 1 }),
  Namespace: ({ spec, metadata }) => {
    fill(spec, { finalizers: ['kubernetes'] });
    metadata.labels = { 'kubernetes.io/metadata.name': metadata.name, ...metadata.labels };
  },
};

/** First status of kinds that are never without one. */
const STATUS: { [kind: string]: JsonObject } = {
  Namespace: { phase: 'Active' },
  Service: { loadBalancer: {} },
  Pod: { phase: 'Pending' },
  Deployment: {},
  ReplicaSet: { replicas: 0 },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  Job: {},
  CronJob: {},
};

/** The object with what the API server fills in on every write; the given one is not changed. */
export function applyDefaults<T extends KubeObject | NewObject>(type: ResourceType, object: T): T {
  const defaulter = BY_KIND[type.kind];
  const copy = cloneJson(object);
  if (defaulter) {
    const spec: JsonObject = copy.spec ?? {};
    defaulter({ spec, metadata: copy.metadata });
    copy.spec = spec;
  }
  const status: Json | undefined = STATUS[type.kind];
  if (copy.status === undefined && isJsonObject(status)) copy.status = cloneJson(status);
  return copy;
}

/** An address of the service range; two services may share one by chance, nothing routes by it. */
function clusterIp(): string {
  const part = (): number => 1 + Math.floor(Math.random() * 254);
  return `10.96.${part()}.${part()}`;
}
