import { isJsonObject } from '../object';
import type { Json, KubeObject } from '../store';
import type { LeftBehind } from '../write-log';
import type { ApiContext } from './context';
import { currentObject } from './record';
import type { ApiRequest } from './request';

const SERVICE_LABEL = 'kubernetes.io/service-name';

/** What a write left behind: the object's spec, and what could serve in its namespace at that moment. */
export function leftBehind(ctx: ApiContext, request: ApiRequest, dryRun: boolean): LeftBehind | null {
  const { effect, info } = request;
  if (dryRun || effect === null || effect.after === null || effect.after === effect.before) return null;
  const namespace = info.resource?.namespace;
  const object = currentObject(ctx, request);
  if (!namespace || object === null) return null;
  return {
    spec: object.spec ?? null,
    endpoints: readyEndpoints(ctx.store.list('endpointslices.discovery.k8s.io', namespace)),
    workloads: Object.fromEntries(
      ctx.store.list('deployments.apps', namespace).map((one) => [one.metadata.name, workloadOf(one)]),
    ),
  };
}

const at = (value: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, key) => (isJsonObject(inner) ? inner[key] : undefined), value);

function readyEndpoints(slices: readonly KubeObject[]): LeftBehind['endpoints'] {
  const ready: LeftBehind['endpoints'] = {};
  for (const slice of slices) {
    const service = slice.metadata.labels?.[SERVICE_LABEL];
    const endpoints = slice['endpoints'];
    if (service === undefined || !Array.isArray(endpoints)) continue;
    const serving = endpoints.filter(
      (one) =>
        isJsonObject(one) &&
        at(one, 'conditions', 'ready') !== false &&
        at(one, 'conditions', 'terminating') !== true,
    );
    ready[service] = (ready[service] ?? 0) + serving.length;
  }
  return ready;
}

function workloadOf({ spec, status }: KubeObject): LeftBehind['workloads'][string] {
  const labels = at(spec, 'template', 'metadata', 'labels');
  const replicas = at(spec, 'replicas');
  const available = at(status, 'availableReplicas');
  return {
    labels: isJsonObject(labels)
      ? Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]))
      : {},
    replicas: typeof replicas === 'number' ? replicas : 1,
    available: typeof available === 'number' ? available : 0,
  };
}
