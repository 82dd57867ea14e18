import 'server-only';
import { z } from 'zod';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { type Fence, readFence } from '@/lib/actuators/kubernetes/fence';
import { readDeployment, readPods, readReplicaSets } from '@/lib/actuators/kubernetes/read';
import type { DeploymentObject, PodObject, ReplicaSetObject } from '@/lib/actuators/kubernetes/schema';
import { parseImage } from '@/lib/core/image';
import type { Live, PodFact } from '../rollout';
import type { Subset } from '../stored';
import { imageOf, normaliseTemplate, templateKey, versionOf } from '../template';

export type Observed = {
  deployment: DeploymentObject;
  replicaSets: ReplicaSetObject[];
  live: Live;
  /** When the oldest of its pods was made, ISO; null while it has none, or where they do not say. */
  podsSince: string | null;
  subset: Subset;
  fence: Fence | null;
};

export type ObservedTarget = { namespace: string; name: string; container: string };

/** Reads the Deployment, its ReplicaSets and pods from the API server. Throws ClusterError. */
export async function observeTarget(client: ClusterClient, target: ObservedTarget): Promise<Observed> {
  const deployment = await readDeployment(client, target);
  const selector = labelSelector(deployment.spec.selector);
  const [replicaSets, pods] = await Promise.all([
    readReplicaSets(client, target.namespace, deployment.metadata.uid, selector),
    readPods(client, target.namespace, selector),
  ]);
  const template = normaliseTemplate(deployment.spec.template);
  return {
    deployment,
    replicaSets,
    subset: { template, paused: deployment.spec.paused, replicas: deployment.spec.replicas },
    fence: readFence(deployment.metadata.annotations),
    podsSince: podsSinceOf(replicaSets, pods),
    live: liveOf(deployment, replicaSets, pods, target.container),
  };
}

const Selector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).default([]) }))
    .default([]),
});

const operators: Record<string, (key: string, values: string[]) => string> = {
  In: (key, values) => `${key} in (${values.join(',')})`,
  NotIn: (key, values) => `${key} notin (${values.join(',')})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};

/** The query form of a label selector. */
export function labelSelector(selector: unknown): string {
  const { matchLabels, matchExpressions } = Selector.parse(selector);
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const others = matchExpressions.map(
    ({ key, operator, values }) => operators[operator]?.(key, values) ?? '',
  );
  return [...labels, ...others.filter((text) => text !== '')].join(',');
}

function liveOf(
  deployment: DeploymentObject,
  replicaSets: ReplicaSetObject[],
  pods: PodObject[],
  container: string,
): Live {
  const { metadata, spec, status } = deployment;
  const template = templateKey(spec.template);
  const current = replicaSets.find((set) => templateKey(set.spec.template) === template);
  const owned = new Map(replicaSets.map((set) => [set.metadata.uid, set]));
  const facts = pods.flatMap((pod) => {
    const owner = pod.metadata.ownerReferences.find(({ uid }) => owned.has(uid));
    return owner === undefined
      ? []
      : [{ fact: podFact(pod, container), isNew: owner.uid === current?.metadata.uid }];
  });
  const scaler = writerOf(deployment, ['f:replicas']);
  return {
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    template,
    paused: spec.paused,
    replicas: spec.replicas,
    generation: metadata.generation,
    observedGeneration: status.observedGeneration,
    counts: {
      all: status.replicas,
      updated: status.updatedReplicas,
      ready: status.readyReplicas,
      available: status.availableReplicas,
    },
    deadlineExceeded: status.conditions.some(
      ({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded',
    ),
    newPods: facts.filter(({ isNew }) => isNew).map(({ fact }) => fact),
    oldPods: facts.filter(({ isNew }) => !isNew).map(({ fact }) => fact),
    writer: writerOf(deployment, ['f:template', 'f:paused', 'f:replicas']),
    scaledByAutoscaler: scaler !== null && /autoscaler|kube-controller-manager/.test(scaler),
  };
}

const SpecFields = z.looseObject({ 'f:spec': z.json().optional() });

/**
 * The manager that wrote one of these fields of spec last, by managedFields; our own name never counts. The
 * controller's status has an `f:replicas` too, and is always newer than what a person wrote.
 */
function writerOf(deployment: DeploymentObject, fields: string[]): string | null {
  const writers = deployment.metadata.managedFields.filter(({ manager, fieldsV1 }) => {
    if (manager === 'signalbox') return false;
    const text = JSON.stringify(SpecFields.safeParse(fieldsV1).data?.['f:spec'] ?? {});
    return fields.some((field) => text.includes(`"${field}"`));
  });
  writers.sort((left, right) => (left.time ?? '').localeCompare(right.time ?? ''));
  return writers.at(-1)?.manager ?? null;
}

function podsSinceOf(sets: readonly ReplicaSetObject[], pods: readonly PodObject[]): string | null {
  const owners = new Set(sets.map(({ metadata }) => metadata.uid));
  const made = pods.flatMap(({ metadata: { creationTimestamp, ownerReferences } }) =>
    creationTimestamp !== undefined && ownerReferences.some(({ uid }) => owners.has(uid))
      ? [creationTimestamp]
      : [],
  );
  return made.toSorted()[0] ?? null;
}

const fatal = /BackOff|^Err|Error|Invalid|OOMKilled/;

function podFact(pod: PodObject, container: string): PodFact {
  const statuses = pod.status.containerStatuses;
  const waiting = statuses
    .map(({ state }) => state.waiting?.reason ?? '')
    .find((reason) => fatal.test(reason));
  const ended = statuses
    .map(({ state }) => state.terminated?.reason ?? '')
    .find((reason) => fatal.test(reason));
  // `repository@sha256:…`, the index or manifest that was pulled; a bare id is of the local store and says nothing.
  const { digest } = parseImage(statuses.find(({ name }) => name === container)?.imageID ?? '');
  return {
    name: pod.metadata.name,
    version: versionOf(imageOf({ spec: pod.spec }, container) ?? ''),
    ...(digest === null ? {} : { digest }),
    ready: pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    terminating: pod.metadata.deletionTimestamp !== undefined,
    restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    trouble: waiting ?? ended ?? null,
  };
}
