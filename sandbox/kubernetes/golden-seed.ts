import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toStoredVersion } from './api/convert';
import { applyJsonPatch } from './api/json-patch';
import { cloneJson, isJsonObject, isKubeObject } from './object';
import { EVENTS_GROUP, RESOURCES, resourceOfKind } from './resources';
import type { Json, JsonObject, KubeObject } from './store';

export type Exchange = {
  name: string;
  request: { line: string; as: string; headers: { [name: string]: string }; body?: Json };
  response: {
    status: number;
    headers: { [name: string]: string };
    body?: Json;
    events?: { type: string; object?: Json }[];
    eventCount?: number;
  };
};

export const GOLDEN_DIR = path.join(import.meta.dirname, 'golden');

/** Version of the store when an exchange does not say which it had. */
const ANY_VERSION = 3000;

/** The recorded cluster, as far as the exchanges speak of it: one object of each kind and the reader's rights. */
export function baseObjects(): KubeObject[] {
  const seed: unknown = JSON.parse(readFileSync(path.join(GOLDEN_DIR, 'seed.json'), 'utf8'));
  const objects = Array.isArray(seed) ? seed.filter(isKubeObject) : [];
  return [...objects, ...manyPods(objects), ...readerRights(), ...namespaces()];
}

/** Names that fall where the recorded pages of a list begin and end; with the pod of the seed there are twenty. */
const POD_NAMES = [
  ...['9tmpx', 'hh000', 'kj847', 'kk4kk', 'l0000', 'm0000', 'vkq69'].map(
    (end) => `architect-api-blue-5c876f7f6c-${end}`,
  ),
  ...Array.from(
    { length: 12 },
    (_, index) => `architect-api-green-56bf445bb4-x${String(index).padStart(2, '0')}`,
  ),
];

function manyPods(objects: KubeObject[]): KubeObject[] {
  const pod = objects.find((object) => object.kind === 'Pod');
  if (!pod) return [];
  // The recorded selector by node finds its first pod at the third of these names.
  const nodeOf = (index: number): string => (index >= 2 && index % 2 === 0 ? 'node-a' : 'node-b');
  return POD_NAMES.map((name, index) => ({
    ...renamed(pod, name),
    spec: { ...pod.spec, nodeName: nodeOf(index) },
  }));
}

function renamed(object: KubeObject, name: string): KubeObject {
  return { ...cloneJson(object), metadata: { ...cloneJson(object.metadata), name } };
}

function readerRights(): KubeObject[] {
  const metadata = {
    name: 'architect-reader',
    namespace: 'architect-production',
    uid: '00000000-0000-4000-8000-000000000001',
    resourceVersion: '300',
    creationTimestamp: '2026-11-21T06:29:35Z',
  };
  const read = ['get', 'list', 'watch'];
  const rules = [
    { verbs: read, apiGroups: [''], resources: ['pods', 'pods/log', 'services', 'events', 'endpoints'] },
    { verbs: read, apiGroups: ['apps'], resources: ['deployments', 'deployments/scale', 'replicasets'] },
    { verbs: ['patch'], apiGroups: ['apps'], resources: ['deployments', 'deployments/scale'] },
  ];
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'architect-reader' };
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'architect-reader' }];
  const role: KubeObject = { apiVersion, kind: 'Role', metadata, rules };
  const binding: KubeObject = { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects };
  return [role, binding];
}

function namespaces(): KubeObject[] {
  return ['default', 'kube-system'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      uid: `00000000-0000-4000-8000-${name.length.toString().padStart(12, '0')}`,
      resourceVersion: '1',
      creationTimestamp: '2026-11-21T06:27:00Z',
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  }));
}

/** A store snapshot in which the exchange can happen as it was recorded. */
export function snapshotFor(exchange: Exchange): string {
  const objects = new Map<string, { id: string; object: KubeObject }>();
  const put = (object: KubeObject): void => {
    const type =
      resourceOfKind(object.apiVersion, object.kind) ??
      RESOURCES.find((candidate) => candidate.kind === object.kind);
    if (!type) return;
    // The base has the stored form of what is also served as autoscaling/v1.
    if (object.apiVersion === 'autoscaling/v1') return;
    const served = {
      type,
      group: object.apiVersion.startsWith(EVENTS_GROUP) ? EVENTS_GROUP : type.group,
      version: 'v1',
    };
    const converted = type.kind === 'Event' ? toStoredVersion(object, served) : object;
    const stored = {
      ...converted,
      apiVersion: type.group === '' ? 'v1' : `${type.group}/${type.versions[0]}`,
    };
    objects.set(`${type.id} ${object.metadata.namespace ?? ''} ${object.metadata.name}`, {
      id: type.id,
      object: stored,
    });
  };
  for (const object of baseObjects()) put(object);
  const pod = podInPath(exchange);
  if (pod) put(pod);
  for (const object of special(exchange)) put(object);
  for (const object of recorded(exchange)) put(object);
  const byResource: { [id: string]: KubeObject[] } = {};
  for (const { id, object } of objects.values()) {
    const list = byResource[id] ?? [];
    byResource[id] = list;
    list.push(object);
  }
  // restore() raises the version by one.
  return JSON.stringify({ resourceVersion: versionOf(exchange) - 1, objects: byResource });
}

/** The version that the recorded answer speaks of: of the list, of "current", or of the oldest event. */
function versionOf(exchange: Exchange): number {
  const text = JSON.stringify(exchange.response);
  const named = /current: (\d+)/.exec(text) ?? /too old resource version: \d+ \((\d+)\)/.exec(text);
  if (named) return Number(named[1]);
  const { body } = exchange.response;
  const meta = isJsonObject(body) && Array.isArray(body['items']) ? body['metadata'] : undefined;
  return isJsonObject(meta) && typeof meta['resourceVersion'] === 'string'
    ? Number(meta['resourceVersion'])
    : ANY_VERSION;
}

/** A pod that only the URL names, copied from the recorded one; `nope` does not exist. */
function podInPath(exchange: Exchange): KubeObject | null {
  const name = /\/pods\/([^/?]+)/.exec(exchange.request.line)?.[1];
  const pod = baseObjects().find((object) => object.kind === 'Pod');
  if (!pod || name === undefined || name === 'nope') return null;
  return renamed(pod, name);
}

/** Objects in the answer, as they were before: a patched value is taken out so that the patch has work to do. */
function recorded(exchange: Exchange): KubeObject[] {
  const { body } = exchange.response;
  const [method = ''] = exchange.request.line.split(' ');
  if (!isJsonObject(body) || method === 'POST') return [];
  if (Array.isArray(body['items'])) {
    const kind = String(body['kind']).replace(/List$/, '');
    const withKind = body['items'].map((item) =>
      isJsonObject(item) ? { apiVersion: body['apiVersion'] ?? 'v1', kind, ...item } : null,
    );
    return withKind.filter(isKubeObject).filter((item) => item.kind !== 'PartialObjectMetadata');
  }
  if (!isKubeObject(body) || ['Scale', 'Table'].includes(body.kind)) return [];
  const before = cloneJson(body);
  if (method === 'DELETE') {
    delete before.metadata.deletionTimestamp;
    delete before.metadata.deletionGracePeriodSeconds;
  }
  if (method === 'PATCH') return [undone(before, exchange.request.body ?? null)];
  return [before];
}

function undone(object: KubeObject, patch: Json): KubeObject {
  const plain: Json = JSON.parse(JSON.stringify(object));
  if (Array.isArray(patch)) {
    let result = plain;
    for (const operation of patch) {
      // What a test passed on is what was there before.
      if (isJsonObject(operation) && operation['op'] === 'test')
        result = applyJsonPatch(result, [{ ...operation, op: 'replace' }]);
      if (!isJsonObject(operation) || operation['op'] !== 'replace') continue;
      result = applyJsonPatch(result, [
        { ...operation, value: typeof operation['value'] === 'number' ? 1 : (operation['value'] ?? null) },
      ]);
    }
    return isKubeObject(result) ? result : object;
  }
  if (isJsonObject(plain) && isJsonObject(patch)) takeOut(plain, patch);
  return isKubeObject(plain) ? plain : object;
}

/** Removes plain values that the patch sets; what it removes was some value before. */
function takeOut(target: JsonObject, patch: JsonObject): void {
  for (const [key, value] of Object.entries(patch)) {
    const found = target[key];
    if (value === null) target[key] = 'removed-by-the-patch';
    else if (isJsonObject(value) && isJsonObject(found)) takeOut(found, value);
    else if (typeof value === 'number' && typeof found === 'number') target[key] = value + 1;
  }
}

/** What single exchanges need to have happened before. */
function special(exchange: Exchange): KubeObject[] {
  const find = (kind: string): KubeObject[] =>
    baseObjects()
      .filter((object) => object.kind === kind)
      .slice(0, 1);
  const { name } = exchange;
  if (name.includes('ssa-made') || /delete-(configmap|precondition)/.test(name)) {
    const details = isJsonObject(exchange.response.body) ? exchange.response.body['details'] : undefined;
    const uid = isJsonObject(details) && typeof details['uid'] === 'string' ? details['uid'] : 'a';
    return find('ConfigMap').map((object) => ({
      ...object,
      metadata: { ...object.metadata, name: 'ssa-made', uid, resourceVersion: '2707' },
    }));
  }
  if (name === 'eviction-429-pdb') {
    return find('PodDisruptionBudget').map((object) => ({
      ...object,
      status: { ...object.status, disruptionsAllowed: 0, currentHealthy: 9 },
    }));
  }
  if (name === 'err-403-create-in-terminating-ns') {
    const metadata = {
      name: 'tmp-ns',
      finalizers: ['x.example/hold'],
      deletionTimestamp: '2026-11-21T06:50:22Z',
    };
    return find('Namespace').map((object) => ({ ...object, metadata: { ...object.metadata, ...metadata } }));
  }
  if (name === 'job-create-409-exists')
    return find('Job').map((object) => renamed(object, 'postgres-backup-manual-1'));
  return scaled(exchange);
}

/** The Deployment behind a recorded Scale. */
function scaled(exchange: Exchange): KubeObject[] {
  const { body } = exchange.response;
  if (
    !isJsonObject(body) ||
    body['kind'] !== 'Scale' ||
    !isJsonObject(body['metadata']) ||
    !isJsonObject(body['status'])
  )
    return [];
  const target = String(body['metadata']['name']);
  const given = isJsonObject(exchange.request.body) ? exchange.request.body['metadata'] : undefined;
  const version =
    isJsonObject(given) && typeof given['resourceVersion'] === 'string'
      ? given['resourceVersion']
      : String(body['metadata']['resourceVersion']);
  const replicas = body['status']['replicas'] ?? 0;
  return baseObjects()
    .filter((object) => object.kind === 'Deployment' && object.metadata.name === target)
    .map((object) => ({
      ...object,
      metadata: { ...object.metadata, resourceVersion: version },
      status: { ...object.status, replicas },
    }));
}
