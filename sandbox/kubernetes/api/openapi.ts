import { groupVersion, RESOURCES, servedGroups } from '../resources';
import type { JsonObject } from '../store';

/** Index of the OpenAPI v3 documents, one per group and version. */
export function openApiIndex(): JsonObject {
  const paths: JsonObject = { 'api/v1': { serverRelativeURL: '/openapi/v3/api/v1' } };
  for (const { group, versions } of servedGroups()) {
    for (const version of versions)
      paths[`apis/${group}/${version}`] = { serverRelativeURL: `/openapi/v3/apis/${group}/${version}` };
  }
  return { paths };
}

/**
 * The document of one version, as far as kubectl reads it before a write: that PATCH knows
 * `fieldValidation`, which makes kubectl leave validation to the server. Null for what is not served.
 */
export function openApiDocument(path: string): JsonObject | null {
  const match = /^\/openapi\/v3\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))$/.exec(path);
  if (!match) return null;
  const group = match[2] ?? '';
  const version = match[1] ?? match[3] ?? '';
  const types = RESOURCES.filter((type) => type.group === group && type.versions.includes(version));
  const prefix = group === '' ? '/api/v1' : `/apis/${groupVersion(group, version)}`;
  const paths: JsonObject = {};
  for (const type of types) {
    const place = type.namespaced ? '/namespaces/{namespace}' : '';
    const patch = {
      operationId: `patch${type.kind}`,
      parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
      responses: { '200': { description: 'OK' } },
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group, version, kind: type.kind },
    };
    paths[`${prefix}${place}/${type.plural}/{name}`] = { patch };
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.2' },
    paths,
    components: { schemas: {} },
  };
}
