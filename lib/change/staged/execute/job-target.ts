import 'server-only';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { compareFence, readFence } from '@/lib/actuators/kubernetes/fence';
import {
  CHANGE_LABEL,
  createJob,
  isMadeFrom,
  isSealed,
  isSuspended,
  type JobObject,
  patchJob,
  readJob,
  suspended,
} from '@/lib/actuators/kubernetes/job';
import { canonicalHash } from '@/lib/audit/canonical';
import { approvalNow } from '../../approval-now';
import type { Execution } from '../../execute/execution';
import type { Seen, Target, Write } from '../../execute/write-target';
import { JsonObjectSchema } from '../../template';
import type { Fields } from '../contract';
import type { JobStep } from '../decide-job';
import { hasFields } from '../fields';
import { jobKeyOf } from '../job-key';
import { isUnsuspended } from './job-record';
import { parseStagedIntent, type StagedIntent } from './target';

/** Null: there is none of that name. Throws ClusterError. */
export async function lookForJob(run: Execution, step: JobStep): Promise<JobObject | null> {
  try {
    return await readJob(run.cluster(step.cluster), step);
  } catch (error) {
    if (isClusterError(error, 'not-found')) return null;
    throw error;
  }
}

const specOf = (step: JobStep) => JsonObjectSchema.parse(JSON.parse(step.spec));
const hashOf = (step: JobStep): string => canonicalHash(specOf(step));

/** Under this change's fence and made from the signed spec: a name alone proves nothing (fault 6). */
export function isOurs(run: Execution, step: JobStep, job: JobObject): boolean {
  const fence = readFence(job.metadata.annotations);
  return (
    compareFence(fence, { change: run.number, epoch: run.epoch }) === 'ours' && isMadeFrom(job, hashOf(step))
  );
}

/** `made by change c-7`, or the name under which it was written. */
export function ownerOf({ metadata }: JobObject): string {
  const change = metadata.labels[CHANGE_LABEL];
  if (change !== undefined) return `made by change ${change}`;
  const manager = metadata.managedFields.find(({ subresource }) => (subresource ?? '') === '')?.manager;
  return manager === undefined || manager === '' ? 'made by an unknown hand' : `made by “${manager}”`;
}

/** What a Job is made from: the signed spec, and it never starts by its creation. */
const createdOf = (step: JobStep): Fields => ({ spec: suspended(specOf(step)) });

/**
 * A write of the Job as it would be announced now: an earlier version of this program announced the creation without
 * saying that it is suspended, and what is seen is compared with what is asked for now.
 */
export function asSuspended(intent: StagedIntent): StagedIntent {
  if (!isUnsuspended(intent)) return intent;
  const spec = JsonObjectSchema.parse(intent.desired['spec']);
  return { ...intent, desired: { ...intent.desired, spec: suspended(spec) } };
}

/** The Job as a target of fenced writes: absent it has no members, so that it is made once and never made anew. */
export function jobTarget(run: Execution, step: JobStep): Target<Fields> {
  const client = run.cluster(step.cluster);
  const noun = `Job ${step.name} in ${step.region}`;
  return {
    key: jobKeyOf(step),
    noun,
    look: async () => seenOf(step, await lookForJob(run, step)),
    patch: async ({ resourceVersion }, { verb }, made) => {
      const what = verb === 'restore' ? 'seal' : 'release';
      const { object, auditId } =
        verb === 'create'
          ? await createJob(client, { ref: step, spec: specOf(step), specHash: hashOf(step), ...made })
          : await patchJob(client, { ref: step, what, resourceVersion, ...made });
      return { resourceVersion: object.metadata.resourceVersion, auditId };
    },
    same: (live, wanted) =>
      Object.keys(wanted).length === 0 ? Object.keys(live).length === 0 : hasFields(live, wanted),
    startsFrom: () => false,
    parse: parseStagedIntent,
    done: ({ verb }) => `${noun} is ${doneWords[verb] ?? 'written'}.`,
    mayStill: async (tx, change, now, verb) =>
      verb === 'restore' || (await approvalNow(tx, run.config, change, now)).problem === null,
  };
}

const doneWords: Record<string, string> = {
  create: 'created, suspended',
  write: 'let run',
  restore: 'sealed: no release of it can arrive any more',
};

function seenOf(step: JobStep, job: JobObject | null): Seen<Fields> {
  if (job === null) return { subset: {}, fence: null, uid: '', resourceVersion: '', writer: null };
  const { metadata } = job;
  const made = isMadeFrom(job, hashOf(step)) ? createdOf(step) : { spec: null };
  return {
    subset: { ...made, suspend: isSuspended(job), sealed: isSealed(job) },
    fence: readFence(metadata.annotations),
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    writer: ownerOf(job),
  };
}

/** Each starts from what it found: nothing, a Job of ours that waits, one of ours that is not sealed. */
export const writesOfJob = (step: JobStep): Record<'create' | 'release' | 'seal', Write<Fields>> => {
  const made = createdOf(step);
  return {
    create: { verb: 'create', before: {}, desired: made },
    release: { verb: 'write', before: { ...made, suspend: true }, desired: { ...made, suspend: false } },
    seal: { verb: 'restore', before: { ...made, sealed: false }, desired: { ...made, sealed: true } },
  };
};
