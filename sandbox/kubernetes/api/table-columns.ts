import { isJsonObject } from '../object';
import type { Json, JsonObject, KubeObject } from '../store';
import { selectorText } from './scale';

export type Column = {
  name: string;
  type: 'string' | 'integer';
  description: string;
  /** 0 is always shown, 1 with `-o wide`. */
  priority: number;
  cell: (object: KubeObject, nowMs: number) => Json;
};

function column(
  name: string,
  cell: Column['cell'],
  options: { wide?: boolean; integer?: boolean } = {},
): Column {
  const type = options.integer === true ? 'integer' : 'string';
  return { name, type, description: `${name} of the object.`, priority: options.wide === true ? 1 : 0, cell };
}

const NAME = column('Name', (object) => object.metadata.name);
const AGE = column('Age', (object, nowMs) => ageText(nowMs - Date.parse(object.metadata.creationTimestamp)));

/** The age of an object as kubectl writes it: two units while it is young, then one. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const two = (big: number, bigUnit: string, small: number, unit: string): string =>
    small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${unit}`;
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return two(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  return two(Math.floor(days / 365), 'y', days % 365, 'd');
}

function spec(object: KubeObject, key: string): Json | undefined {
  return object.spec?.[key];
}

function status(object: KubeObject, key: string): Json | undefined {
  return object.status?.[key];
}

function list(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function field(value: unknown, ...path: string[]): unknown {
  let at = value;
  for (const key of path) at = isJsonObject(at) ? at[key] : undefined;
  return at;
}

function text(value: unknown, absent = '<none>'): string {
  return value === undefined || value === null || value === '' ? absent : String(value);
}

function templateContainers(object: KubeObject): JsonObject[] {
  return list(field(spec(object, 'template'), 'spec', 'containers'));
}

const TEMPLATE_COLUMNS = [
  column(
    'Containers',
    (object) =>
      templateContainers(object)
        .map((item) => text(item['name']))
        .join(','),
    { wide: true },
  ),
  column(
    'Images',
    (object) =>
      templateContainers(object)
        .map((item) => text(item['image']))
        .join(','),
    { wide: true },
  ),
  column('Selector', (object) => text(selectorText(spec(object, 'selector'))), { wide: true }),
];

function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  for (const container of list(status(pod, 'containerStatuses'))) {
    const waiting = field(container, 'state', 'waiting', 'reason');
    if (typeof waiting === 'string' && waiting !== '') return waiting;
    const terminated = field(container, 'state', 'terminated', 'reason');
    if (typeof terminated === 'string' && terminated !== '') return terminated;
  }
  return text(status(pod, 'reason') ?? status(pod, 'phase'), 'Unknown');
}

function podReady(pod: KubeObject): string {
  const ready = list(status(pod, 'containerStatuses')).filter((container) => container['ready'] === true);
  return `${ready.length}/${list(spec(pod, 'containers')).length}`;
}

function podRestarts(pod: KubeObject, nowMs: number): string {
  const statuses = list(status(pod, 'containerStatuses'));
  const restarts = statuses.reduce((sum, container) => sum + Number(container['restartCount'] ?? 0), 0);
  const finished = statuses.map((container) =>
    Date.parse(text(field(container, 'lastState', 'terminated', 'finishedAt'), '')),
  );
  const last = Math.max(...finished.filter((time) => !Number.isNaN(time)), 0);
  return restarts > 0 && last > 0 ? `${restarts} (${ageText(nowMs - last)} ago)` : String(restarts);
}

function ports(service: KubeObject): string {
  return text(
    list(spec(service, 'ports'))
      .map((port) => `${text(port['port'])}/${text(port['protocol'], 'TCP')}`)
      .join(','),
  );
}

function nodeStatus(node: KubeObject): string {
  const ready = list(status(node, 'conditions')).find((condition) => condition['type'] === 'Ready');
  const word = ready?.['status'] === 'True' ? 'Ready' : 'NotReady';
  return spec(node, 'unschedulable') === true ? `${word},SchedulingDisabled` : word;
}

function jobStatus(job: KubeObject): string {
  const done = list(status(job, 'conditions')).find(
    (condition) =>
      condition['status'] === 'True' && ['Complete', 'Failed', 'Suspended'].includes(text(condition['type'])),
  );
  return done ? text(done['type']) : 'Running';
}

function hpaTarget(hpa: KubeObject): string {
  const metric = list(spec(hpa, 'metrics'))[0];
  const current = field(list(status(hpa, 'currentMetrics'))[0], 'resource', 'current', 'averageUtilization');
  const wanted = field(metric, 'resource', 'target', 'averageUtilization');
  if (metric === undefined) return '<none>';
  return `${text(field(metric, 'resource', 'name'))}: ${current === undefined ? '<unknown>' : `${text(current)}%`}/${text(wanted)}%`;
}

const COLUMNS: { [kind: string]: Column[] } = {
  Pod: [
    NAME,
    column('Ready', podReady),
    column('Status', podStatus),
    column('Restarts', podRestarts),
    AGE,
    column('IP', (pod) => text(status(pod, 'podIP')), { wide: true }),
    column('Node', (pod) => text(spec(pod, 'nodeName')), { wide: true }),
    column('Nominated Node', (pod) => text(status(pod, 'nominatedNodeName')), { wide: true }),
    column('Readiness Gates', () => '<none>', { wide: true }),
  ],
  Deployment: [
    NAME,
    column(
      'Ready',
      (object) => `${Number(status(object, 'readyReplicas') ?? 0)}/${Number(spec(object, 'replicas') ?? 0)}`,
    ),
    column('Up-to-date', (object) => Number(status(object, 'updatedReplicas') ?? 0)),
    column('Available', (object) => Number(status(object, 'availableReplicas') ?? 0)),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
  ReplicaSet: [
    NAME,
    column('Desired', (object) => Number(spec(object, 'replicas') ?? 0), { integer: true }),
    column('Current', (object) => Number(status(object, 'replicas') ?? 0), { integer: true }),
    column('Ready', (object) => Number(status(object, 'readyReplicas') ?? 0), { integer: true }),
    AGE,
    ...TEMPLATE_COLUMNS,
  ],
  StatefulSet: [
    NAME,
    column(
      'Ready',
      (object) => `${Number(status(object, 'readyReplicas') ?? 0)}/${Number(spec(object, 'replicas') ?? 0)}`,
    ),
    AGE,
    ...TEMPLATE_COLUMNS.slice(0, 2),
  ],
  Service: [
    NAME,
    column('Type', (object) => text(spec(object, 'type'), 'ClusterIP')),
    column('Cluster-IP', (object) => text(spec(object, 'clusterIP'))),
    column('External-IP', () => '<none>'),
    column('Port(s)', ports),
    AGE,
    column('Selector', (object) => text(selectorText({ matchLabels: spec(object, 'selector') ?? {} })), {
      wide: true,
    }),
  ],
  Node: [
    NAME,
    column('Status', nodeStatus),
    column('Roles', () => '<none>'),
    AGE,
    column('Version', (object) => text(field(status(object, 'nodeInfo'), 'kubeletVersion'))),
  ],
  Namespace: [NAME, column('Status', (object) => text(status(object, 'phase'), 'Active')), AGE],
  Event: [
    column('Last Seen', (object, nowMs) => eventAge(object, nowMs)),
    column('Type', (object) => text(object['type'])),
    column('Reason', (object) => text(object['reason'])),
    column('Object', (object) => {
      const involved = object['involvedObject'];
      return `${text(field(involved, 'kind'), '').toLowerCase()}/${text(field(involved, 'name'), '')}`;
    }),
    column('Message', (object) => text(object['message'], '').trim()),
  ],
  ConfigMap: [
    NAME,
    column('Data', (object) => Object.keys(isJsonObject(object['data']) ? object['data'] : {}).length),
    AGE,
  ],
  Secret: [
    NAME,
    column('Type', (object) => text(object['type'], 'Opaque')),
    column('Data', (object) => Object.keys(isJsonObject(object['data']) ? object['data'] : {}).length, {
      integer: true,
    }),
    AGE,
  ],
  HorizontalPodAutoscaler: [
    NAME,
    column(
      'Reference',
      (object) =>
        `${text(field(spec(object, 'scaleTargetRef'), 'kind'))}/${text(field(spec(object, 'scaleTargetRef'), 'name'))}`,
    ),
    column('Targets', hpaTarget),
    column('MinPods', (object) => text(spec(object, 'minReplicas'), '<unset>')),
    column('MaxPods', (object) => Number(spec(object, 'maxReplicas') ?? 0), { integer: true }),
    column('Replicas', (object) => Number(status(object, 'currentReplicas') ?? 0), { integer: true }),
    AGE,
  ],
  PodDisruptionBudget: [
    NAME,
    column('Min Available', (object) => text(spec(object, 'minAvailable'), 'N/A')),
    column('Max Unavailable', (object) => text(spec(object, 'maxUnavailable'), 'N/A')),
    column('Allowed Disruptions', (object) => Number(status(object, 'disruptionsAllowed') ?? 0), {
      integer: true,
    }),
    AGE,
  ],
  Job: [
    NAME,
    column('Status', jobStatus),
    column(
      'Completions',
      (object) => `${Number(status(object, 'succeeded') ?? 0)}/${text(spec(object, 'completions'), '1')}`,
    ),
    column('Duration', (object, nowMs) => duration(object, nowMs)),
    AGE,
    ...TEMPLATE_COLUMNS.slice(0, 2),
  ],
  CronJob: [
    NAME,
    column('Schedule', (object) => text(spec(object, 'schedule'))),
    column('Timezone', (object) => text(spec(object, 'timeZone'))),
    column('Suspend', (object) => (spec(object, 'suspend') === true ? 'True' : 'False')),
    column('Active', (object) => list(status(object, 'active')).length, { integer: true }),
    column('Last Schedule', (object, nowMs) => since(status(object, 'lastScheduleTime'), nowMs)),
    AGE,
  ],
};

function since(value: unknown, nowMs: number): string {
  return typeof value === 'string' ? ageText(nowMs - Date.parse(value)) : '<none>';
}

function eventAge(event: KubeObject, nowMs: number): string {
  const at = event['lastTimestamp'] ?? field(event['series'], 'lastObservedTime') ?? event['eventTime'];
  return since(at ?? event.metadata.creationTimestamp, nowMs);
}

function duration(job: KubeObject, nowMs: number): string {
  const start = status(job, 'startTime');
  const end = status(job, 'completionTime');
  if (typeof start !== 'string') return '';
  return ageText((typeof end === 'string' ? Date.parse(end) : nowMs) - Date.parse(start));
}

/** Columns of a kind; kinds without their own show name and age. */
export function columnsOf(kind: string): Column[] {
  return COLUMNS[kind] ?? [NAME, AGE];
}
