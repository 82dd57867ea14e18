import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CronJobSeen, JsonObject } from './cluster';

/** Which copy a Job makes: a name alone proves nothing. */
export const COPY_ANNOTATION = 'signalbox.dev/copy';
export const CONSOLE_ANNOTATION = 'signalbox.dev/console';
/** For people and for `kubectl get jobs -l`; the same label as that of a change's other objects. */
export const CHANGE_LABEL = 'signalbox.dev/change';
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';
/** As `kubectl create job --from` marks what is made of a CronJob by hand. */
const INSTANTIATE = 'cronjob.kubernetes.io/instantiate';
/** Nobody sees the end of a Job that the cluster takes away at once. */
const LEAST_TTL_SECONDS = 600;

const Members = z.record(z.string(), z.json());
const Texts = z.record(z.string(), z.string()).default({});
const Env = z.looseObject({ name: z.string() }).catchall(z.json());
const Container = z
  .looseObject({ name: z.string(), image: z.string().default(''), env: z.array(Env).optional() })
  .catchall(z.json());
const Head = z.looseObject({ labels: Texts, annotations: Texts }).catchall(z.json());
const Template = z.object({
  jobTemplate: z.object({
    metadata: Head.prefault({}),
    spec: z
      .looseObject({
        activeDeadlineSeconds: z.number().optional(),
        ttlSecondsAfterFinished: z.number().optional(),
        template: z
          .looseObject({
            metadata: Head.prefault({}),
            spec: z.looseObject({ containers: z.array(Container).min(1) }).catchall(z.json()),
          })
          .catchall(z.json()),
      })
      .catchall(z.json()),
  }),
});

/** What the Job of one attempt is told; every container has it in its environment. */
export type JobTold = {
  /** Of the copy. */
  id: string;
  installation: string;
  change: number | null;
  snapshot: string;
  /** The name that pg_dump writes to, inside the folder of the copies. */
  file: string;
  appName: string;
  lockTimeoutMs: number;
  timeoutSeconds: number;
};

/** One name for each attempt: a copy that a drained worker gave back is begun under another one. */
export const jobName = (cronJob: string, { id, startedAt }: { id: string; startedAt: Date }): string =>
  `${cronJob}-${createHash('sha256').update(`${id} ${startedAt.toISOString()}`).digest('hex').slice(0, 10)}`;

const variablesOf = (told: JobTold): Record<string, string> => ({
  SIGNALBOX_SNAPSHOT: told.snapshot,
  SIGNALBOX_FILE: told.file,
  SIGNALBOX_FORMAT: 'custom',
  SIGNALBOX_LOCK_TIMEOUT: String(told.lockTimeoutMs),
  PGAPPNAME: told.appName,
});

export type JobContainer = { name: string; image: string };

/** The container whose end and log count: the one that kubectl would take. Null where there is none. */
export function containerOf({ spec }: CronJobSeen): JobContainer | null {
  const parsed = Template.safeParse(spec);
  if (!parsed.success) return null;
  const { template } = parsed.data.jobTemplate.spec;
  const named = template.metadata.annotations[DEFAULT_CONTAINER];
  const { containers } = template.spec;
  const found = containers.find(({ name }) => name === named) ?? containers[0];
  return found === undefined ? null : { name: found.name, image: found.image };
}

/**
 * The Job of a CronJob's template: everything that it says stays, but one pod is tried once, and every container is told
 * which snapshot to dump and what to write to. It belongs to the CronJob, whose history limits clear it away. Null where
 * the template has no container.
 */
export function jobFrom(
  name: string,
  cronJob: { name: string } & CronJobSeen,
  told: JobTold,
): JsonObject | null {
  const parsed = Template.safeParse(cronJob.spec);
  if (!parsed.success) return null;
  const { metadata, spec } = parsed.data.jobTemplate;
  const { selector: _selector, manualSelector: _manual, ttlSecondsAfterFinished: ttl, ...kept } = spec;
  const deadline = Math.ceil(told.timeoutSeconds);
  const change = told.change === null ? {} : { [CHANGE_LABEL]: `c-${told.change}` };
  return Members.parse({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      labels: { ...metadata.labels, ...change },
      annotations: {
        ...metadata.annotations,
        [INSTANTIATE]: 'manual',
        [COPY_ANNOTATION]: told.id,
        [CONSOLE_ANNOTATION]: told.installation,
      },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: cronJob.name, uid: cronJob.uid, controller: true },
      ],
    },
    spec: {
      ...kept,
      parallelism: 1,
      completions: 1,
      backoffLimit: 0,
      suspend: false,
      activeDeadlineSeconds: Math.min(spec.activeDeadlineSeconds ?? deadline, deadline),
      ...(ttl === undefined ? {} : { ttlSecondsAfterFinished: Math.max(ttl, LEAST_TTL_SECONDS) }),
      template: {
        ...spec.template,
        spec: {
          ...spec.template.spec,
          restartPolicy: 'Never',
          containers: spec.template.spec.containers.map((container) => ({
            ...container,
            env: envWith(container.env ?? [], variablesOf(told)),
          })),
        },
      },
    },
  });
}

/** Ours first: the template's own variables may refer to them, and one of the same name gives way. */
const envWith = (given: readonly z.infer<typeof Env>[], ours: Record<string, string>) => [
  ...Object.entries(ours).map(([name, value]) => ({ name, value })),
  ...given.filter(({ name }) => !Object.hasOwn(ours, name)),
];
