import { firstDigestOf } from '../../registry/catalogue';
import type { JsonObject, KubeObject } from '../store';
import { sha256 } from './names';
import { countAt, listAt, objectAt, textAt, timestampOf } from './read';

const ORDER = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

type Values = { [type: string]: { status: 'True' | 'False'; reason?: string; message?: string } };

/** Sets pod conditions; the transition time moves only when a status changes. */
export function withPodConditions(status: JsonObject, values: Values, now: number): JsonObject {
  const old = new Map(
    listAt(status, 'conditions').map((condition) => [String(condition['type']), condition]),
  );
  const conditions = ORDER.flatMap((type): JsonObject[] => {
    const value = values[type];
    const before = old.get(type);
    if (!value) return before ? [before] : [];
    const lastTransitionTime =
      before?.['status'] === value.status ? (before['lastTransitionTime'] ?? null) : timestampOf(now);
    return [{ type, status: value.status, lastProbeTime: null, lastTransitionTime, ...pick(value) }];
  });
  return { ...status, conditions };
}

function pick({ reason, message }: { reason?: string; message?: string }): JsonObject {
  return { ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) };
}

const yes = { status: 'True' as const };

/** Conditions of a pod whose containers all are (or are not) ready. */
export function readiness(pod: KubeObject, ready: boolean): Values {
  const names = listAt(pod, 'spec', 'containers').map((container) => String(container['name']));
  const no = {
    status: 'False' as const,
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names.join(' ')}]`,
  };
  return { Ready: ready ? yes : no, ContainersReady: ready ? yes : no };
}

/** Conditions once the kubelet has taken the pod: `sandbox` is the network and volumes around containers. */
export function started(pod: KubeObject, sandbox: boolean, ready: boolean): Values {
  return {
    PodReadyToStartContainers: sandbox ? yes : { status: 'False' },
    Initialized: yes,
    PodScheduled: yes,
    ...readiness(pod, ready),
  };
}

/** Conditions of a pod that has ended, with the reason that completed pods carry. */
export function ended(succeeded: boolean): Values {
  const no = { status: 'False' as const, reason: succeeded ? 'PodCompleted' : 'PodFailed' };
  return {
    PodReadyToStartContainers: { status: 'False' },
    Initialized: succeeded ? { ...yes, reason: 'PodCompleted' } : yes,
    Ready: no,
    ContainersReady: no,
    PodScheduled: yes,
  };
}

/** One entry per container; `state` and the rest are the same for all of them. */
export function containerStatuses(
  pod: KubeObject,
  state: JsonObject,
  more: { ready: boolean; started: boolean; restarts?: number; lastState?: JsonObject },
): JsonObject[] {
  const old = listAt(pod, 'status', 'containerStatuses');
  return listAt(pod, 'spec', 'containers').map((container) => {
    const name = textAt(container, 'name') ?? '';
    const image = textAt(container, 'image') ?? '';
    const before = old.find((status) => status['name'] === name);
    const restartCount = more.restarts ?? countAt(before, 'restartCount');
    const waiting = 'waiting' in state;
    const neverRan = waiting && restartCount === 0 && more.lastState === undefined;
    return {
      name,
      state,
      lastState: more.lastState ?? objectAt(before, 'lastState'),
      ready: more.ready,
      restartCount,
      image,
      imageID: neverRan ? '' : imageId(image),
      ...(neverRan ? {} : { containerID: containerId(pod, name, waiting ? restartCount - 1 : restartCount) }),
      started: more.started,
    };
  });
}

/** Repository and digest: what the reference is pinned to, else what its tag stood for at first. */
function imageId(image: string): string {
  const [withoutDigest = image, pinned] = image.split('@', 2);
  const slash = withoutDigest.lastIndexOf('/');
  const colon = withoutDigest.indexOf(':', slash + 1);
  const digest = pinned ?? firstDigestOf(image) ?? `sha256:${sha256(image)}`;
  return `${colon < 0 ? withoutDigest : withoutDigest.slice(0, colon)}@${digest}`;
}

export const containerId = (pod: KubeObject, container: string, run: number): string =>
  `containerd://${sha256(`${pod.metadata.uid}/${container}/${Math.max(run, 0)}`)}`;
