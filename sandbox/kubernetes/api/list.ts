import { ApiError, badRequest, type StatusDetails } from '../api-error';
import type { JsonObject, KubeObject } from '../store';
import type { ApiContext } from './context';
import type { Served } from './render';
import type { ResourceRequest } from './request';
import { fieldMatcher, labelMatcher } from './selectors';

export type ListPage = { objects: KubeObject[]; meta: JsonObject };

type Start = { objects: KubeObject[]; resourceVersion: number; after: string | null };

/** One page of a list, with the resourceVersion, limit and continue semantics of the API server. */
export async function listPage(
  ctx: ApiContext,
  served: Served,
  target: ResourceRequest,
  query: URLSearchParams,
): Promise<ListPage> {
  const matchLabels = labelMatcher(query.get('labelSelector'));
  const matchFields = fieldMatcher(served.type, query.get('fieldSelector'));
  const start = await startOf(ctx, served, query);
  const namespace = served.type.namespaced ? target.namespace : null;
  let objects =
    namespace === null
      ? start.objects
      : start.objects.filter((object) => object.metadata.namespace === namespace);
  const keyOf = (object: KubeObject): string => pageKey(object, namespace);
  const { after } = start;
  if (after !== null) objects = objects.filter((object) => keyOf(object) >= after);
  if (matchLabels) objects = objects.filter(matchLabels);
  if (matchFields) objects = objects.filter(matchFields);
  const meta: JsonObject = { resourceVersion: String(start.resourceVersion) };
  // A list from the watch cache (resourceVersion=0) ignores the limit.
  const limit = query.get('resourceVersion') === '0' ? 0 : numberOf(query, 'limit');
  if (limit <= 0 || objects.length <= limit) return { objects, meta };
  const page = objects.slice(0, limit);
  const last = page.at(-1);
  if (last) meta['continue'] = encodeToken(start.resourceVersion, `${keyOf(last)}\0`);
  if (!matchLabels && !matchFields) meta['remainingItemCount'] = objects.length - limit;
  return { objects: page, meta };
}

function pageKey(object: KubeObject, namespace: string | null): string {
  const { metadata } = object;
  return namespace === null && metadata.namespace !== undefined
    ? `${metadata.namespace}/${metadata.name}`
    : metadata.name;
}

async function startOf(ctx: ApiContext, served: Served, query: URLSearchParams): Promise<Start> {
  const { store } = ctx;
  const id = served.type.id;
  const token = query.get('continue');
  if (token !== null && token !== '') return continued(ctx, served, token, query);
  const match = query.get('resourceVersionMatch');
  const given = await resourceVersionParam(ctx, query, match);
  if (match === 'Exact' && given !== null) {
    const objects = store.listAt(id, given);
    if (!objects) throw new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
    return { objects, resourceVersion: given, after: null };
  }
  return { objects: store.list(id), resourceVersion: store.resourceVersion, after: null };
}

function continued(ctx: ApiContext, served: Served, token: string, query: URLSearchParams): Start {
  const version = query.get('resourceVersion');
  if (version !== null && version !== '' && version !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const { rv, start } = decodeToken(token);
  const { store } = ctx;
  if (rv < 0)
    return { objects: store.list(served.type.id), resourceVersion: store.resourceVersion, after: start };
  const objects = rv > store.resourceVersion ? null : store.listAt(served.type.id, rv);
  if (objects) return { objects, resourceVersion: rv, after: start };
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
  throw new ApiError(410, 'Expired', message, undefined, { continue: encodeToken(-1, start) });
}

/**
 * The resourceVersion parameter of a get or list: null when absent. Throws 400 when it is no number, 422
 * for a match rule without it, and 504 (after a wait) for one that this cluster has not reached.
 */
export async function resourceVersionParam(
  ctx: ApiContext,
  query: URLSearchParams,
  match: string | null,
): Promise<number | null> {
  const text = query.get('resourceVersion') ?? '';
  if (match !== null && match !== '' && text === '') {
    throw invalidListOptions(
      'resourceVersionMatch',
      'FieldValueForbidden',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (text === '') return null;
  if (!/^\d+$/.test(text)) {
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  const wanted = Number(text);
  if (wanted > ctx.store.resourceVersion) {
    await new Promise((resolve) => setTimeout(resolve, ctx.timing.futureResourceVersionMs));
    if (wanted > ctx.store.resourceVersion) throw tooLarge(wanted, ctx.store.resourceVersion);
  }
  return wanted;
}

function tooLarge(wanted: number, current: number): ApiError {
  const details: StatusDetails = {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  };
  return new ApiError(
    504,
    'Timeout',
    `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    details,
  );
}

/** 422 for a list or watch option. */
export function invalidListOptions(field: string, reason: string, message: string): ApiError {
  const details: StatusDetails = {
    group: 'meta.k8s.io',
    kind: 'ListOptions',
    causes: [{ reason, message, field }],
  };
  return new ApiError(422, 'Invalid', `ListOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, details);
}

function numberOf(query: URLSearchParams, name: string): number {
  const text = query.get(name);
  if (text === null || text === '') return 0;
  if (!/^-?\d+$/.test(text)) {
    throw badRequest(
      `unable to decode query parameters: strconv.ParseInt: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}

function encodeToken(rv: number, start: string): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start })).toString('base64url');
}

/** `start` of a real server may begin with a slash; ours never does. */
function decodeToken(token: string): { rv: number; start: string } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && 'rv' in parsed && 'start' in parsed) {
      const { rv, start } = parsed;
      if (typeof rv === 'number' && typeof start === 'string') return { rv, start: start.replace(/^\//, '') };
    }
  } catch {
    // Falls through: a token that does not decode and one with other content are the same error.
  }
  const first = Buffer.from(token, 'base64url').at(0) ?? 0;
  const shown =
    first < 0x20 || first > 0x7e ? `\\u${first.toString(16).padStart(4, '0')}` : String.fromCharCode(first);
  throw badRequest(
    `invalid continue token: continue key is not valid: invalid character '${shown}' looking for beginning of value`,
  );
}
