import { isJsonObject } from './object';
import { resourceOfKind } from './resources';
import type { Json, JsonObject, KubeObject } from './store';

/** Path of a leaf, its elements as FieldsV1 has them (`f:spec`, `k:{"name":"api"}`, `v:"x"`), joined by a tab. */
export type FieldPath = string;
const SEPARATOR = '\t';

/** Lists whose items are owned one by one, with the members that name an item (listType=map of the built-in kinds). */
const LIST_KEYS: { [field: string]: readonly string[] } = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
  conditions: ['type'],
  ownerReferences: ['uid'],
};
const CONTAINERS = new Set(['containers', 'initContainers', 'ephemeralContainers']);
/** Maps that are owned as a whole (mapType=atomic). */
const ATOMIC_MAPS = new Set(['selector', 'nodeSelector', 'matchLabels']);
const SETS = new Set(['finalizers']);
/** Members of metadata that belong to nobody. */
const SYSTEM = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'managedFields',
]);
/**
 * The leaves of an object and their values, as text that is equal when they are. Lists of custom resources are one
 * value each (change-engine.md 1.7: who writes one weight of a route owns all its rules).
 */
export function fieldsOf(object: KubeObject): Map<FieldPath, string> {
  const out = new Map<FieldPath, string>();
  const keyed = resourceOfKind(object.apiVersion, object.kind)?.custom !== true;
  for (const [key, value] of Object.entries(object)) {
    if (key === 'apiVersion' || key === 'kind' || value === undefined) continue;
    if (key !== 'metadata') walk(value, { path: [`f:${key}`], field: key, parent: '', keyed }, out);
  }
  for (const [key, value] of Object.entries(object.metadata)) {
    if (SYSTEM.has(key) || value === undefined) continue;
    const json: Json = JSON.parse(JSON.stringify(value));
    walk(json, { path: ['f:metadata', `f:${key}`], field: key, parent: 'metadata', keyed: true }, out);
  }
  return out;
}

type Place = { path: string[]; field: string; parent: string; keyed: boolean };

function walk(value: unknown, place: Place, out: Map<FieldPath, string>): void {
  const { path, field, parent, keyed } = place;
  if (isJsonObject(value) && Object.keys(value).length > 0 && !ATOMIC_MAPS.has(field)) {
    for (const [key, child] of Object.entries(value))
      walk(child, { path: [...path, `f:${key}`], field: key, parent: field, keyed }, out);
    return;
  }
  const members = Array.isArray(value) && value.length > 0 && keyed ? value : null;
  if (members !== null && SETS.has(field)) {
    for (const member of members) out.set([...path, `v:${JSON.stringify(member)}`].join(SEPARATOR), '');
    return;
  }
  const names = members === null ? null : itemNames(members, field, parent);
  if (members === null || names === null) {
    out.set(path.join(SEPARATOR), canonical(value));
    return;
  }
  for (const [index, item] of members.entries()) {
    const at = [...path, names[index] ?? ''];
    out.set([...at, '.'].join(SEPARATOR), '');
    for (const [key, child] of Object.entries(item ?? {}))
      walk(child, { path: [...at, `f:${key}`], field: key, parent: field, keyed }, out);
  }
}

/** The `k:{…}` element of each item; null for a list that is one value. */
function itemNames(items: readonly unknown[], field: string, parent: string): string[] | null {
  const port = CONTAINERS.has(parent) ? 'containerPort' : 'port';
  const keys = field === 'ports' ? [port, 'protocol'] : LIST_KEYS[field];
  if (keys === undefined) return null;
  const names = items.map((item) => {
    if (!isJsonObject(item)) return null;
    const named = keys.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]] as const]));
    return named.length === 0 ? null : `k:${JSON.stringify(Object.fromEntries(named))}`;
  });
  const found = names.filter((name) => name !== null);
  return found.length === items.length && new Set(found).size === items.length ? found : null;
}

/** JSON text with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

/** Leaves as the tree that managedFields holds. */
export function toFieldsV1(paths: readonly FieldPath[]): JsonObject {
  const root: JsonObject = {};
  for (const path of paths.toSorted()) {
    let node = root;
    for (const element of path.split(SEPARATOR)) {
      const child = node[element];
      const next: JsonObject = isJsonObject(child) ? child : {};
      node[element] = next;
      node = next;
    }
  }
  return root;
}

/** The leaves of such a tree. A path that is also the beginning of another is not among them. */
export function toPaths(fields: Json | undefined): FieldPath[] {
  const out: FieldPath[] = [];
  const visit = (node: Json | undefined, path: string[]): void => {
    const children = isJsonObject(node) ? Object.entries(node) : [];
    if (children.length === 0 && path.length > 0) out.push(path.join(SEPARATOR));
    for (const [element, child] of children) visit(child, [...path, element]);
  };
  visit(fields, []);
  return out;
}
