export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type JobRef = { namespace: string; name: string };

/** A CronJob as far as a Job is made of it. */
export type CronJobSeen = { uid: string; annotations: Record<string, string>; spec: JsonObject };

export type JobSeen = {
  uid: string;
  annotations: Record<string, string>;
  phase: 'suspended' | 'running' | 'complete' | 'failed';
  /** Why it failed, in the cluster's words. */
  detail: string;
  /** RFC 3339; null while it is not so far. */
  startedAt: string | null;
  endedAt: string | null;
};

/** A pod of a Job, by the container that is looked at. */
export type PodSeen = {
  name: string;
  phase: string;
  /** Why the whole pod is as it is: `Evicted`. */
  reason: string;
  message: string;
  /** Why no node takes it. */
  unscheduled: string | null;
  waiting: { reason: string; message: string } | null;
  isRunning: boolean;
  terminated: {
    exitCode: number | null;
    reason: string;
    startedAt: string | null;
    endedAt: string | null;
  } | null;
};

/**
 * What is done with Jobs in one cluster, for one person or schedule. Each throws OpsError: `forbidden` (the right is
 * missing), `conflict` (the name is taken), `precondition` (refused as it is), `unavailable` (it may pass).
 */
export type CopyJobs = {
  /** Null: there is none of that name. */
  readCronJob: (ref: JobRef) => Promise<CronJobSeen | null>;
  create: (ref: JobRef, manifest: JsonObject, options?: { dryRun: boolean }) => Promise<void>;
  read: (ref: JobRef) => Promise<JobSeen | null>;
  /** Its pods, the oldest first. */
  pods: (ref: JobRef, container: string) => Promise<PodSeen[]>;
  /** What the cluster says of a Job that gets no pod; null: nothing, or it may not be read. */
  complaint: (ref: JobRef) => Promise<string | null>;
  /** The last lines that a container wrote. */
  log: (pod: JobRef, container: string, lines: number) => Promise<string>;
  /** The Job and its pods, in the background; false: there is none of that name. */
  remove: (ref: JobRef) => Promise<boolean>;
};

/** The Jobs of a cluster, by a person's name or that of the schedule, and the attempt. */
export type JobsOf = (cluster: string, onBehalfOf: { user: string; attempt: string }) => CopyJobs;

/** As the cluster's own audit log names who asks for a copy that no person asked for. */
export const scheduleUser = 'signalbox-schedule';

/** `us-east-1/backup/observers-backup-0123456789`, as the row of a copy names its Job. */
export const jobText = (cluster: string, { namespace, name }: JobRef): string =>
  `${cluster}/${namespace}/${name}`;

/** The other way round; null for a text that names none. */
export function parseJobText(text: string): { cluster: string; ref: JobRef } | null {
  const [cluster, namespace, name, ...more] = text.split('/');
  if (cluster === undefined || namespace === undefined || name === undefined || more.length > 0) return null;
  return { cluster, ref: { namespace, name } };
}
