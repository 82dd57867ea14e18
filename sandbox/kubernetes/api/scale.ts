import { ApiError, badRequest } from '../api-error';
import { isJsonObject } from '../object';
import type { JsonObject, KubeObject } from '../store';
import { contentType, decodeObject, decodePatch, unsupportedMedia } from './body';
import type { ApiContext } from './context';
import { applyJsonPatch } from './json-patch';
import { applyMergePatch } from './merge-patch';
import { isDryRun } from './options';
import type { Served } from './render';
import { json, type Reply } from './reply';
import type { ApiRequest, ResourceRequest } from './request';
import { currentObject, storeChanged, writerOf } from './write';

/** GET …/scale: the autoscaling/v1 Scale of a workload. */
export function readScale(ctx: ApiContext, served: Served, target: ResourceRequest): Reply {
  return json(scaleOf(currentObject(ctx, served, target)));
}

/** PUT and PATCH …/scale write spec.replicas of the workload. Throws 409 for a stale resourceVersion. */
export function writeScale(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Reply {
  const update = target.verb === 'update';
  const dryRun = isDryRun(request, update ? 'UpdateOptions' : 'PatchOptions');
  const current = currentObject(ctx, served, target);
  const scale = update ? decodeObject(request, 'Scale') : patched(request, scaleOf(current));
  const replicas = replicasOf(scale);
  if (replicas < 0) throw negative(target.name ?? '', replicas);
  const metadata = { ...current.metadata };
  const given = isJsonObject(scale['metadata']) ? scale['metadata']['resourceVersion'] : undefined;
  if (typeof given === 'string') metadata.resourceVersion = given;
  const changed: KubeObject = { ...current, metadata, spec: { ...current.spec, replicas } };
  const writer = writerOf(ctx, request, served, target);
  const reply = storeChanged(ctx, served, current, changed, { writer, dryRun });
  const written = ctx.store.get(served.type.id, target.namespace, target.name ?? '') ?? current;
  if (reply.kind !== 'text') return reply;
  return json(scaleOf(dryRun ? changed : written), 200, dryRun ? undefined : written);
}

function patched(request: ApiRequest, scale: JsonObject): JsonObject {
  const type = contentType(request);
  const patch = decodePatch(request);
  const known = [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
  ];
  if (!known.includes(type)) throw unsupportedMedia('415: Unsupported Media Type', true);
  const result =
    type === 'application/json-patch+json' ? applyJsonPatch(scale, patch) : applyMergePatch(scale, patch);
  if (!isJsonObject(result)) throw badRequest('the patched Scale is no object');
  return result;
}

function replicasOf(scale: JsonObject): number {
  const replicas = isJsonObject(scale['spec']) ? (scale['spec']['replicas'] ?? 0) : 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) {
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  }
  return replicas;
}

function negative(name: string, replicas: number): ApiError {
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  const causes = [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }];
  const details = { name, group: 'autoscaling', kind: 'Scale', causes };
  return new ApiError(
    422,
    'Invalid',
    `Scale.autoscaling "${name}" is invalid: spec.replicas: ${message}`,
    details,
  );
}

function scaleOf(object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = object.spec?.['replicas'];
  const status: JsonObject = { replicas: object.status?.['replicas'] ?? 0 };
  const selector = selectorText(object.spec?.['selector']);
  if (selector !== '') status['selector'] = selector;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace: namespace ?? '', uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 || replicas === undefined ? {} : { replicas },
    status,
  };
}

/** `app=x,tier=y`, keys sorted. */
export function selectorText(selector: unknown): string {
  const labels = isJsonObject(selector) ? selector['matchLabels'] : undefined;
  if (!isJsonObject(labels)) return '';
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .sort()
    .join(',');
}
