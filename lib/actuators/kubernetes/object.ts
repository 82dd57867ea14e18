import 'server-only';
import { z } from 'zod';
import type { Answer, ClusterClient } from './client';
import { ClusterError } from './error';
import { FENCE_ANNOTATION, type Fence, writeFence } from './fence';
import type { JsonObject } from './merge-patch';
import { Metadata } from './schema';
import { FIELD_MANAGER, impersonate, type OnBehalfOf } from './write';

/** Kinds that may be written, with the group and the plural under which the API server has them. */
const resources = {
  Deployment: { group: 'apps', version: 'v1', plural: 'deployments' },
  Service: { group: '', version: 'v1', plural: 'services' },
  VirtualService: { group: 'networking.istio.io', version: 'v1', plural: 'virtualservices' },
  HTTPRoute: { group: 'gateway.networking.k8s.io', version: 'v1', plural: 'httproutes' },
  ConfigMap: { group: '', version: 'v1', plural: 'configmaps' },
  HorizontalPodAutoscaler: { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' },
} as const;
export type WritableKind = keyof typeof resources;
export type ObjectRef = { kind: WritableKind; namespace: string; name: string };

export function objectPath({ kind, namespace, name }: ObjectRef): string {
  const { group, version, plural } = resources[kind];
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
}

/** Any of these objects: metadata that decisions need, the rest as it is. */
export const ClusterObject = z.looseObject({
  metadata: Metadata,
  spec: z.record(z.string(), z.json()).default({}),
  status: z.record(z.string(), z.json()).default({}),
  /** Of a ConfigMap. */
  data: z.record(z.string(), z.json()).default({}),
});
export type ClusterObject = z.infer<typeof ClusterObject>;

/** Throws ClusterError; an answer of another shape is `bad-response`. */
export const readObject = (client: ClusterClient, ref: ObjectRef): Promise<ClusterObject> =>
  client.get(ClusterObject, objectPath(ref));

export type ObjectWrite = {
  ref: ObjectRef;
  /** Merge patch of spec, or of a ConfigMap's data; metadata is added here. */
  spec: JsonObject;
  /** Compare-and-swap: the write is refused with 409 when the object is newer. */
  resourceVersion: string;
  fence: Fence;
  onBehalfOf: OnBehalfOf;
  dryRun?: boolean;
};

/** One fenced write. Throws ClusterError; after `timeout`, `unreachable` or `failing` read back first. */
export async function patchObject(
  client: ClusterClient,
  { ref, spec, resourceVersion, fence, onBehalfOf, dryRun }: ObjectWrite,
): Promise<{ object: ClusterObject; auditId: string | null }> {
  const answer = await client.call({
    method: 'PATCH',
    path: objectPath(ref),
    query: { fieldManager: FIELD_MANAGER, dryRun: dryRun ? 'All' : undefined },
    headers: {
      'content-type': 'application/merge-patch+json',
      'user-agent': `signalbox-worker change/c-${fence.change}`,
      ...impersonate(onBehalfOf),
    },
    body: {
      metadata: { resourceVersion, annotations: { [FENCE_ANNOTATION]: writeFence(fence) } },
      [holderOf(ref.kind)]: spec,
    },
  });
  return { object: parse(client, answer), auditId: answer.auditId };
}

function parse(client: ClusterClient, answer: Answer): ClusterObject {
  const parsed = ClusterObject.safeParse(answer.body);
  if (parsed.success) return parsed.data;
  throw new ClusterError('bad-response', `${client.id} answered the write with an unexpected object.`, {
    cause: parsed.error,
  });
}

/** Where the members of an object are that a plan writes. */
export const holderOf = (kind: WritableKind): 'spec' | 'data' => (kind === 'ConfigMap' ? 'data' : 'spec');

/** Resource and group as an access review names them. */
export const resourceOf = (kind: WritableKind): { group: string; resource: string } => ({
  group: resources[kind].group,
  resource: resources[kind].plural,
});

const EndpointSlice = z.looseObject({
  endpoints: z
    .array(
      z.looseObject({
        conditions: z
          .looseObject({ ready: z.boolean().optional(), terminating: z.boolean().optional() })
          .nullish(),
      }),
    )
    .nullish(),
});

/** Endpoints of a Service that take requests: ready ones (EndpointSlice: absent means ready), never terminating. */
export async function readReadyEndpoints(
  client: ClusterClient,
  { namespace, name }: { namespace: string; name: string },
): Promise<number> {
  const list = await client.get(
    z.looseObject({ items: z.array(EndpointSlice).default([]) }),
    `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`,
    { labelSelector: `kubernetes.io/service-name=${name}` },
  );
  return list.items
    .flatMap(({ endpoints }) => endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false && conditions?.terminating !== true).length;
}
