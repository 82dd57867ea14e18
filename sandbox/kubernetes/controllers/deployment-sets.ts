import { equalJson } from '../object';
import type { JsonObject, KubeObject } from '../store';
import { type Context, RESOURCES } from './context';
import { desiredReplicas, maxSurge, minReadySeconds } from './deployment-limits';
import { templateHash } from './names';
import { controllerOf, countAt, numberAt, objectAt, textMapAt } from './read';
import { matchesSelector } from './selector';

const PREFIX = 'deployment.kubernetes.io/';
export const REVISION = `${PREFIX}revision`;
const HISTORY = `${PREFIX}revision-history`;
export const DESIRED = `${PREFIX}desired-replicas`;
export const MAX = `${PREFIX}max-replicas`;
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Annotations of a Deployment that its ReplicaSets do not take over. */
const NOT_COPIED = new Set([
  REVISION,
  HISTORY,
  DESIRED,
  MAX,
  LAST_APPLIED,
  'deprecated.deployment.rollback.to',
]);
const HISTORY_LENGTH_MAX = 2000;

export const revisionOf = (object: KubeObject): number =>
  Number.parseInt(object.metadata.annotations?.[REVISION] ?? '0', 10) || 0;

/** ReplicaSets of a Deployment, oldest first; unmanaged ones that its selector matches are adopted. */
export function claimSets(context: Context, deployment: KubeObject): KubeObject[] {
  const { index, store } = context;
  const namespace = deployment.metadata.namespace ?? 'default';
  for (const orphan of index.orphans(RESOURCES.replicaSets, namespace)) {
    const selector = objectAt(deployment, 'spec', 'selector');
    if (!matchesSelector(selector, orphan.metadata.labels) || controllerOf(orphan)) continue;
    store.change(RESOURCES.replicaSets, namespace, orphan.metadata.name, (set) => {
      set.metadata.ownerReferences = [...(set.metadata.ownerReferences ?? []), ownerReference(deployment)];
      return set;
    });
  }
  return index.ownedBy(RESOURCES.replicaSets, deployment.metadata.uid).sort(byAge);
}

export const byAge = (a: KubeObject, b: KubeObject): number =>
  a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
  a.metadata.name.localeCompare(b.metadata.name);

/** The oldest ReplicaSet whose template is the Deployment's, pod-template-hash aside. */
export function findNewSet(deployment: KubeObject, sets: readonly KubeObject[]): KubeObject | undefined {
  const wanted = withoutHash(objectAt(deployment, 'spec', 'template'));
  return sets.find((set) => equalJson(withoutHash(objectAt(set, 'spec', 'template')), wanted));
}

export function ownerReference(owner: KubeObject) {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** What a ReplicaSet takes over from its Deployment: annotations, the next revision, the numbers it had before. */
export function annotationsFor(
  deployment: KubeObject,
  set: KubeObject | null,
  revision: number,
): { [key: string]: string } {
  const out = { ...set?.metadata.annotations };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(key)) out[key] = value;
  }
  const before = set?.metadata.annotations?.[REVISION];
  if ((Number.parseInt(before ?? '0', 10) || 0) >= revision) return out;
  out[REVISION] = String(revision);
  if (before !== undefined) {
    const history = [...(out[HISTORY] ? out[HISTORY].split(',') : []), before];
    while (history.join(',').length > HISTORY_LENGTH_MAX) history.shift();
    out[HISTORY] = history.join(',');
  }
  return out;
}

/** The body of a Deployment's next ReplicaSet, and the hash in its name. */
export function newSetFor(deployment: KubeObject, revision: number, replicas: number) {
  const template = objectAt(deployment, 'spec', 'template');
  const hash = templateHash(template, countAt(deployment, 'status', 'collisionCount'));
  const labels = { ...textMapAt(template, 'metadata', 'labels'), 'pod-template-hash': hash };
  const selector = objectAt(deployment, 'spec', 'selector');
  const ready = minReadySeconds(deployment);
  const spec: JsonObject = {
    replicas,
    ...(ready > 0 ? { minReadySeconds: ready } : {}),
    selector: {
      ...selector,
      matchLabels: { ...objectAt(selector, 'matchLabels'), 'pod-template-hash': hash },
    },
    template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace === undefined ? {} : { namespace: deployment.metadata.namespace }),
      labels,
      annotations: { ...annotationsFor(deployment, null, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec,
    status: { replicas: 0 },
  };
}

/** The sizes that proportional scaling compares with later. */
export function sizeAnnotations(deployment: KubeObject): { [key: string]: string } {
  const desired = desiredReplicas(deployment);
  return { [DESIRED]: String(desired), [MAX]: String(desired + maxSurge(deployment)) };
}

/** A scaling event: some active ReplicaSet was sized for another number of replicas. */
export function isScaled(deployment: KubeObject, sets: readonly KubeObject[]): boolean {
  return sets.some((set) => {
    if (desiredReplicas(set) === 0) return false;
    const sizedFor = Number.parseInt(set.metadata.annotations?.[DESIRED] ?? '', 10);
    return Number.isFinite(sizedFor) && sizedFor !== desiredReplicas(deployment);
  });
}

/** True when the ReplicaSet's last generation is the one its status speaks of. */
export const isObserved = (set: KubeObject): boolean =>
  (numberAt(set, 'status', 'observedGeneration') ?? 0) >= (set.metadata.generation ?? 1);

function withoutHash(template: JsonObject): JsonObject {
  const metadata = objectAt(template, 'metadata');
  const { 'pod-template-hash': _hash, ...labels } = objectAt(metadata, 'labels');
  const { creationTimestamp: _null, ...rest } = metadata;
  return { ...template, metadata: { ...rest, labels } };
}
