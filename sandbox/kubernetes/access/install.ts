import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isKubeObject } from '../object';
import type { ObjectStore } from '../object-store';
import { resourceOfKind } from '../resources';
import type { KubeObject } from '../store';

/** Kinds that an install applies and that decide what an account may do. */
const ACCESS_KINDS = new Set(['ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding']);

/**
 * Puts the access objects of the manifests in `dir` into the store, replacing what a run before left:
 * what the pretend production allows is exactly what an install of these files grants.
 */
export async function installRoles(store: ObjectStore, dir: string): Promise<number> {
  const files = (await readdir(dir, { recursive: true })).filter((file) => /\.ya?ml$/.test(file)).sort();
  const objects: KubeObject[] = [];
  for (const file of files) objects.push(...accessObjects(await readFile(path.join(dir, file), 'utf8')));
  for (const object of objects) upsert(store, object);
  removeStale(store, objects);
  return objects.length;
}

function accessObjects(text: string): KubeObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    const value: unknown = document.toJS();
    return isKubeObject(value) && ACCESS_KINDS.has(value.kind) ? [value] : [];
  });
}

function upsert(store: ObjectStore, object: KubeObject): void {
  const type = resourceOfKind(object.apiVersion, object.kind);
  if (!type) return;
  const { namespace, name } = object.metadata;
  const stored = store.get(type.id, namespace ?? null, name);
  if (!stored) store.create(type.id, object);
  else
    store.change(type.id, namespace ?? null, name, (old) => ({
      ...object,
      metadata: { ...old.metadata, ...object.metadata },
    }));
}

/** A grant that the manifests no longer hold must not live on in a kept store. */
function removeStale(store: ObjectStore, wanted: KubeObject[]): void {
  const keyOf = ({ kind, metadata }: KubeObject): string =>
    `${kind} ${metadata.namespace ?? ''} ${metadata.name}`;
  const keep = new Set(wanted.map(keyOf));
  for (const plural of ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']) {
    const id = `${plural}.rbac.authorization.k8s.io`;
    for (const object of store.list(id)) {
      const { namespace = null, name } = object.metadata;
      if (!keep.has(keyOf(object))) store.remove(id, namespace, name);
    }
  }
}
