import { z } from 'zod';

/** Kinds that may send requests to one colour or the other, and where they live in the API. */
export const routerKinds = {
  Service: { group: 'api/v1', plural: 'services' },
  VirtualService: { group: 'apis/networking.istio.io/v1', plural: 'virtualservices' },
  HTTPRoute: { group: 'apis/gateway.networking.k8s.io/v1', plural: 'httproutes' },
} as const;
export type RouterKind = keyof typeof routerKinds;
/** Objects of a kind that are kept of a namespace. */
export type WatchedRouter = { namespace: string; kind: RouterKind };

export function routerPath(kind: RouterKind, namespace: string, name: string): string {
  const { group, plural } = routerKinds[kind];
  return `/${group}/namespaces/${namespace}/${plural}/${name}`;
}

/** Of these objects only what says where requests go: selector of a Service, http of a VirtualService, rules of an HTTPRoute. */
const RouterSpec = z.object({
  selector: z.json().optional(),
  http: z.json().optional(),
  rules: z.json().optional(),
});

export const RouterObject = z
  .object({
    metadata: z.object({ name: z.string(), namespace: z.string().default(''), uid: z.string() }),
    spec: RouterSpec.prefault({}),
  })
  .transform(({ metadata, spec }) => ({
    ...metadata,
    spec: Object.fromEntries(
      Object.entries(spec).flatMap(([member, value]) =>
        value === undefined ? [] : [[member, value] as const],
      ),
    ),
  }));
export type RouterObject = z.infer<typeof RouterObject>;

/** A list that is answered with 404: the namespace is not asked for, so it is the kind that is not known. */
export const unknownKind = (cluster: string, kind: RouterKind): string =>
  `Cluster ${cluster} knows no ${kind} (${routerKinds[kind].group.replace(/^apis?\//, '')}): its definition is not installed there.`;
