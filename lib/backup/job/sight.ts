import { formatDuration } from '@/lib/core/duration';
import type { JobSeen, PodSeen } from './cluster';

/** What is to be made of a Job as it is seen now. */
export type JobVerdict =
  | { is: 'under-way'; isStarted: boolean }
  | { is: 'complete'; pod: PodSeen | null }
  | { is: 'ended'; problem: string; pod: PodSeen | null };

type Seen = { name: string; job: JobSeen; pods: readonly PodSeen[] };

const ended = (problem: string, pod: PodSeen | null): JobVerdict => ({ is: 'ended', problem, pod });

/** How a Job stands, by its condition and its newest pod. A Job that somebody suspended will not go on by itself. */
export function judgeJob({ name, job, pods }: Seen): JobVerdict {
  const pod = pods.at(-1) ?? null;
  const isStarted = pods.some(({ isRunning, terminated }) => isRunning || terminated !== null);
  switch (job.phase) {
    case 'running':
      return { is: 'under-way', isStarted };
    case 'suspended':
      return ended(
        `Job ${name} was suspended by somebody else. Look who works in its namespace; the next run tries again.`,
        pod,
      );
    case 'failed':
      return ended(failureOf(name, job, pod), pod);
    case 'complete': {
      const code = pod?.terminated?.exitCode ?? null;
      if (code === null || code === 0) return { is: 'complete', pod };
      return ended(`Job ${name} is complete, but its container ended with code ${code}.`, pod);
    }
  }
}

function failureOf(name: string, { detail }: JobSeen, pod: PodSeen | null): string {
  if (/DeadlineExceeded/.test(detail))
    return `Job ${name} took longer than its activeDeadlineSeconds and was ended by the cluster. Raise it, or backup.timeout.`;
  if (pod?.reason === 'Evicted')
    return `The pod of Job ${name} was evicted: ${lineOf(pod.message)} Give it requests and limits that a node has room for.`;
  const { terminated = null } = pod ?? {};
  if (terminated?.reason === 'OOMKilled')
    return `The pod of Job ${name} was killed for memory. Raise the memory limit of its container.`;
  if (terminated !== null && terminated.exitCode !== null && terminated.exitCode !== 0)
    return `The container of Job ${name} ended with code ${terminated.exitCode}.`;
  if (pod === null) return `Job ${name} failed and its pod is gone: ${lineOf(detail)}`;
  return `Job ${name} failed: ${lineOf(detail)}`;
}

const lineOf = (text: string): string => {
  const line = (text.split('\n')[0] ?? '').slice(0, 300).trim();
  return line === '' ? 'no reason is given.' : /[.!]$/.test(line) ? line : `${line}.`;
};

/** What to look at, by the word that the kubelet gives. */
const waits: [RegExp, string][] = [
  [
    /ImagePull|ErrImage|InvalidImageName|ImageInspect/,
    'Correct the image of the CronJob, or let the node reach its registry.',
  ],
  [/CreateContainerConfigError/, 'Make the Secret or ConfigMap that the template names.'],
  [/ContainerCreating|PodInitializing/, 'Look whether its volume can be mounted on the node.'],
];

/** Why a pod has not begun within its time, and what to do about it. `complaint` is the cluster's where there is no pod. */
export function neverStarted(
  name: string,
  pods: readonly PodSeen[],
  { startSeconds, complaint }: { startSeconds: number; complaint: string | null },
): string {
  const head = `Job ${name} did not start within ${formatDuration(startSeconds)}`;
  const pod = pods.at(-1);
  if (pod === undefined) {
    if (complaint === null) return `${head}: the cluster made no pod for it. Look at the events of the Job.`;
    const next = /quota/i.test(complaint)
      ? 'Raise the quota of the namespace, or lower what the template asks for.'
      : 'Look at the events of the Job.';
    return `${head}: the cluster made no pod for it. ${lineOf(complaint)} ${next}`;
  }
  if (pod.unscheduled !== null)
    return `${head}: no node takes its pod. ${lineOf(pod.unscheduled)} Make room, or lower what the template asks for.`;
  if (pod.waiting !== null) {
    const { reason, message } = pod.waiting;
    const next = waits.find(([word]) => word.test(reason))?.[1] ?? 'Look at the events of the pod.';
    return `${head}: its container waits with ${reason || 'no reason'}${message === '' ? '.' : `, ${lineOf(message)}`} ${next}`;
  }
  return `${head}: its pod is ${pod.phase || 'of no known phase'}. Look at the events of the pod.`;
}
