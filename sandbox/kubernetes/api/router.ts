import { ApiError, notFound } from '../api-error';
import { findResource, servedGroups } from '../resources';
import type { ApiContext } from './context';
import { deleteObject } from './delete';
import { discovery } from './discovery';
import { evict } from './eviction';
import { listPage, resourceVersionParam } from './list';
import { patchObject } from './patch';
import { podLog } from './pod-log';
import { listText, objectText, type Served } from './render';
import { json, plainText, type Reply } from './reply';
import type { ApiRequest, ResourceRequest } from './request';
import { review } from './reviews';
import { readScale, writeScale } from './scale';
import { acceptFor, partialText, tableText } from './table';
import { openWatch } from './watch';
import { createObject, currentObject, updateObject } from './write';

/** The answer to an authorised request. */
export async function route(ctx: ApiContext, request: ApiRequest): Promise<Reply> {
  const { resource: target } = request.info;
  if (!target) return discovery(ctx, request);
  const reviewed = review(ctx, request, target);
  if (reviewed) return reviewed;
  const type = findResource(target.group, target.version, target.plural);
  if (!type) return unknownResource(target);
  if (request.method === 'HEAD' || request.method === 'OPTIONS') throw methodNotAllowed();
  const served: Served = { type, group: target.group, version: target.version };
  if (target.subresource !== null) return subresource(ctx, request, served, target);
  switch (target.verb) {
    case 'get':
      return getObject(ctx, request, served, target);
    case 'list':
      return listObjects(ctx, request, served, target);
    case 'watch':
      return watchObjects(ctx, request, served, target);
    case 'create':
      if (target.name !== null) throw methodNotAllowed();
      return createObject(ctx, request, served, target);
    case 'update':
      if (target.name === null) throw methodNotAllowed();
      return updateObject(ctx, request, served, target);
    case 'patch':
      if (target.name === null) throw methodNotAllowed();
      return patchObject(ctx, request, served, target);
    case 'delete':
      return deleteObject(ctx, request, served, target);
    default:
      throw methodNotAllowed();
  }
}

function unknownResource(target: ResourceRequest): Reply {
  const served = servedGroups().find((group) => group.group === target.group);
  const known = target.group === '' ? target.version === 'v1' : served?.versions.includes(target.version);
  if (!known) return plainText('404 page not found\n', 404);
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

async function subresource(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Promise<Reply> {
  const { type } = served;
  if (target.subresource === null || !type.subresources.includes(target.subresource)) {
    throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  }
  if (target.subresource === 'log') return podLog(ctx, request, target);
  if (target.subresource === 'eviction') return evict(ctx, request, served, target);
  if (target.subresource === 'scale') {
    return target.verb === 'get' ? readScale(ctx, served, target) : writeScale(ctx, request, served, target);
  }
  if (target.verb === 'get') return getObject(ctx, request, served, target);
  if (target.verb === 'update') return updateObject(ctx, request, served, target);
  if (target.verb === 'patch') return patchObject(ctx, request, served, target);
  throw methodNotAllowed();
}

async function getObject(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Promise<Reply> {
  const accept = acceptFor(request);
  await resourceVersionParam(ctx, request.query, null);
  const object = currentObject(ctx, served, target);
  if (!object) throw notFound(served.type.id, target.name ?? '');
  if (accept === 'Table')
    return json(tableText(ctx, served, [object], { resourceVersion: object.metadata.resourceVersion }, true));
  if (accept === 'PartialObjectMetadata') return json(partialText(object));
  return deprecated(served, json(objectText(object, served)));
}

function deprecated(served: Served, reply: Reply): Reply {
  if (served.type.id === 'endpoints' && reply.kind === 'text') {
    reply.headers['warning'] =
      '299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"';
  }
  return reply;
}

async function listObjects(
  ctx: ApiContext,
  request: ApiRequest,
  served: Served,
  target: ResourceRequest,
): Promise<Reply> {
  const accept = acceptFor(request);
  const { objects, meta } = await listPage(ctx, served, target, request.query);
  if (accept === 'Table') return json(tableText(ctx, served, objects, meta, true));
  if (accept === 'PartialObjectMetadataList') {
    const head = `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":${JSON.stringify(meta)}`;
    return json(`${head},"items":[${objects.map(partialText).join(',')}]}`);
  }
  return deprecated(served, json(listText(objects, served, meta)));
}

function watchObjects(ctx: ApiContext, request: ApiRequest, served: Served, target: ResourceRequest): Reply {
  const accept = acceptFor(request);
  if (accept === 'PartialObjectMetadata') return openWatch(ctx, request, served, target, partialText);
  if (accept !== 'Table') return openWatch(ctx, request, served, target);
  // Only the first event of a table watch says what the columns are.
  let first = true;
  return openWatch(ctx, request, served, target, (object) => {
    const text = tableText(
      ctx,
      served,
      [object],
      { resourceVersion: object.metadata.resourceVersion },
      first,
    );
    first = false;
    return text;
  });
}
