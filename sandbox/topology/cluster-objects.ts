import type { NewObject } from '../kubernetes/store';
import type { Cluster } from '../topology';
import { kubeTime } from './member-objects';

export function namespace(name: string): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

const conditions = [
  ['MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
] as const;

/** Nodes of 8 vCPU and 32 GiB, one per zone (SVC-09: high volume). */
export function node(
  cluster: Cluster,
  { name, index }: { name: string; index: number },
  nowMs: number,
): NewObject {
  const zone = `${cluster.region}${'abc'[index] ?? 'a'}`;
  const at = kubeTime(nowMs);
  const capacity = { cpu: '8', 'ephemeral-storage': '200Gi', memory: '32Gi', pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm6i.2xlarge',
        'topology.kubernetes.io/region': cluster.region,
        'topology.kubernetes.io/zone': zone,
      },
    },
    spec: { podCIDR: `${cluster.podNet}.${index}.0/24`, podCIDRs: [`${cluster.podNet}.${index}.0/24`] },
    status: {
      capacity,
      allocatable: capacity,
      conditions: [
        ...conditions.map(([type, reason, message]) => ({
          type,
          status: 'False',
          lastHeartbeatTime: at,
          lastTransitionTime: at,
          reason,
          message,
        })),
        {
          type: 'Ready',
          status: 'True',
          lastHeartbeatTime: at,
          lastTransitionTime: at,
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
        },
      ],
      addresses: [
        {
          type: 'InternalIP',
          address: `10.${cluster.role === 'primary' ? 0 : 1}.${index + 1}.${17 + 23 * index}`,
        },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        architecture: 'amd64',
        containerRuntimeVersion: 'containerd://2.0.5',
        kernelVersion: '6.1.0-38-amd64',
        kubeletVersion: 'v1.36.2',
        operatingSystem: 'linux',
        osImage: 'Debian GNU/Linux 12 (bookworm)',
      },
    },
  };
}

/** SVC-13: configuration facts of the guides. */
export function configMap(team: string, namespaceName: string): NewObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `${team}-config`, namespace: namespaceName },
    data: {
      LOG_LEVEL: 'INFO',
      LOG_FORMAT: 'json',
      DATABASE_POOL_SIZE: '50',
      DATABASE_CONNECT_TIMEOUT: '30',
      SECURITY_PROFILE: 'REGULATED',
      TLS_MIN_VERSION: '1.2',
      RATE_LIMIT_RPS_PER_USER: '1000',
    },
  };
}

export function secret(team: string, namespaceName: string): NewObject {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${team}-secrets`, namespace: namespaceName },
    type: 'Opaque',
    data: {
      DATABASE_URL: encode(`postgresql://${team}@pgbouncer:6432/${team}`),
      API_KEY: encode('not-a-key'),
    },
  };
}

export function resourceQuota(namespaceName: string, production: boolean): NewObject {
  const hard = production
    ? {
        'requests.cpu': '24',
        'requests.memory': '48Gi',
        'limits.cpu': '64',
        'limits.memory': '96Gi',
        pods: '60',
      }
    : {
        'requests.cpu': '4',
        'requests.memory': '8Gi',
        'limits.cpu': '8',
        'limits.memory': '16Gi',
        pods: '12',
      };
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'compute', namespace: namespaceName },
    spec: { hard },
    status: { hard, used: {} },
  };
}

/** CAP-02: 3 to 10 pods, CPU 70 %, memory 80 %, slow on the way down. */
export function fraiseqlAutoscaler(namespaceName: string): NewObject {
  const resource = (name: string, averageUtilization: number) => ({
    type: 'Resource',
    resource: { name, target: { type: 'Utilization', averageUtilization } },
  });
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'fraiseql-hpa', namespace: namespaceName },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fraiseql-api' },
      minReplicas: 3,
      maxReplicas: 10,
      metrics: [resource('cpu', 70), resource('memory', 80)],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 60,
          selectPolicy: 'Max',
          policies: [{ type: 'Percent', value: 50, periodSeconds: 60 }],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          selectPolicy: 'Max',
          policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        },
      },
    },
  };
}

/** SVC-07: two read replicas and the nightly backup. */
export function postgresReplica(namespaceName: string): NewObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'postgres-replica', namespace: namespaceName, labels: { app: 'postgres-replica' } },
    spec: {
      replicas: 2,
      serviceName: 'postgres-replica',
      selector: { matchLabels: { app: 'postgres-replica' } },
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      template: {
        metadata: { labels: { app: 'postgres-replica' } },
        spec: {
          containers: [
            {
              name: 'postgres',
              image: 'registry.example.com/platform/postgres:15.18',
              ports: [{ name: 'postgres', containerPort: 5432, protocol: 'TCP' }],
              resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '4Gi' } },
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
      },
    },
  };
}

export function postgresBackup(namespaceName: string): NewObject {
  const labels = { app: 'postgres-backup' };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'postgres-backup', namespace: namespaceName, labels },
    spec: {
      schedule: '0 2 * * *',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: {
        metadata: { labels },
        spec: {
          backoffLimit: 2,
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: 'backup',
                  image: 'registry.example.com/platform/postgres-backup:1.4.0',
                  command: ['/bin/backup', '--verify'],
                  resources: {},
                  terminationMessagePath: '/dev/termination-log',
                  terminationMessagePolicy: 'File',
                  imagePullPolicy: 'IfNotPresent',
                },
              ],
              restartPolicy: 'Never',
              terminationGracePeriodSeconds: 30,
              dnsPolicy: 'ClusterFirst',
              securityContext: {},
              schedulerName: 'default-scheduler',
            },
          },
        },
      },
    },
    status: {},
  };
}
