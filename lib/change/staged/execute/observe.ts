import 'server-only';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { readFence } from '@/lib/actuators/kubernetes/fence';
import { type ClusterObject, readObject, readReadyEndpoints } from '@/lib/actuators/kubernetes/object';
import { messageOf } from '@/lib/core/errors';
import { observeTarget } from '../../execute/observe';
import type { Seen } from '../../execute/write-target';
import type { Live } from '../../rollout';
import type { Fields, PlannedObject, Staged } from '../contract';
import { membersOf, readFields } from '../fields';

/** One object of the plan as the API server has it now. */
export type ObservedObject = Seen<Fields> & {
  keeper: string | null;
  rollout: Live | null;
  endpoints: number | null;
};

export type ObservedAll = {
  objects: Map<string, ObservedObject>;
  /** Keys of objects that the API server does not have any more. */
  gone: Set<string>;
  /** Why a cluster could not be read, by region. */
  silent: Map<string, string>;
  retryAfterSeconds: number | null;
};

/** Reads every object of the plan, all clusters beside each other. Never throws what a cluster answered. */
export async function observeAll(
  cluster: (id: string) => ClusterClient,
  staged: Staged,
): Promise<ObservedAll> {
  const all: ObservedAll = {
    objects: new Map(),
    gone: new Set(),
    silent: new Map(),
    retryAfterSeconds: null,
  };
  await Promise.all(
    staged.objects.map(async (object) => {
      try {
        all.objects.set(
          object.key,
          await observeObject(cluster(object.cluster), object, serviceOf(staged, object)),
        );
      } catch (error) {
        if (!isClusterError(error)) throw error;
        if (error.failure === 'not-found') all.gone.add(object.key);
        else all.silent.set(object.region, messageOf(error));
        all.retryAfterSeconds = Math.max(all.retryAfterSeconds ?? 0, error.retryAfterSeconds ?? 0) || null;
      }
    }),
  );
  return all;
}

/** The Service whose endpoints tell whether a Deployment's pods are served, by the step that waits for them. */
function serviceOf(staged: Staged, { key }: PlannedObject): string | null {
  const step = staged.steps.find((one) => one.do === 'ready' && one.object === key);
  return step?.do === 'ready' ? step.service : null;
}

/** Throws ClusterError. */
export async function observeObject(
  client: ClusterClient,
  object: PlannedObject,
  service: string | null,
): Promise<ObservedObject> {
  const { kind, namespace, name, container } = object;
  const [read, target, endpoints] = await Promise.all([
    readObject(client, { kind, namespace, name }),
    kind === 'Deployment' && container !== undefined
      ? observeTarget(client, { namespace, name, container })
      : null,
    service === null ? null : readReadyEndpoints(client, { namespace, name: service }),
  ]);
  const { metadata } = read;
  return {
    subset: readFields(kind, read, membersOf(object)),
    fence: readFence(metadata.annotations),
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    writer: writerOf(read, membersOf(object)),
    keeper: keeperOf(read),
    rollout: target?.live ?? null,
    endpoints,
  };
}

/**
 * The manager that wrote one of these members of spec last, by managedFields; our own name never counts, and neither
 * does a write of a subresource such as status.
 */
export function writerOf({ metadata }: ClusterObject, members: readonly string[]): string | null {
  const writers = metadata.managedFields.filter(({ manager, subresource, fieldsV1 }) => {
    if (manager === 'signalbox' || (subresource !== undefined && subresource !== '')) return false;
    const text = JSON.stringify(fieldsV1 ?? {});
    return members.some((member) => text.includes(`"f:${member}"`));
  });
  writers.sort((left, right) => (left.time ?? '').localeCompare(right.time ?? ''));
  return writers.at(-1)?.manager ?? null;
}

/** The GitOps application that keeps an object (change-engine.md 1.8), by the marks that Argo CD and Flux leave. */
export function keeperOf({ metadata }: ClusterObject): string | null {
  const { annotations, labels } = metadata;
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  if (tracked !== undefined && tracked !== '') return `Argo CD's Application ${tracked}`;
  const flux = labels['kustomize.toolkit.fluxcd.io/name'] ?? labels['helm.toolkit.fluxcd.io/name'];
  if (flux !== undefined) return `Flux's ${flux}`;
  const instance = labels['argocd.argoproj.io/instance'];
  return instance === undefined ? null : `Argo CD's Application ${instance}`;
}
