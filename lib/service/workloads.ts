import { type Colour, colours } from '@/lib/config/colours';
import type { Placement } from '@/lib/config/service';
import type {
  CronJob,
  Deployment,
  ClusterEvent as Event,
  HorizontalPodAutoscaler,
  Job,
  Pod,
  StatefulSet,
} from '@/lib/sources/kubernetes/schema';
import { colourSentence, type PairNow } from './pair';
import { deploymentsOf } from './placements';
import { isLive } from './pods';
import { versionOf } from './version';
import type { ClusterEvent, PairView, PodRow, WorkloadRow } from './workloads-contract';

/** Kubernetes times have no milliseconds; null where there is none or it is not a time. */
export function isoTime(text: string | null): string | null {
  if (text === null || text === '') return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

const phases = ['Pending', 'Running', 'Succeeded', 'Failed'] as const;

export function podRow(pod: Pod, container: string, colour: Colour | null = null): PodRow {
  const phase = phases.find((one) => one === pod.phase) ?? 'Unknown';
  return {
    name: pod.name,
    phase: pod.terminating ? 'Terminating' : phase,
    ready: pod.ready,
    reason: pod.ready ? null : pod.reason,
    version: versionOf(pod.containers, container),
    colour,
    restarts: pod.restarts,
    node: pod.node,
    startedAt: isoTime(pod.startedAt),
  };
}

/** What needs a look comes first: not ready before ready, then the youngest, then by name. */
export const byTrouble = (a: PodRow, b: PodRow): number =>
  Number(a.ready) - Number(b.ready) ||
  (b.startedAt ?? '').localeCompare(a.startedAt ?? '') ||
  a.name.localeCompare(b.name);

const nothing = { version: null, desired: null, ready: null, updated: null, available: null };
const plain = { paused: false, revision: null, conditions: [], detail: null, note: null };

export const deploymentRow = (
  one: Deployment,
  container: string | null,
  note: string | null = null,
): WorkloadRow => ({
  note,
  kind: 'Deployment',
  name: one.name,
  namespace: one.namespace,
  version: versionOf(one.containers, container),
  desired: one.desired,
  ready: one.ready,
  updated: one.updated,
  available: one.available,
  paused: one.paused,
  revision: one.revision,
  conditions: one.conditions,
  detail:
    one.observedGeneration < one.generation ? 'The controller has not seen the newest version yet.' : null,
});

export const statefulSetRow = (one: StatefulSet): WorkloadRow => ({
  ...plain,
  kind: 'StatefulSet',
  name: one.name,
  namespace: one.namespace,
  version: versionOf(one.containers, null),
  desired: one.desired,
  ready: one.ready,
  updated: one.updated,
  available: one.available,
  conditions: one.conditions,
});

export const autoscalerRow = (one: HorizontalPodAutoscaler): WorkloadRow => ({
  ...nothing,
  ...plain,
  kind: 'HorizontalPodAutoscaler',
  name: one.name,
  namespace: one.namespace,
  // An autoscaler that cannot compute says 0, which is not what it wants.
  desired: one.desired === 0 ? null : one.desired,
  ready: one.current,
  conditions: one.conditions,
  detail: `Keeps ${one.target.kind} ${one.target.name} between ${one.min} and ${one.max} pods.`,
});

export const cronJobRow = (one: CronJob): WorkloadRow => ({
  ...nothing,
  ...plain,
  kind: 'CronJob',
  name: one.name,
  namespace: one.namespace,
  paused: one.suspended,
  detail: [
    `Runs at ${one.schedule}${one.timeZone === null ? '' : ` ${one.timeZone}`}.`,
    one.suspended ? 'Suspended.' : '',
    one.lastSucceededAt === null ? 'It has not succeeded yet.' : `Last succeeded at ${one.lastSucceededAt}.`,
  ]
    .filter((part) => part !== '')
    .join(' '),
});

export const jobRow = (one: Job): WorkloadRow => ({
  ...nothing,
  ...plain,
  kind: 'Job',
  name: one.name,
  namespace: one.namespace,
  desired: one.completions,
  ready: one.succeeded,
  conditions: one.conditions,
  detail: one.failed > 0 ? `${one.failed} attempts failed.` : one.active > 0 ? 'Runs now.' : null,
});

export function eventRow(event: Event): ClusterEvent | null {
  const at = isoTime(event.at);
  if (at === null) return null;
  return {
    id: event.uid,
    at,
    type: event.warning ? 'Warning' : 'Normal',
    reason: event.reason,
    object: `${event.objectKind} ${event.objectName}`,
    message: event.message,
    count: Math.max(1, event.count),
  };
}

/** Events of the Deployments of a placement, of their ReplicaSets and of their pods, also of those that are gone. */
export const isOwnEvent = ({ objectKind, objectName }: Event, placement: Placement): boolean =>
  deploymentsOf(placement).some(
    (name) =>
      objectName === name ||
      (['Pod', 'ReplicaSet'].includes(objectKind) &&
        /^[a-z0-9]+(-[a-z0-9]+)?$/.test(objectName.slice(name.length + 1)) &&
        objectName.startsWith(`${name}-`)),
  );

/** Both colours for the page: what each is, and which one takes the requests. */
export const pairView = (pair: PairNow): PairView => ({
  members: colours.map((colour) => {
    const { name, deployment, version, pods, ready, share } = pair[colour];
    return {
      colour,
      deployment: name,
      version,
      desired: deployment?.desired ?? null,
      pods: pods.filter(isLive).length,
      ready,
      share: share === null ? null : share / 100,
      sentence: colourSentence(pair[colour]),
    };
  }),
  live: pair.live,
  problem: pair.unknown?.detail ?? null,
});
