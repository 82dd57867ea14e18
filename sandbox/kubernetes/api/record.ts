import type { ActiveFault } from '../faults';
import { isJsonObject } from '../object';
import { findResource } from '../resources';
import type { Json, KubeObject } from '../store';
import type { WriteLog } from '../write-log';
import { contentType } from './body';
import type { ApiContext } from './context';
import { leftBehind } from './left-behind';
import type { Reply } from './reply';
import type { ApiRequest, Effect } from './request';

/** Reviews are POSTs that change nothing. */
const REVIEW_GROUPS = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

/** Writes one line of evidence about a request that changed something or tried to. */
export function recordWrite(
  ctx: ApiContext,
  log: WriteLog,
  request: ApiRequest,
  reply: Reply | 'cut',
  acted: ActiveFault[],
): void {
  const { resource } = request.info;
  if (resource && REVIEW_GROUPS.has(resource.group)) return;
  const dryRun = request.query.has('dryRun') || bodyDryRun(request.body);
  log.append({
    atMs: ctx.now(),
    account: request.account,
    impersonated: request.impersonated,
    method: request.method,
    verb: resource?.verb ?? request.method.toLowerCase(),
    resource: resource ? resourceId(resource) : request.info.path,
    namespace: resource?.namespace ?? null,
    name: resource?.name ?? request.effect?.created ?? null,
    dryRun,
    resourceVersionBefore: request.effect?.before ?? null,
    resourceVersionAfter: request.effect?.after ?? null,
    body: bodyJson(request.body),
    contentType: contentType(request),
    status: reply === 'cut' ? 0 : reply.kind === 'text' ? reply.status : 200,
    faults: acted.map((fault) => fault.id),
    userAgent: request.headers['user-agent'] ?? '',
    left: leftBehind(ctx, request, dryRun),
  });
}

function resourceId(resource: { plural: string; group: string; subresource: string | null }): string {
  const id = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  return resource.subresource === null ? id : `${id}/${resource.subresource}`;
}

/** What a write did: versions of the object before and after; equal when nothing was stored. */
export function effectOf(ctx: ApiContext, request: ApiRequest, before: string | null, reply: Reply): Effect {
  const written = reply.kind === 'text' ? reply.object : undefined;
  if (!written) return { before, after: before, created: null };
  const created = request.info.resource?.verb === 'create' ? written.metadata.name : null;
  if (request.info.resource?.verb === 'delete')
    return { before, after: currentVersion(ctx, request), created };
  return { before, after: written.metadata.resourceVersion, created };
}

/** resourceVersion of the object that a request names, as it is now; null when there is none. */
export function currentVersion(ctx: ApiContext, request: Pick<ApiRequest, 'info'>): string | null {
  return currentObject(ctx, request)?.metadata.resourceVersion ?? null;
}

/** The object that a request names, as it is now; null when there is none. */
export function currentObject(ctx: ApiContext, request: Pick<ApiRequest, 'info'>): KubeObject | null {
  const { resource } = request.info;
  if (!resource?.name) return null;
  const type = findResource(resource.group, resource.version, resource.plural);
  if (!type) return null;
  return ctx.store.get(type.id, type.namespaced ? resource.namespace : null, resource.name);
}

function bodyJson(body: Buffer): Json {
  const text = body.toString('utf8');
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function bodyDryRun(body: Buffer): boolean {
  const parsed = bodyJson(body);
  return isJsonObject(parsed) && parsed['kind'] === 'DeleteOptions' && parsed['dryRun'] !== undefined;
}
