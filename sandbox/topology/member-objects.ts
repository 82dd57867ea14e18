import { createHash } from 'node:crypto';
import type { JsonObject, NewObject, Store } from '../kubernetes/store';
import { COLOUR_LABEL, imageOf, type Part, type Placement } from '../topology';

const DAY_MS = 86_400_000;

/** metav1.Time, whole seconds. */
export function kubeTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

/** Ten characters of the alphabet that Kubernetes uses for names it makes up. */
export function templateHash(text: string): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  const digest = createHash('sha256').update(text).digest();
  return [...digest.subarray(0, 10)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

/** SVC-10: production requests 512Mi/500m and limits 2Gi/2000m; staging half of it. */
function resourcesOf(placement: Placement): JsonObject {
  return placement.environment === 'production'
    ? { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '2', memory: '2Gi' } }
    : { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '1Gi' } };
}

/** HLT-03: liveness after 10 s every 10 s, readiness after 2 s every 5 s. */
function probe(path: string, port: number, initial: number, period: number, failures: number): JsonObject {
  return {
    httpGet: { path, port, scheme: 'HTTP' },
    initialDelaySeconds: initial,
    timeoutSeconds: 2,
    periodSeconds: period,
    successThreshold: 1,
    failureThreshold: failures,
  };
}

/** One Deployment of a placement: that of a colour or of the baseline, or the only one where there is no pair. */
export type Member = {
  name: string;
  colour: Part | null;
  replicas: number;
  /** Templates it has run, oldest first; the last one is what runs now. */
  revisions: readonly { version: string; daysAgo: number }[];
};

/** Labels of the pods of a member, and its selector's without `team`. */
export const labelsOf = ({ service }: Placement, { colour }: Member) => ({
  app: service.id,
  ...(colour === null ? {} : { [COLOUR_LABEL]: colour }),
});

function podTemplate(placement: Placement, member: Member, version: string): JsonObject {
  const { service } = placement;
  const labels = { ...labelsOf(placement, member), team: service.team };
  return {
    metadata: { labels },
    spec: {
      containers: [
        {
          name: service.id,
          image: `${imageOf(service)}:${version}`,
          ports: [{ name: 'http', containerPort: service.port, protocol: 'TCP' }],
          envFrom: [
            { configMapRef: { name: `${service.team}-config` } },
            { secretRef: { name: `${service.team}-secrets` } },
          ],
          resources: resourcesOf(placement),
          livenessProbe: probe('/health', service.port, 10, 10, 3),
          readinessProbe: probe('/ready', service.port, 2, 5, 1),
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
  };
}

function deployment(placement: Placement, member: Member, nowMs: number): NewObject {
  const { service, namespace } = placement;
  const version = member.revisions.at(-1)?.version ?? placement.version;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: member.name,
      namespace,
      labels: { ...labelsOf(placement, member), team: service.team },
      annotations: {
        'deployment.kubernetes.io/revision': String(member.revisions.length),
        'kubernetes.io/change-cause': `${service.id}: ${version}`,
      },
      creationTimestamp: kubeTime(nowMs - service.releases[0].daysAgo * DAY_MS),
    },
    spec: {
      replicas: member.replicas,
      selector: { matchLabels: labelsOf(placement, member) },
      template: podTemplate(placement, member, version),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      minReadySeconds: service.minReadySeconds,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 120,
    },
  };
}

function replicaSet(
  placement: Placement,
  member: Member,
  owner: { uid: string; index: number },
  nowMs: number,
): NewObject {
  const { service, namespace } = placement;
  const { version, daysAgo } = member.revisions[owner.index] ?? { version: placement.version, daysAgo: 0 };
  const template = podTemplate(placement, member, version);
  const hash = templateHash(`${namespace}/${member.name}/${version}`);
  const selected = { ...labelsOf(placement, member), 'pod-template-hash': hash };
  const labels = { ...selected, team: service.team };
  const isCurrent = owner.index === member.revisions.length - 1;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${member.name}-${hash}`,
      namespace,
      labels,
      annotations: {
        'deployment.kubernetes.io/desired-replicas': String(placement.replicas),
        'deployment.kubernetes.io/max-replicas': String(placement.replicas + 1),
        'deployment.kubernetes.io/revision': String(owner.index + 1),
        'kubernetes.io/change-cause': `${service.id}: ${version}`,
      },
      creationTimestamp: kubeTime(nowMs - daysAgo * DAY_MS),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: member.name,
          uid: owner.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas: isCurrent ? member.replicas : 0,
      minReadySeconds: service.minReadySeconds,
      selector: { matchLabels: selected },
      template: { ...template, metadata: { labels } },
    },
    status: { replicas: 0, observedGeneration: 1 },
  };
}

/** A Service called `name` that sends to the pods with these labels. */
export function service(placement: Placement, name: string, selector: Record<string, string>): NewObject {
  const { id, team } = placement.service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: placement.namespace, labels: { app: id, team } },
    spec: {
      ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: placement.service.port }],
      selector,
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  };
}

/** A Deployment with the ReplicaSets of its revisions, so that a last good version is known from the start. */
export function seedMember(store: Store, placement: Placement, member: Member, nowMs: number): void {
  const { uid } = store.create('deployments.apps', deployment(placement, member, nowMs)).metadata;
  for (const index of member.revisions.keys()) {
    store.create('replicasets.apps', replicaSet(placement, member, { uid, index }, nowMs));
  }
}
