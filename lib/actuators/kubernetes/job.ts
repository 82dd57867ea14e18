import 'server-only';
import { z } from 'zod';
import type { Answer, ClusterClient } from './client';
import { ClusterError } from './error';
import { FENCE_ANNOTATION, type Fence, writeFence } from './fence';
import type { JsonObject } from './merge-patch';
import { readPods } from './read';
import { Metadata } from './schema';
import { FIELD_MANAGER, impersonate, type OnBehalfOf } from './write';

/** Which change made a Job, for people and for `kubectl get jobs -l`. */
export const CHANGE_LABEL = 'signalbox.dev/change';
/** SHA-256 of the spec that was asked for: the API server adds to a spec, so that it cannot be compared itself. */
export const SPEC_ANNOTATION = 'signalbox.dev/spec-sha256';
/** The change that made a Job goes back: whatever it had sent before is of an older version and is refused. */
export const SEAL_ANNOTATION = 'signalbox.dev/sealed';

const JobCondition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

export const JobObject = z.looseObject({
  metadata: Metadata,
  spec: z.record(z.string(), z.json()).default({}),
  status: z.looseObject({ conditions: z.array(JobCondition).default([]) }).prefault({}),
});
export type JobObject = z.infer<typeof JobObject>;

export type JobRef = { namespace: string; name: string };

const jobsPath = (namespace: string): string =>
  `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;

/** Throws ClusterError; `not-found` when there is none of that name. */
export const readJob = (client: ClusterClient, { namespace, name }: JobRef): Promise<JobObject> =>
  client.get(JobObject, `${jobsPath(namespace)}/${encodeURIComponent(name)}`);

export type JobCreate = {
  ref: JobRef;
  spec: JsonObject;
  /** Of the spec in canonical form, in hex. */
  specHash: string;
  fence: Fence;
  onBehalfOf: OnBehalfOf;
  dryRun?: boolean;
};

/** What is asked for: suspended, so that a creation which arrives late runs nothing. */
export const suspended = (spec: JsonObject): JsonObject => ({ ...spec, suspend: true });

/**
 * Creates a Job, suspended, under a name that is fixed by the plan, so that a second attempt meets the first one:
 * `conflict` (AlreadyExists). Throws ClusterError; after `timeout`, `unreachable` or `failing` read back first.
 */
export async function createJob(
  client: ClusterClient,
  { ref, spec, specHash, fence, onBehalfOf, dryRun }: JobCreate,
): Promise<{ object: JobObject; auditId: string | null }> {
  const change = `c-${fence.change}`;
  const answer = await client.call({
    method: 'POST',
    path: jobsPath(ref.namespace),
    query: { fieldManager: FIELD_MANAGER, dryRun: dryRun ? 'All' : undefined },
    headers: { 'user-agent': `signalbox-worker change/${change}`, ...impersonate(onBehalfOf) },
    body: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: ref.name,
        namespace: ref.namespace,
        labels: { [CHANGE_LABEL]: change },
        annotations: { [FENCE_ANNOTATION]: writeFence(fence), [SPEC_ANNOTATION]: specHash },
      },
      spec: suspended(spec),
    },
  });
  return jobIn(client, answer);
}

export type JobPatch = {
  ref: JobRef;
  /** `release`: its pods start now. `seal`: nothing changes but its version. */
  what: 'release' | 'seal';
  /** Compare-and-swap: the write is refused with 409 when the object is newer. */
  resourceVersion: string;
  fence: Fence;
  onBehalfOf: OnBehalfOf;
};

/** One fenced write of a Job. Throws ClusterError; after `timeout`, `unreachable` or `failing` read back first. */
export async function patchJob(
  client: ClusterClient,
  { ref, what, resourceVersion, fence, onBehalfOf }: JobPatch,
): Promise<{ object: JobObject; auditId: string | null }> {
  const change = `c-${fence.change}`;
  const fenced = { [FENCE_ANNOTATION]: writeFence(fence) };
  const answer = await client.call({
    method: 'PATCH',
    path: `${jobsPath(ref.namespace)}/${encodeURIComponent(ref.name)}`,
    query: { fieldManager: FIELD_MANAGER },
    headers: {
      'content-type': 'application/merge-patch+json',
      'user-agent': `signalbox-worker change/${change}`,
      ...impersonate(onBehalfOf),
    },
    body:
      what === 'release'
        ? { metadata: { resourceVersion, annotations: fenced }, spec: { suspend: false } }
        : { metadata: { resourceVersion, annotations: { ...fenced, [SEAL_ANNOTATION]: 'true' } } },
  });
  return jobIn(client, answer);
}

function jobIn(client: ClusterClient, answer: Answer): { object: JobObject; auditId: string | null } {
  const parsed = JobObject.safeParse(answer.body);
  if (parsed.success) return { object: parsed.data, auditId: answer.auditId };
  throw new ClusterError('bad-response', `${client.id} answered the write with an unexpected object.`, {
    cause: parsed.error,
  });
}

/** Made from exactly the spec with this hash, as its creator noted. */
export const isMadeFrom = ({ metadata }: JobObject, specHash: string): boolean =>
  metadata.annotations[SPEC_ANNOTATION] === specHash;

export const isSealed = ({ metadata }: JobObject): boolean =>
  metadata.annotations[SEAL_ANNOTATION] !== undefined;

/** No pod of it may run: it waits for its release. */
export const isSuspended = ({ spec }: JobObject): boolean => spec['suspend'] === true;

export type JobPhase = 'suspended' | 'running' | 'complete' | 'failed';

/** How a Job stands, by its conditions (batch/v1: exactly one of Complete and Failed is true at its end). */
export function jobPhase(job: JobObject): { phase: JobPhase; detail: string } {
  const { status } = job;
  const is = (type: string) =>
    status.conditions.find((condition) => condition.type === type && condition.status === 'True');
  if (is('Complete') !== undefined) return { phase: 'complete', detail: '' };
  const failed = is('Failed');
  if (failed === undefined) return { phase: isSuspended(job) ? 'suspended' : 'running', detail: '' };
  const { reason, message } = failed;
  return { phase: 'failed', detail: message === '' ? reason || 'no reason given' : `${reason}: ${message}` };
}

/** The last lines that the newest pod of a Job wrote; null when it has no pod any more. Throws ClusterError. */
export async function readJobLog(
  client: ClusterClient,
  { namespace, name }: JobRef,
  { container, lines, onBehalfOf }: { container: string; lines: number; onBehalfOf: OnBehalfOf },
): Promise<string | null> {
  const pods = await readPods(client, namespace, `job-name=${name}`);
  const pod = pods.at(-1);
  if (pod === undefined) return null;
  const answer = await client.call({
    method: 'GET',
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod.metadata.name)}/log`,
    query: { container, tailLines: String(lines), limitBytes: '65536' },
    headers: impersonate(onBehalfOf),
    isText: true,
  });
  return typeof answer.body === 'string' ? answer.body : '';
}
