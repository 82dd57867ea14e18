import { ApiError } from '../api-error';
import {
  EVENTS_GROUP,
  findResource,
  groupVersion,
  RESOURCES,
  type ResourceType,
  servedGroups,
} from '../resources';
import type { JsonObject } from '../store';
import type { ApiContext } from './context';
import { openApiDocument, openApiIndex } from './openapi';
import { json, plainText, type Reply } from './reply';
import type { ApiRequest } from './request';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const AGGREGATED = /application\/json;(?:[^,]*;)?as=APIGroupDiscoveryList/;

/** Reviews: served, but not stored. */
const REVIEWS: { [groupVersion: string]: { plural: string; kind: string }[] } = {
  'authorization.k8s.io/v1': [
    { plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
    { plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
  ],
  'authentication.k8s.io/v1': [{ plural: 'selfsubjectreviews', kind: 'SelfSubjectReview' }],
};

/** Everything outside of resources: discovery, version, health, OpenAPI. 404 text for the rest. */
export function discovery(ctx: ApiContext, request: ApiRequest): Reply {
  const path = request.info.path.replace(/\/+$/, '');
  const aggregated = AGGREGATED.test(request.headers.accept ?? '');
  if (path === '/version') return json(ctx.version);
  const health = /^\/(livez|readyz|healthz)(\/|$)/.exec(path);
  if (health) return healthCheck(health[1] ?? '', request);
  if (path === '/api') return aggregated ? aggregatedList(['']) : json(apiVersions(ctx));
  if (path === '/apis')
    return aggregated ? aggregatedList(servedGroups().map(({ group }) => group)) : json(groupList());
  if (path === '/api/v1') return json(resourceList('', 'v1'));
  const versioned = /^\/apis\/([^/]+)\/([^/]+)$/.exec(path);
  if (versioned) return versionReply(versioned[1] ?? '', versioned[2] ?? '');
  const group = /^\/apis\/([^/]+)$/.exec(path);
  const found = servedGroups().find((entry) => entry.group === group?.[1]);
  if (found) return json({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(found) });
  if (path === '/openapi/v3') return json(openApiIndex());
  const document = openApiDocument(path);
  if (document) return json(document);
  if (path === '/openapi/v2')
    return json({ swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.2' }, paths: {} });
  if (path === '')
    return json({ paths: ['/api', '/api/v1', '/apis', '/livez', '/openapi/v3', '/readyz', '/version'] });
  return plainText('404 page not found\n', 404);
}

function versionReply(group: string, version: string): Reply {
  const found = servedGroups().find((entry) => entry.group === group);
  if (!found?.versions.includes(version)) return plainText('404 page not found\n', 404);
  return json(resourceList(group, version));
}

function healthCheck(kind: string, request: ApiRequest): Reply {
  if (request.query.get('verbose') === null) return plainText('ok');
  const checks = ['ping', 'log', 'etcd', 'informer-sync', 'poststarthook/rbac/bootstrap-roles'];
  return plainText(`${checks.map((check) => `[+]${check} ok\n`).join('')}${kind} check passed\n`);
}

function apiVersions(ctx: ApiContext): JsonObject {
  const serverAddress = ctx.url().replace('https://', '');
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

function groupEntry({ group, versions }: { group: string; versions: string[] }): JsonObject {
  const all = versions.map((version) => ({ groupVersion: groupVersion(group, version), version }));
  return { name: group, versions: all, preferredVersion: all[0] ?? null };
}

function groupList(): JsonObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: servedGroups().map(groupEntry) };
}

function resourcesOf(group: string, version: string): ResourceType[] {
  if (group === EVENTS_GROUP) {
    const events = findResource(EVENTS_GROUP, version, 'events');
    return events ? [events] : [];
  }
  return RESOURCES.filter((type) => type.group === group && type.versions.includes(version));
}

function resourceList(group: string, version: string): JsonObject {
  const resources = resourcesOf(group, version).flatMap((type) => [
    resourceEntry(type),
    ...subresourceEntries(type),
  ]);
  const reviews = (REVIEWS[groupVersion(group, version)] ?? []).map(({ plural, kind }) => ({
    name: plural,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  }));
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group, version),
    resources: [...resources, ...reviews],
  };
}

function resourceEntry(type: ResourceType): JsonObject {
  return {
    name: type.plural,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: VERBS,
    ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
    ...(type.categories.length > 0 ? { categories: type.categories } : {}),
  };
}

function subresourceEntries(type: ResourceType): JsonObject[] {
  return type.subresources.map((name) => ({
    name: `${type.plural}/${name}`,
    singularName: '',
    namespaced: type.namespaced,
    ...subresourceKind(type, name),
    verbs: subresourceVerbs(name),
  }));
}

function subresourceKind(
  type: ResourceType,
  name: string,
): { group?: string; version?: string; kind: string } {
  if (name === 'scale') return { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  if (name === 'eviction') return { group: 'policy', version: 'v1', kind: 'Eviction' };
  return { kind: type.kind };
}

function subresourceVerbs(name: string): string[] {
  if (name === 'eviction') return ['create'];
  return name === 'log' ? ['get'] : ['get', 'patch', 'update'];
}

/** One answer for all groups, as kubectl asks for it. */
function aggregatedList(groups: string[]): Reply {
  const items = groups.map((group) => {
    const versions =
      group === '' ? ['v1'] : (servedGroups().find((entry) => entry.group === group)?.versions ?? []);
    const metadata: JsonObject = group === '' ? {} : { name: group };
    return { metadata, versions: versions.map((version) => aggregatedVersion(group, version)) };
  });
  const body = JSON.stringify({
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items,
  });
  const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  return { kind: 'text', status: 200, body, headers: { 'content-type': contentType, vary: 'Accept' } };
}

function aggregatedVersion(group: string, version: string): JsonObject {
  const resources: JsonObject[] = resourcesOf(group, version).map((type) => ({
    resource: type.plural,
    responseKind: { group, version, kind: type.kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: VERBS,
    ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
    ...(type.categories.length > 0 ? { categories: type.categories } : {}),
    ...(type.subresources.length > 0
      ? {
          subresources: type.subresources.map((name) => ({
            subresource: name,
            responseKind: { group, version, ...subresourceKind(type, name) },
            verbs: subresourceVerbs(name),
          })),
        }
      : {}),
  }));
  for (const { plural, kind } of REVIEWS[groupVersion(group, version)] ?? []) {
    const responseKind = { group, version, kind };
    resources.push({
      resource: plural,
      responseKind,
      scope: 'Cluster',
      singularResource: kind.toLowerCase(),
      verbs: ['create'],
    });
  }
  return { version, resources, freshness: 'Current' };
}

/** Discovery, health and version are open to everybody who is signed in; health and version to all. */
export function mayRead(path: string, groups: string[]): boolean {
  if (/^\/(version|livez|readyz|healthz)(\/|$)/.test(path)) return true;
  return groups.includes('system:authenticated') || groups.includes('system:masters');
}

/** 403 for a path that is no resource. */
export function pathDenied(user: string, path: string): ApiError {
  return new ApiError(403, 'Forbidden', `forbidden: User "${user}" cannot get path "${path}"`, {});
}
