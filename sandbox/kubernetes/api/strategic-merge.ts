import { badRequest } from '../api-error';
import { cloneJson, equalJson, isJsonObject } from '../object';
import type { Json, JsonObject } from '../store';

/**
 * Merge keys of lists by field name, from the patchMergeKey tags of the API types (core/v1, apps/v1,
 * batch/v1). A field name that has different keys in different places is told apart by its parent.
 */
const MERGE_KEYS: { [field: string]: string[] } = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  imagePullSecrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  resourceClaims: ['name'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  podIPs: ['ip'],
  hostIPs: ['ip'],
  addresses: ['type'],
  secrets: ['name'],
};

/** `ports` of a container merge by containerPort, those of a Service by port. */
const PORT_KEYS: { [parent: string]: string } = {
  containers: 'containerPort',
  initContainers: 'containerPort',
  spec: 'port',
};

/** Lists of scalars that are merged as sets. */
const SETS = new Set(['finalizers']);

/** Fields of which exactly one may be set: `$retainKeys` of the patch says which keys stay. */
const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';
const ORDER = '$setElementOrder/';
const DELETE_FROM = '$deleteFromPrimitiveList/';

function mergeKey(field: string, parent: string): string | null {
  if (field === 'ports') return PORT_KEYS[parent] ?? null;
  return MERGE_KEYS[field]?.[0] ?? null;
}

/** Strategic merge patch of a built-in kind. Throws 400 for a directive that does not exist. */
export function applyStrategicMerge(document: Json, patch: Json): Json {
  return mergeValue(document, patch, '', '');
}

function mergeValue(original: Json, patch: Json, field: string, parent: string): Json {
  if (isJsonObject(patch)) return mergeObject(isJsonObject(original) ? original : {}, patch, field);
  if (!Array.isArray(patch)) return patch;
  if (SETS.has(field)) return mergeSet(Array.isArray(original) ? original : [], patch);
  const key = mergeKey(field, parent);
  if (key === null) return patch.filter((item) => !isReplaceMarker(item)).map((item) => cloneJson(item));
  return mergeList(Array.isArray(original) ? original : [], patch, field, key);
}

function isReplaceMarker(item: Json): boolean {
  return isJsonObject(item) && item[DIRECTIVE] === 'replace' && Object.keys(item).length === 1;
}

function mergeObject(original: JsonObject, patch: JsonObject, field: string): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw badRequest(`Unknown patch type: ${JSON.stringify(directive)} found in patch`);
  }
  const result: JsonObject = { ...original };
  const retained = patch[RETAIN];
  if (Array.isArray(retained))
    for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key];
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = mergeValue(result[key] ?? null, value, key, field);
  }
  applyListDirectives(result, patch, field);
  return result;
}

/** `$setElementOrder/x` and `$deleteFromPrimitiveList/x` act on their list after it was merged. */
function applyListDirectives(result: JsonObject, patch: JsonObject, parent: string): void {
  for (const [key, value] of Object.entries(patch)) {
    if (!Array.isArray(value)) continue;
    if (key.startsWith(DELETE_FROM)) {
      const list = result[key.slice(DELETE_FROM.length)];
      if (Array.isArray(list))
        result[key.slice(DELETE_FROM.length)] = list.filter((item) => !value.includes(item));
    }
    if (key.startsWith(ORDER)) {
      const field = key.slice(ORDER.length);
      const list = result[field];
      if (Array.isArray(list)) result[field] = ordered(list, value, mergeKey(field, parent));
    }
  }
}

/** Elements that the order names come in that order; the others keep their place after the one before them. */
function ordered(list: Json[], order: Json[], key: string | null): Json[] {
  const identity = (item: Json): Json => (key !== null && isJsonObject(item) ? (item[key] ?? null) : item);
  const wanted = order.map(identity);
  const rank = (item: Json): number => wanted.findIndex((value) => equalJson(value, identity(item)));
  const named = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const result: Json[] = [...named];
  list.forEach((item, index) => {
    if (rank(item) >= 0) return;
    const before = list.slice(0, index).findLast((other) => result.includes(other));
    result.splice(before === undefined ? 0 : result.indexOf(before) + 1, 0, item);
  });
  return result;
}

function mergeSet(original: Json[], patch: Json[]): Json[] {
  return [...original, ...patch.filter((item) => !original.some((other) => equalJson(other, item)))];
}

function mergeList(original: Json[], patch: Json[], field: string, key: string): Json[] {
  const replace = patch.some(isReplaceMarker);
  let result: Json[] = replace ? [] : [...original];
  for (const item of patch) {
    if (isReplaceMarker(item)) continue;
    if (!isJsonObject(item)) throw badRequest('invalid list type patch: map with merge key expected');
    const identity = item[key];
    if (identity === undefined)
      throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    const index = result.findIndex((other) => isJsonObject(other) && equalJson(other[key], identity));
    if (item[DIRECTIVE] === 'delete') result = result.filter((_other, at) => at !== index);
    else if (index < 0) result.push(mergeObject({}, item, field));
    else result[index] = mergeValue(result[index] ?? null, item, field, '');
  }
  return result;
}

function withoutDirectives(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('$'))
      .map(([key, child]) => [key, cloneJson(child)]),
  );
}
