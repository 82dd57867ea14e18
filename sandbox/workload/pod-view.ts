import { z } from 'zod';
import type { KubeObject, Store } from '../kubernetes/store';
import { appServices, type ServiceId, versionOfImage } from '../topology';

const podSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string() })).min(1) }),
  status: z
    .object({
      phase: z.string().default('Pending'),
      podIP: z.string().optional(),
      containerStatuses: z
        .array(
          z.object({
            name: z.string(),
            restartCount: z.number().default(0),
            state: z.object({ running: z.looseObject({}).optional() }).default({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** What the workload needs to know of a pod. `process` changes with each start of the container. */
export type PodView = {
  name: string;
  namespace: string;
  service: ServiceId | null;
  labels: Record<string, string>;
  version: string;
  ip: string;
  process: string;
  running: boolean;
  /** Asked to go: it takes no more requests, and its connections are being closed. */
  leaving: boolean;
};

// Stored objects are frozen and replaced as a whole, so a view is good for as long as its object lives.
const views = new WeakMap<KubeObject, PodView | null>();

/** The view of a stored pod; null for a body that is no pod. */
export function podView(object: KubeObject): PodView | null {
  const known = views.get(object);
  if (known !== undefined) return known;
  const parsed = podSchema.safeParse(object);
  const view = parsed.success ? toView(parsed.data) : null;
  views.set(object, view);
  return view;
}

export function findPod(store: Store, namespace: string, name: string): PodView | null {
  const object = store.get('pods', namespace, name);
  return object === null ? null : podView(object);
}

function toView(pod: z.infer<typeof podSchema>): PodView {
  const service = appServices.find((candidate) => candidate.id === pod.metadata.labels['app'])?.id ?? null;
  const container = pod.spec.containers.find(({ name }) => name === service) ?? pod.spec.containers[0];
  const status = pod.status.containerStatuses.find(({ name }) => name === container?.name);
  return {
    name: pod.metadata.name,
    namespace: pod.metadata.namespace,
    service,
    labels: pod.metadata.labels,
    version: versionOfImage(container?.image ?? ''),
    ip: pod.status.podIP ?? '',
    process: `${pod.metadata.uid}/${status?.restartCount ?? 0}`,
    running: pod.status.phase === 'Running' && status?.state.running !== undefined,
    leaving: pod.metadata.deletionTimestamp !== undefined,
  };
}
