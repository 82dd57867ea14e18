import { ApiError } from '../api-error';
import { quotaRefusal } from '../quota';
import type { JsonObject, KubeObject, NewObject } from '../store';
import { type Context, RESOURCES } from './context';
import { ownerReference } from './deployment-sets';
import { randomSuffix } from './names';
import { qosClass } from './pod-facts';
import { listAt, numberAt, objectAt, textMapAt } from './read';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const EVICTION_SECONDS = 300;

type Named = { name: string } | { generateName: string };

/**
 * Creates a pod from the template of its owner with what the API server's admission adds: the service
 * account and its token volume, tolerations, priority and the quality of service class. Throws the 403 of a
 * quota that has no room.
 */
export function createPod(
  context: Context,
  owner: KubeObject,
  template: JsonObject,
  named: Named,
): KubeObject {
  for (let attempt = 0; ; attempt += 1) {
    const pod = podFrom(context, owner, template, named);
    const refused = quotaRefusalFor(context, pod);
    if (refused) throw refused;
    try {
      return context.store.create(RESOURCES.pods, pod);
    } catch (error) {
      // A random name may be taken; a fixed one that is taken is the caller's news.
      if (
        !('generateName' in named) ||
        attempt === 5 ||
        !(error instanceof ApiError && error.reason === 'AlreadyExists')
      )
        throw error;
    }
  }
}

function quotaRefusalFor({ index }: Context, pod: NewObject): ApiError | null {
  const namespace = pod.metadata.namespace ?? '';
  const quotas = index.inNamespace(RESOURCES.resourceQuotas, namespace);
  if (quotas.length === 0) return null;
  return quotaRefusal(pod, quotas, index.inNamespace(RESOURCES.pods, namespace));
}

function podFrom(context: Context, owner: KubeObject, template: JsonObject, named: Named) {
  const name = 'name' in named ? named.name : `${named.generateName}${randomSuffix(context.random)}`;
  const labels = textMapAt(template, 'metadata', 'labels');
  const annotations = textMapAt(template, 'metadata', 'annotations');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...('generateName' in named ? { generateName: named.generateName } : {}),
      namespace: owner.metadata.namespace ?? 'default',
      labels,
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ownerReferences: [ownerReference(owner)],
    },
    spec: admitted(objectAt(template, 'spec'), randomSuffix(context.random)),
    status: { phase: 'Pending', qosClass: qosClass(listAt(template, 'spec', 'containers')) },
  };
}

function admitted(spec: JsonObject, suffix: string): JsonObject {
  const volume = `kube-api-access-${suffix}`;
  const account = typeof spec['serviceAccountName'] === 'string' ? spec['serviceAccountName'] : 'default';
  const mount = { name: volume, readOnly: true, mountPath: TOKEN_PATH };
  const containers = listAt(spec, 'containers').map((container) => ({
    ...container,
    volumeMounts: [...listAt(container, 'volumeMounts'), mount],
  }));
  return {
    ...spec,
    volumes: [...listAt(spec, 'volumes'), tokenVolume(volume)],
    containers,
    restartPolicy: spec['restartPolicy'] ?? 'Always',
    terminationGracePeriodSeconds: numberAt(spec, 'terminationGracePeriodSeconds') ?? 30,
    dnsPolicy: spec['dnsPolicy'] ?? 'ClusterFirst',
    serviceAccountName: account,
    serviceAccount: account,
    securityContext: spec['securityContext'] ?? {},
    schedulerName: spec['schedulerName'] ?? 'default-scheduler',
    tolerations: [
      ...listAt(spec, 'tolerations'),
      ...['not-ready', 'unreachable'].map((taint) => ({
        key: `node.kubernetes.io/${taint}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: EVICTION_SECONDS,
      })),
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function tokenVolume(name: string): JsonObject {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 420,
    },
  };
}

/** Starts graceful deletion: the timestamp lies in the future, by the grace period. Unassigned pods go at once. */
export function deletePod(context: Context, pod: KubeObject, graceSeconds?: number): void {
  const { store, clock } = context;
  const namespace = pod.metadata.namespace ?? null;
  const assigned = typeof objectAt(pod, 'spec')['nodeName'] === 'string';
  const grace = graceSeconds ?? numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? 30;
  if (!assigned || grace === 0) {
    store.remove(RESOURCES.pods, namespace, pod.metadata.name);
    return;
  }
  store.change(RESOURCES.pods, namespace, pod.metadata.name, (object) => {
    if (object.metadata.deletionTimestamp !== undefined) return null;
    const at = `${new Date(clock.now() + grace * 1000).toISOString().slice(0, 19)}Z`;
    object.metadata.deletionTimestamp = at;
    object.metadata.deletionGracePeriodSeconds = grace;
    return object;
  });
}
