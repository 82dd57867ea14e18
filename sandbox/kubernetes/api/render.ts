import { EVENTS_GROUP, groupVersion, type ResourceType } from '../resources';
import type { JsonObject, KubeObject } from '../store';
import { toServedVersion } from './convert';

/** A resource as one request addresses it: the same stored object may be served in several versions. */
export type Served = { type: ResourceType; group: string; version: string };

const bodies = new WeakMap<KubeObject, Map<string, string>>();

/** apiVersion of the answer. */
export function servedApiVersion(served: Served): string {
  return groupVersion(served.group, served.version);
}

/** True when the stored form is not the served one (HPA v1, events.k8s.io). */
function converts(served: Served): boolean {
  return served.group === EVENTS_GROUP || served.version !== served.type.versions[0];
}

/**
 * JSON of an object without kind and apiVersion, kept per stored object: a list of thousands is then a
 * join of strings.
 */
function bodyOf(object: KubeObject, served: Served): string {
  const key = converts(served) ? servedApiVersion(served) : '';
  let cached = bodies.get(object);
  if (!cached) {
    cached = new Map();
    bodies.set(object, cached);
  }
  let body = cached.get(key);
  if (body === undefined) {
    const shown = converts(served) ? toServedVersion(object, served) : object;
    const { apiVersion: _version, kind: _kind, metadata, ...rest } = shown;
    body = JSON.stringify(served.type.custom ? sortKeys({ metadata, ...rest }) : { metadata, ...rest });
    cached.set(key, body);
  }
  return body;
}

/** Complete JSON text of an object; custom resources have apiVersion first, built-in kinds kind. */
export function objectText(object: KubeObject, served: Served): string {
  const apiVersion = JSON.stringify(servedApiVersion(served));
  const kind = JSON.stringify(object.kind);
  const head = served.type.custom
    ? `"apiVersion":${apiVersion},"kind":${kind}`
    : `"kind":${kind},"apiVersion":${apiVersion}`;
  return `{${head},${bodyOf(object, served).slice(1)}`;
}

/** As an item of a List: built-in kinds carry neither kind nor apiVersion there. */
export function itemText(object: KubeObject, served: Served): string {
  return served.type.custom ? objectText(object, served) : bodyOf(object, served);
}

/** JSON text of a List; `meta` is resourceVersion, continue and remainingItemCount. */
export function listText(objects: KubeObject[], served: Served, meta: JsonObject): string {
  const kind = `${served.type.kind}List`;
  const apiVersion = servedApiVersion(served);
  const items = objects.map((object) => itemText(object, served)).join(',');
  const metadata = JSON.stringify(served.type.custom ? sortKeys({ continue: '', ...meta }) : meta);
  if (served.type.custom)
    return `{"apiVersion":"${apiVersion}","items":[${items}],"kind":"${kind}","metadata":${metadata}}`;
  return `{"kind":"${kind}","apiVersion":"${apiVersion}","metadata":${metadata},"items":[${items}]}`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortKeys(child)]));
}
