import type { KubeObject, NewObject, ResourceName, Store } from '../kubernetes/store';
import { namespace } from './cluster-objects';

/** The image of PostgreSQL's client tools; its containers run the real ones. */
export const clientImage = 'registry.example.com/platform/postgres-client';

/** The CronJob whose template makes copies of one database: where they lie, and the account that reads it. */
export type BackupJob = {
  name: string;
  folder: string;
  url: string;
  /** What the container does before pg_dump, as a shell reads it. */
  first?: string;
};

export const backupNamespace = 'backup';

/** As docs/backups.md asks for it: pg_dump of the snapshot that it is told, under the name that it is told. */
const script = [
  'pg_dump --version',
  'exec pg_dump --format="$SIGNALBOX_FORMAT" --no-password --verbose --lock-wait-timeout="$SIGNALBOX_LOCK_TIMEOUT" --snapshot="$SIGNALBOX_SNAPSHOT" --file="$COPIES/$SIGNALBOX_FILE"',
].join('\n');

/** Made and corrected at each start: ports and passwords may be others than those before. */
export function seedBackupJob(store: Store, job: BackupJob): void {
  if (!store.get('namespaces', null, backupNamespace)) store.create('namespaces', namespace(backupNamespace));
  put(store, 'secrets', secretOf(job));
  put(store, 'cronjobs.batch', cronJobOf(job));
}

function put(store: Store, resource: ResourceName, wanted: NewObject): void {
  const { namespace: space = null, name } = wanted.metadata;
  if (!store.get(resource, space, name)) {
    store.create(resource, wanted);
    return;
  }
  store.change(resource, space, name, (object): KubeObject => {
    const { metadata: _metadata, ...rest } = wanted;
    return { ...object, ...rest };
  });
}

function secretOf({ name, url }: BackupJob): NewObject {
  const { hostname, port, username, password, pathname } = new URL(url);
  const values = {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: backupNamespace, labels: { app: name } },
    type: 'Opaque',
    data: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  };
}

/** Suspended: it is a template and no more. */
function cronJobOf({ name, folder, first }: BackupJob): NewObject {
  const labels = { app: name };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: backupNamespace, labels },
    spec: {
      schedule: '30 2 * * *',
      concurrencyPolicy: 'Forbid',
      suspend: true,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels },
        spec: {
          backoffLimit: 0,
          activeDeadlineSeconds: 3600,
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: 'pg-dump',
                  image: `${clientImage}:15`,
                  command: ['sh', '-ec', first === undefined ? script : `${first}\n${script}`],
                  envFrom: [{ secretRef: { name } }],
                  env: [{ name: 'COPIES', value: folder }],
                  resources: {
                    requests: { cpu: '100m', memory: '128Mi' },
                    limits: { cpu: '1', memory: '512Mi' },
                  },
                  volumeMounts: [{ name: 'copies', mountPath: folder }],
                  terminationMessagePath: '/dev/termination-log',
                  terminationMessagePolicy: 'File',
                  imagePullPolicy: 'IfNotPresent',
                },
              ],
              volumes: [{ name: 'copies', hostPath: { path: folder, type: 'Directory' } }],
              restartPolicy: 'Never',
              automountServiceAccountToken: false,
              terminationGracePeriodSeconds: 10,
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
