import { randomUUID } from 'node:crypto';
import { ApiError, alreadyExists, badRequest, conflict, notFound } from '../api-error';
import { managerOf, type Writer, withManagedFields } from '../managed-fields';
import { cloneJson, isJsonObject, isKubeObject } from '../object';
import { quotaRefusal } from '../quota';
import { applyDefaults } from '../schema/defaults';
import { checkFields } from '../schema/fields';
import { validate } from '../schema/validate';
import type { JsonObject, KubeObject, NewObject, ObjectMeta } from '../store';
import { decodeObject } from './body';
import type { ApiContext } from './context';
import { toStoredVersion } from './convert';
import { isDryRun } from './options';
import { objectText, type Served, servedApiVersion } from './render';
import { json, type Reply } from './reply';
import type { ApiRequest, ResourceRequest } from './request';

const NAME_SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

/** POST of an object: 201 with what is stored. A dry run answers the same without a resourceVersion. */
export function createObject(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Reply {
  const dryRun = isDryRun(request, 'CreateOptions');
  const body = decodeObject(request, served.type.kind);
  checkKind(body, served);
  const { id, namespaced } = served.type;
  const namespace = namespaced ? target.namespace : null;
  const validation = request.query.get('fieldValidation');
  const { object, warnings } = checkFields(served, named(body, namespace), {
    validation,
    source: { kind: 'object' },
  });
  if (namespace !== null) checkNamespace(ctx, id, namespace, object.metadata.name);
  const stored = applyDefaults(served.type, toStoredVersion(object, served));
  validate(served.type, stored, null);
  const { store } = ctx;
  if (store.get(id, namespace, stored.metadata.name)) throw alreadyExists(id, stored.metadata.name);
  const refused =
    id === 'pods' && quotaRefusal(stored, store.list('resourcequotas', namespace), store.list(id, namespace));
  if (refused) throw refused;
  const owned = withManagedFields(null, stored, writerOf(ctx, request, served, target));
  const created = dryRun ? dryCreated(ctx, owned) : store.create(id, fresh(owned));
  return warned(json(objectText(created, served), 201, dryRun ? undefined : created), warnings);
}

/** PUT of an object: checks resourceVersion when the body has one; 409 when it is stale. */
export function updateObject(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Reply {
  const dryRun = isDryRun(request, 'UpdateOptions');
  const body = decodeObject(request, served.type.kind);
  checkKind(body, served);
  const name = target.name ?? '';
  const validation = request.query.get('fieldValidation');
  const given = named(body, served.type.namespaced ? target.namespace : null);
  const { object, warnings } = checkFields(served, given, { validation, source: { kind: 'object' } });
  if (object.metadata.name !== name) {
    throw badRequest(
      `the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  const current = currentObject(ctx, served, target);
  const writer = writerOf(ctx, request, served, target);
  return warned(
    storeChanged(ctx, served, current, toStoredVersion(object, served), { writer, dryRun }),
    warnings,
  );
}

/** Who a request is, in the books of the object that it writes. */
export const writerOf = (
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  { subresource }: ResourceRequest,
): Writer => ({
  manager: managerOf(request),
  subresource,
  apiVersion: servedApiVersion(served),
  time: ctx.store.timestamp(),
});

/** Validates and stores `changed` in the place of `current`; a no-op write answers 200 with no new version. */
export function storeChanged(
  ctx: ApiContext,
  served: Served,
  current: KubeObject,
  changed: KubeObject,
  { writer, dryRun }: { writer: Writer; dryRun: boolean },
): Reply {
  const { id } = served.type;
  const { name, namespace, resourceVersion } = current.metadata;
  const given = changed.metadata.resourceVersion;
  if (given !== undefined && given !== '' && given !== resourceVersion) {
    throw conflict(
      id,
      name,
      'the object has been modified; please apply your changes to the latest version and try again',
    );
  }
  const complete = applyDefaults(served.type, withServerFields(served, current, changed, writer.subresource));
  validate(served.type, complete, current, changed.metadata.uid);
  const stored = withManagedFields(current, complete, writer);
  if (dryRun) return json(objectText(ctx.store.nextVersionOf(id, current, stored), served));
  const written = ctx.store.change(id, namespace ?? null, name, () => stored) ?? current;
  finishDeletion(ctx, served, written);
  return json(objectText(written, served), 200, written);
}

/** Last finalizer gone on an object that is being deleted: it goes now. */
function finishDeletion(ctx: ApiContext, served: Served, written: KubeObject): void {
  const { deletionTimestamp, finalizers, namespace, name } = written.metadata;
  const waits = (finalizers?.length ?? 0) > 0 || served.type.id === 'pods' || served.type.id === 'namespaces';
  if (deletionTimestamp !== undefined && !waits) ctx.store.remove(served.type.id, namespace ?? null, name);
}

/**
 * What a client cannot write: system metadata always; status through the main resource, spec through
 * /status, of kinds that have that subresource.
 */
function withServerFields(
  served: Served,
  current: KubeObject,
  changed: KubeObject,
  subresource: string | null,
): KubeObject {
  const {
    uid,
    resourceVersion,
    creationTimestamp,
    generation,
    deletionTimestamp,
    deletionGracePeriodSeconds,
  } = current.metadata;
  const metadata: ObjectMeta = { ...changed.metadata, uid, resourceVersion, creationTimestamp };
  if (current.metadata.namespace !== undefined) metadata.namespace = current.metadata.namespace;
  restore(metadata, 'generation', generation);
  restore(metadata, 'deletionTimestamp', deletionTimestamp);
  restore(metadata, 'deletionGracePeriodSeconds', deletionGracePeriodSeconds);
  const stored: KubeObject = { ...changed, apiVersion: current.apiVersion, kind: current.kind, metadata };
  if (subresource === 'status') {
    const { status: _old, ...rest } = current;
    const next: KubeObject = { ...rest, apiVersion: current.apiVersion, kind: current.kind, metadata };
    if (changed.status !== undefined) next.status = changed.status;
    return next;
  }
  if (served.type.subresources.includes('status')) {
    if (current.status === undefined) delete stored.status;
    else stored.status = cloneJson(current.status);
  }
  return stored;
}

function restore<K extends 'generation' | 'deletionTimestamp' | 'deletionGracePeriodSeconds'>(
  metadata: ObjectMeta,
  key: K,
  value: ObjectMeta[K] | undefined,
): void {
  if (value === undefined) delete metadata[key];
  else metadata[key] = value;
}

export function currentObject(ctx: ApiContext, served: Served, target: ResourceRequest): KubeObject {
  const namespace = served.type.namespaced ? target.namespace : null;
  const current = ctx.store.get(served.type.id, namespace, target.name ?? '');
  if (!current) throw notFound(served.type.id, target.name ?? '');
  return current;
}

function checkKind(body: JsonObject, served: Served): void {
  const { kind, apiVersion } = body;
  const wanted = servedApiVersion(served);
  if (typeof kind !== 'string' || kind === '')
    throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(body).slice(0, 200)}'`);
  if (kind === served.type.kind && apiVersion === wanted) return;
  if (kind === served.type.kind) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected API version (${wanted})`,
    );
  }
  const { type } = served;
  const group = type.group === '' ? 'core' : type.group;
  throw badRequest(
    `${kind} in version "${String(apiVersion)}" cannot be handled as a ${type.kind}: converting (${String(apiVersion)}.${kind}) to (${group}.${type.kind}): unknown conversion`,
  );
}

function named(body: JsonObject, namespace: string | null): KubeObject {
  const metadata = isJsonObject(body['metadata']) ? { ...body['metadata'] } : {};
  const given = metadata['namespace'];
  if (namespace !== null && typeof given === 'string' && given !== '' && given !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (namespace !== null) metadata['namespace'] = namespace;
  else delete metadata['namespace'];
  const prefix = metadata['generateName'];
  if ((metadata['name'] ?? '') === '') metadata['name'] = typeof prefix === 'string' ? prefix + suffix() : '';
  const object: JsonObject = { ...body, metadata };
  if (!isKubeObject(object)) throw badRequest('the object has no kind, apiVersion or metadata');
  return object;
}

function suffix(): string {
  return Array.from({ length: 5 }, () =>
    NAME_SUFFIX.charAt(Math.floor(Math.random() * NAME_SUFFIX.length)),
  ).join('');
}

function checkNamespace(ctx: ApiContext, resource: string, namespace: string, name: string): void {
  const object = ctx.store.get('namespaces', null, namespace);
  if (!object) throw notFound('namespaces', namespace);
  if (object.metadata.deletionTimestamp === undefined) return;
  const dot = resource.indexOf('.');
  const kind = dot < 0 ? resource : resource.slice(0, dot);
  const message = `${resource} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  const group = dot < 0 ? {} : { group: resource.slice(dot + 1) };
  throw new ApiError(403, 'Forbidden', message, { name, ...group, kind, causes: [cause] });
}

/** System fields that a client sends along on create are the server's to set. */
function fresh(object: KubeObject): NewObject {
  const {
    uid: _uid,
    resourceVersion: _rv,
    creationTimestamp: _created,
    generation: _generation,
    ...metadata
  } = object.metadata;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  return { ...object, metadata };
}

function dryCreated(ctx: ApiContext, object: KubeObject): KubeObject {
  const { resourceVersion: _rv, ...metadata } = object.metadata;
  const shown = {
    ...fresh(object),
    metadata: { ...metadata, uid: randomUUID(), creationTimestamp: ctx.store.timestamp() },
  };
  if (!isKubeObject(shown)) throw badRequest('the object has no kind, apiVersion or metadata.name');
  return shown;
}

/** The reply with a Warning header per warning. */
export function warned(reply: Reply, warnings: string[]): Reply {
  if (reply.kind === 'text' && warnings.length > 0) {
    reply.headers['warning'] = warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ');
  }
  return reply;
}
