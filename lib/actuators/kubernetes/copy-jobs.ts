import 'server-only';
import { z } from 'zod';
import { OpsError } from '@/lib/core/errors';
import type { Answer, Call, ClusterClient } from './client';
import { type ClusterError, isClusterError, isPassing } from './error';
import { JobObject, type JobRef, jobPhase } from './job';
import type { JsonObject } from './merge-patch';
import { listOf, Metadata } from './schema';
import { FIELD_MANAGER, impersonate, type OnBehalfOf } from './write';

const CronJobObject = z.looseObject({ metadata: Metadata, spec: z.record(z.string(), z.json()).default({}) });

const Waiting = z.looseObject({ reason: z.string().default(''), message: z.string().default('') });
const Terminated = z.looseObject({
  exitCode: z.number().optional(),
  reason: z.string().default(''),
  startedAt: z.string().nullish(),
  finishedAt: z.string().nullish(),
});
const JobPod = z.looseObject({
  metadata: Metadata.extend({ creationTimestamp: z.string().default('') }),
  status: z
    .looseObject({
      phase: z.string().default(''),
      reason: z.string().default(''),
      message: z.string().default(''),
      conditions: z
        .array(
          z.looseObject({
            type: z.string(),
            status: z.string(),
            reason: z.string().nullish(),
            message: z.string().nullish(),
          }),
        )
        .default([]),
      containerStatuses: z
        .array(
          z.looseObject({
            name: z.string(),
            state: z
              .looseObject({
                waiting: Waiting.nullish(),
                running: z.looseObject({}).nullish(),
                terminated: Terminated.nullish(),
              })
              .default({}),
          }),
        )
        .default([]),
    })
    .prefault({}),
});
const JobTimes = z.looseObject({
  startTime: z.string().nullish(),
  completionTime: z.string().nullish(),
  conditions: z
    .array(z.looseObject({ type: z.string(), status: z.string(), lastTransitionTime: z.string().nullish() }))
    .default([]),
});
const EventObject = z.looseObject({
  type: z.string().default(''),
  message: z.string().default(''),
  lastTimestamp: z.string().nullish(),
});

/** What the log of a pod may have at most, whatever its lines are. */
const LOG_BYTES = 65_536;

const segment = encodeURIComponent;
const batch = (namespace: string, plural: string): string =>
  `/apis/batch/v1/namespaces/${segment(namespace)}/${plural}`;
const core = (namespace: string, plural: string): string =>
  `/api/v1/namespaces/${segment(namespace)}/${plural}`;

/** The one member that tells a passing failure from one that a person has to end. */
function told(error: ClusterError): OpsError {
  const { message, failure } = error;
  if (isPassing(error)) return new OpsError('unavailable', message, { cause: error });
  if (failure === 'conflict') return new OpsError('conflict', message, { cause: error });
  if (failure === 'refused')
    return new OpsError('forbidden', message, {
      next: 'Bind the role signalbox-backup-maker in that namespace (deploy/kubernetes/rbac.yaml).',
      cause: error,
    });
  return new OpsError('precondition', message, { cause: error });
}

/**
 * Jobs that make copies of databases, in one cluster. Nothing of them is signed step by step, so that they have no fence:
 * the snapshot that a Job asks for is there as long as its worker is. Each method throws OpsError.
 */
export function copyJobs(client: ClusterClient, onBehalfOf: OnBehalfOf) {
  const headers = {
    'user-agent': `signalbox-worker ${onBehalfOf.attempt}`,
    ...impersonate(onBehalfOf),
  };
  const call = async (made: Call): Promise<Answer> => {
    try {
      return await client.call({ ...made, headers });
    } catch (error) {
      throw isClusterError(error) ? told(error) : error;
    }
  };
  const get = async <T extends z.ZodType>(
    schema: T,
    path: string,
    query?: Call['query'],
  ): Promise<z.output<T>> => {
    const { body } = await call({ method: 'GET', path, ...(query === undefined ? {} : { query }) });
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new OpsError('unavailable', `${client.id} answered GET ${path} with an unexpected object.`, {
      cause: parsed.error,
    });
  };
  const orNull = async <T>(look: Promise<T>): Promise<T | null> => {
    try {
      return await look;
    } catch (error) {
      if (error instanceof OpsError && isClusterError(error.cause, 'not-found')) return null;
      throw error;
    }
  };
  return {
    readCronJob: async ({ namespace, name }: JobRef) => {
      const path = `${batch(namespace, 'cronjobs')}/${segment(name)}`;
      const found = await orNull(get(CronJobObject, path));
      if (found === null) return null;
      const { uid, annotations } = found.metadata;
      return { uid, annotations, spec: found.spec };
    },
    create: async (
      { namespace }: JobRef,
      manifest: JsonObject,
      { dryRun }: { dryRun: boolean } = { dryRun: false },
    ): Promise<void> => {
      const query = { fieldManager: FIELD_MANAGER, dryRun: dryRun ? 'All' : undefined };
      await call({ method: 'POST', path: batch(namespace, 'jobs'), query, body: manifest });
    },
    read: async ({ namespace, name }: JobRef) => {
      const path = `${batch(namespace, 'jobs')}/${segment(name)}`;
      const job = await orNull(get(JobObject, path));
      if (job === null) return null;
      const { uid, annotations } = job.metadata;
      const times = JobTimes.safeParse(job.status).data;
      const failed = times?.conditions.find(({ type, status }) => type === 'Failed' && status === 'True');
      return {
        uid,
        annotations,
        ...jobPhase(job),
        startedAt: times?.startTime ?? null,
        endedAt: times?.completionTime ?? failed?.lastTransitionTime ?? null,
      };
    },
    pods: async ({ namespace, name }: JobRef, container: string) => {
      const list = await get(listOf(JobPod), core(namespace, 'pods'), { labelSelector: `job-name=${name}` });
      return list.items
        .toSorted((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))
        .map((pod) => podSeen(pod, container));
    },
    complaint: async ({ namespace, name }: JobRef): Promise<string | null> => {
      try {
        const list = await get(listOf(EventObject), core(namespace, 'events'), {
          fieldSelector: `involvedObject.kind=Job,involvedObject.name=${name}`,
        });
        const warnings = list.items.filter(({ type }) => type === 'Warning');
        return warnings.at(-1)?.message ?? null;
      } catch (error) {
        // It is a help and no more.
        if (error instanceof OpsError) return null;
        throw error;
      }
    },
    log: async ({ namespace, name }: JobRef, container: string, lines: number): Promise<string> => {
      const path = `${core(namespace, 'pods')}/${segment(name)}/log`;
      const query = { container, tailLines: String(lines), limitBytes: String(LOG_BYTES) };
      const { body } = await call({ method: 'GET', path, query, isText: true });
      return typeof body === 'string' ? body : '';
    },
    remove: async ({ namespace, name }: JobRef): Promise<boolean> => {
      const path = `${batch(namespace, 'jobs')}/${segment(name)}`;
      const gone = await orNull(call({ method: 'DELETE', path, query: { propagationPolicy: 'Background' } }));
      return gone !== null;
    },
  };
}

function podSeen({ metadata, status }: z.infer<typeof JobPod>, container: string) {
  const state = status.containerStatuses.find(({ name }) => name === container)?.state ?? {};
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled');
  const { waiting = null, running = null, terminated = null } = state;
  return {
    name: metadata.name,
    phase: status.phase,
    reason: status.reason,
    message: status.message,
    unscheduled: scheduled?.status === 'False' ? (scheduled.message ?? scheduled.reason ?? '') : null,
    waiting: waiting === null ? null : { reason: waiting.reason, message: waiting.message },
    isRunning: running !== null,
    terminated:
      terminated === null
        ? null
        : {
            exitCode: terminated.exitCode ?? null,
            reason: terminated.reason,
            startedAt: terminated.startedAt ?? null,
            endedAt: terminated.finishedAt ?? null,
          },
  };
}
