import { ApiError } from '../api-error';
import { RESOURCES } from '../resources';
import type { JsonObject, KubeObject } from '../store';
import type { ApiContext } from './context';
import { type DeleteOptions, deleteOptions } from './options';
import { objectText, type Served } from './render';
import { json, type Reply } from './reply';
import type { ApiRequest, ResourceRequest } from './request';
import { currentObject } from './write';

/**
 * DELETE of an object. Pods that run and objects with finalizers only get a deletionTimestamp and are the
 * answer; everything else goes at once and the answer is a Status. The garbage collector takes dependents.
 */
export function deleteObject(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Reply {
  const options = deleteOptions(request);
  const current = currentObject(ctx, served, target);
  checkPreconditions(served, current, options);
  return deleteNow(ctx, served, current, options);
}

export function deleteNow(
  ctx: ApiContext,
  served: Served,
  current: KubeObject,
  options: DeleteOptions,
): Reply {
  const { id } = served.type;
  const { namespace = null, name, deletionTimestamp } = current.metadata;
  const grace = graceOf(served, current, options);
  if (grace === 0) {
    if (!options.dryRun) {
      if (options.propagationPolicy === 'Orphan') orphan(ctx, current);
      ctx.store.remove(id, namespace, name);
    }
    return statusOf(served, current);
  }
  if (options.dryRun || (deletionTimestamp !== undefined && !shortens(current, grace))) {
    return json(objectText(current, served), 200, options.dryRun ? undefined : current);
  }
  const marked =
    ctx.store.change(id, namespace, name, (object) => markDeleted(ctx, object, grace)) ?? current;
  return json(objectText(marked, served), 200, marked);
}

function shortens(current: KubeObject, grace: number | null): boolean {
  return grace !== null && grace < (current.metadata.deletionGracePeriodSeconds ?? grace);
}

/** 0: remove at once. Null: wait for finalizers. Else the seconds that the kubelet gets. */
function graceOf(served: Served, current: KubeObject, options: DeleteOptions): number | null {
  if (served.type.id === 'pods') {
    const { nodeName, terminationGracePeriodSeconds: own } = current.spec ?? {};
    const phase = current.status?.['phase'];
    if (nodeName === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
    return options.gracePeriodSeconds ?? (typeof own === 'number' ? own : 30);
  }
  if (served.type.id === 'namespaces') return null;
  return (current.metadata.finalizers?.length ?? 0) > 0 ? null : 0;
}

function markDeleted(ctx: ApiContext, object: KubeObject, grace: number | null): KubeObject {
  const at = new Date(ctx.now() + (grace ?? 0) * 1000).toISOString();
  object.metadata.deletionTimestamp = `${at.slice(0, 19)}Z`;
  if (grace !== null || object.kind !== 'Namespace') object.metadata.deletionGracePeriodSeconds = grace ?? 0;
  if (object.kind === 'Namespace') object.status = { ...object.status, phase: 'Terminating' };
  return object;
}

function checkPreconditions(served: Served, current: KubeObject, options: DeleteOptions): void {
  const { kind } = served.type;
  const { name, uid, resourceVersion } = current.metadata;
  const fail = (what: string, given: string, have: string): ApiError => {
    const why = `the ${what} in the precondition (${given}) does not match the ${what} in record (${have}). The object might have been modified`;
    const group = served.type.group === '' ? {} : { group: served.type.group };
    return new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${kind} "${name}": ${why}`, {
      name,
      ...group,
      kind,
    });
  };
  if (options.uid !== null && options.uid !== uid) throw fail('UID', options.uid, uid);
  if (options.resourceVersion !== null && options.resourceVersion !== resourceVersion) {
    throw fail('ResourceVersion', options.resourceVersion, resourceVersion);
  }
}

function statusOf(served: Served, object: KubeObject): Reply {
  const { plural, group } = served.type;
  const { name, uid } = object.metadata;
  const details: JsonObject = { name, ...(group === '' ? {} : { group }), kind: plural, uid };
  return json({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }, 200, object);
}

/** `Orphan`: dependents stay and lose the reference, before the owner's going could take them along. */
function orphan(ctx: ApiContext, owner: KubeObject): void {
  const { namespace = null, uid } = owner.metadata;
  for (const type of RESOURCES.filter((candidate) => candidate.namespaced === (namespace !== null))) {
    for (const { metadata } of ctx.store.list(type.id, namespace)) {
      if (!metadata.ownerReferences?.some((reference) => reference.uid === uid)) continue;
      ctx.store.change(type.id, namespace, metadata.name, (object) => {
        const others = (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
        return { ...object, metadata: { ...object.metadata, ownerReferences: others } };
      });
    }
  }
}
