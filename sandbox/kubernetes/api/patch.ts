import { type ApiError, badRequest } from '../api-error';
import { isJsonObject, isKubeObject } from '../object';
import { checkFields } from '../schema/fields';
import type { Json, KubeObject } from '../store';
import { contentType, decodePatch, unsupportedMedia } from './body';
import type { ApiContext } from './context';
import { toServedVersion, toStoredVersion } from './convert';
import { applyJsonPatch } from './json-patch';
import { applyMergePatch } from './merge-patch';
import { isDryRun } from './options';
import { type Served, servedApiVersion } from './render';
import type { Reply } from './reply';
import type { ApiRequest, ResourceRequest } from './request';
import { applyStrategicMerge } from './strategic-merge';
import { currentObject, storeChanged, warned, writerOf } from './write';

/** PATCH in its three forms. Without metadata.resourceVersion in the patch there is no conflict check. */
export function patchObject(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Reply {
  const type = contentType(request);
  const accepted = ['application/json-patch+json', 'application/merge-patch+json'];
  if (!served.type.custom) accepted.push('application/strategic-merge-patch+json');
  if (!accepted.includes(type)) throw unsupportedPatch(type, served);
  const dryRun = isDryRun(request, 'PatchOptions');
  const current = currentObject(ctx, served, target);
  const patch = decodePatch(request);
  const before: KubeObject = { ...toServedVersion(current, served), apiVersion: servedApiVersion(served) };
  const result = applyPatch(type, asJson(before), patch);
  const named = isJsonObject(result) ? result['metadata'] : undefined;
  if (!isKubeObject(result) || !isJsonObject(named))
    throw badRequest('the patched object has no kind, apiVersion or metadata.name');
  const strategic = type === 'application/strategic-merge-patch+json' && isJsonObject(patch);
  const { object, warnings } = checkFields(served, result, {
    validation: request.query.get('fieldValidation'),
    source: strategic ? { kind: 'strategic', patch } : { kind: 'patch' },
  });
  if (result.metadata.name !== current.metadata.name) {
    throw badRequest(
      `the name of the object (${result.metadata.name}) does not match the name on the URL (${current.metadata.name})`,
    );
  }
  const writer = writerOf(ctx, request, served, target);
  return warned(
    storeChanged(ctx, served, current, toStoredVersion(object, served), { writer, dryRun }),
    warnings,
  );
}

function unsupportedPatch(type: string, served: Served): ApiError {
  if (type === 'application/strategic-merge-patch+json' && served.type.custom) {
    const accepted =
      'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
    return unsupportedMedia(
      `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    );
  }
  return unsupportedMedia('415: Unsupported Media Type', true);
}

function applyPatch(type: string, before: Json, patch: Json): Json {
  if (type === 'application/json-patch+json') return applyJsonPatch(before, patch);
  if (!isJsonObject(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}',
    );
  return type === 'application/merge-patch+json'
    ? applyMergePatch(before, patch)
    : applyStrategicMerge(before, patch);
}

/** The border from a typed object to plain JSON: a copy, so that a patch may change it. */
function asJson(object: KubeObject): Json {
  return JSON.parse(JSON.stringify(object));
}
