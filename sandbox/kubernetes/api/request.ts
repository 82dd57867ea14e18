import type { IncomingHttpHeaders } from 'node:http';
import type { Identity } from '../access/identity';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What a URL and method ask for, as the API server's own request info has it. */
export type RequestInfo = {
  path: string;
  /** Null for paths outside /api and /apis resources: discovery, health, version. */
  resource: ResourceRequest | null;
};

export type ResourceRequest = {
  verb: Verb;
  group: string;
  version: string;
  plural: string;
  namespace: string | null;
  name: string | null;
  subresource: string | null;
};

export type ApiRequest = {
  method: string;
  info: RequestInfo;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Name of the account behind the token, `system:anonymous` without one. */
  account: string;
  /** Whose rights count: the account's, or those of the identity that it impersonates. */
  identity: Identity;
  impersonated: Identity | null;
  /** resourceVersion of the named object around the work; null until the work was done. */
  effect: Effect | null;
};

/** `created` is the name that a create ended up with. */
export type Effect = { before: string | null; after: string | null; created: string | null };

const WRITE_VERBS: { [method: string]: Verb } = { POST: 'create', PUT: 'update', PATCH: 'patch' };

/** Subresources of a namespace itself; any other third segment is a resource inside the namespace. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

export function parseRequest(method: string, url: URL): RequestInfo {
  const path = url.pathname;
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeSegment);
  const prefix = segments.shift();
  if (prefix !== 'api' && prefix !== 'apis') return { path, resource: null };
  const group = prefix === 'api' ? '' : segments.shift();
  const version = segments.shift();
  if (group === undefined || version === undefined || segments.length === 0) return { path, resource: null };
  const target = parseTarget(segments);
  if (!target) return { path, resource: null };
  const name = target.name ?? nameInFieldSelector(method, url.searchParams);
  const verb = verbOf(method, target.name, url.searchParams);
  return { path, resource: { ...target, name, verb, group, version } };
}

type Target = Pick<ResourceRequest, 'plural' | 'namespace' | 'name' | 'subresource'>;

function parseTarget(segments: string[]): Target | null {
  const [first, second, third] = segments;
  if (first === undefined || segments.length > 6) return null;
  if (
    first === 'namespaces' &&
    second !== undefined &&
    third !== undefined &&
    !NAMESPACE_SUBRESOURCES.has(third)
  ) {
    const [, , plural = '', name = null, ...sub] = segments;
    return { plural, namespace: second, name, subresource: sub.length > 0 ? sub.join('/') : null };
  }
  const [, name = null, ...sub] = segments;
  const namespace = first === 'namespaces' ? name : null;
  return { plural: first, namespace, name, subresource: sub.length > 0 ? sub.join('/') : null };
}

function verbOf(method: string, name: string | null, query: URLSearchParams): Verb {
  const write = WRITE_VERBS[method];
  if (write) return write;
  if (method === 'DELETE') return name === null ? 'deletecollection' : 'delete';
  if (isTrue(query.get('watch'))) return 'watch';
  return name === null ? 'list' : 'get';
}

/** A list or watch of one object by metadata.name is authorised with that name, as on a real API server. */
function nameInFieldSelector(method: string, query: URLSearchParams): string | null {
  if (method !== 'GET') return null;
  const match = /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '');
  return match?.[1] ?? null;
}

export function isTrue(value: string | null): boolean {
  return (
    value === '' || value === '1' || value === 'true' || value === 't' || value === 'T' || value === 'TRUE'
  );
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
