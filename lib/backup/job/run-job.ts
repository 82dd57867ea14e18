import 'server-only';
import fs from 'node:fs/promises';
import type { JobPlace } from '@/lib/config/job-place';
import { formatDuration } from '@/lib/core/duration';
import { isOpsError, messageOf, type OpsError } from '@/lib/core/errors';
import { monotonicMs, sleep } from '@/lib/core/time';
import { fact } from '../check';
import type { DumpEnd, DumpRun } from '../dump';
import { readDumpHead } from '../dump-head';
import { type CopyJobs, type JobRef, type JobSeen, type JsonObject, jobText, type PodSeen } from './cluster';
import { JobLog } from './job-log';
import { judgeJob, neverStarted } from './sight';
import { COPY_ANNOTATION } from './template';

export type JobRun = {
  jobs: CopyJobs;
  place: JobPlace;
  ref: JobRef;
  /** Of the copy. */
  id: string;
  container: string;
  image: string;
  manifest: JsonObject;
  /** Where this worker sees what the Job writes, and the folder that both have. */
  file: string;
  folder: string;
  serverMajor: number;
  timeoutSeconds: number;
  pollMs: number;
  secrets: readonly string[];
  /** Writes down that the Job is about to be made; false when the copy is another worker's by now. */
  announce: () => Promise<boolean>;
};

/** A Job that was told to go has this long, beyond the 30 s that a pod gets to end. */
const FAREWELL_MS = 40_000;
/** Some looks more, where a folder that is shared shows late what another machine wrote. */
const FILE_LOOKS = 5;

const isPassing = (error: unknown): error is OpsError => isOpsError(error, 'unavailable');
const inWords = (error: OpsError): string => [error.message, error.next ?? ''].join(' ').trim();

/**
 * Makes the Job of one attempt and follows it to its end. Never throws for what the cluster says. When it is over nothing
 * of it runs any more, or the row still names it, so that it is deleted later.
 */
export async function runJob(run: JobRun, { signal }: DumpRun): Promise<DumpEnd> {
  const log = new JobLog(run);
  try {
    if (!(await run.announce())) return { problem: 'The copy is another worker’s by now.', log: '' };
    const startedMs = monotonicMs();
    await make(run, startedMs, signal);
    const end = await follow(run, log, startedMs, signal);
    // It stays for people to look at, until the history limits of the CronJob take it.
    if ('problem' in end) return { problem: log.inWords(end.problem), log: log.text };
    return await wholeDump(run, end, log, (monotonicMs() - startedMs) / 1000);
  } catch (error) {
    if (!(error instanceof Given)) throw error;
    const left = error.isMade ? await remove(run) : '';
    return { problem: `${error.message}${left}`, log: log.text };
  }
}

/** Ends a run with a sentence; the Job goes, unless none was made. */
class Given extends Error {
  readonly isMade: boolean;

  constructor(message: string, isMade = true) {
    super(message);
    this.isMade = isMade;
  }
}

const stopped = ({ ref }: JobRun): Given => new Given(`Job ${ref.name} was stopped and deleted.`);

/** After an answer that was lost the name tells whether the Job is there: nobody else has one like it. */
async function make(run: JobRun, startedMs: number, signal: AbortSignal): Promise<void> {
  const { jobs, ref, manifest, place } = run;
  for (;;) {
    if (signal.aborted) throw stopped(run);
    try {
      return await jobs.create(ref, manifest);
    } catch (error) {
      if (!isOpsError(error)) throw error;
      const isThere = isOpsError(error, 'conflict') ? await isOurs(run) : null;
      if (isThere === true) return;
      // The name is somebody else's, or the cluster refuses: none of ours is there.
      const isRefused = isThere === false || !(isPassing(error) || isOpsError(error, 'conflict'));
      if (isRefused) throw new Given(`The Job could not be made. ${inWords(error)}`, false);
      if (monotonicMs() - startedMs > place.startSeconds * 1000)
        throw new Given(
          `The Job could not be made within ${formatDuration(place.startSeconds)}. ${inWords(error)}`,
        );
    }
    await sleep(run.pollMs, signal);
  }
}

/** Whether the Job of this name is ours; null while the cluster does not say. */
async function isOurs({ jobs, ref, id }: JobRun): Promise<boolean | null> {
  try {
    const job = await jobs.read(ref);
    return job === null ? null : job.annotations[COPY_ANNOTATION] === id;
  } catch (error) {
    if (isPassing(error)) return null;
    throw error;
  }
}

type Followed = { problem: string } | { job: JobSeen; pod: PodSeen | null };

async function follow(run: JobRun, log: JobLog, startedMs: number, signal: AbortSignal): Promise<Followed> {
  const { ref, place, timeoutSeconds } = run;
  let isStarted = false;
  let silent = '';
  for (;;) {
    await sleep(run.pollMs, signal);
    if (signal.aborted) throw stopped(run);
    const waited = (monotonicMs() - startedMs) / 1000;
    if (waited > timeoutSeconds) {
      const since = silent === '' ? '' : ` The cluster did not answer at last: ${silent}`;
      throw new Given(
        `Job ${ref.name} took longer than the time-out of ${formatDuration(timeoutSeconds)}.${since}`,
      );
    }
    try {
      const job = await run.jobs.read(ref);
      if (job === null) throw new Given(deleted(ref));
      const pods = await run.jobs.pods(ref, run.container);
      silent = '';
      const verdict = judgeJob({ name: ref.name, job, pods });
      if (verdict.is === 'under-way') {
        isStarted ||= verdict.isStarted;
        await log.readNowAndThen(pods.at(-1));
        if (isStarted || waited <= place.startSeconds) continue;
        const complaint = pods.length === 0 ? await run.jobs.complaint(ref) : null;
        throw new Given(neverStarted(ref.name, pods, { startSeconds: place.startSeconds, complaint }));
      }
      await log.readLast(verdict.pod);
      if (verdict.is === 'complete') return { job, pod: verdict.pod };
      // It would go on when somebody resumes it.
      if (job.phase === 'suspended') throw new Given(verdict.problem);
      return { problem: verdict.problem };
    } catch (error) {
      if (!isOpsError(error)) throw error;
      if (!isPassing(error)) throw new Given(`Job ${ref.name} could not be followed. ${inWords(error)}`);
      silent = error.message;
    }
  }
}

const deleted = ({ name, namespace }: JobRef): string =>
  `Job ${name} was deleted before its end. Look who or what deletes Jobs in the namespace ${namespace}; the next run tries again.`;

/** Deletes our Job and waits a while for its pods, which still write. A sentence where that did not succeed. */
async function remove(run: JobRun): Promise<string> {
  const { jobs, ref, container, pollMs } = run;
  const untilMs = monotonicMs() + FAREWELL_MS;
  for (;;) {
    try {
      const job = await jobs.read(ref);
      // Somebody else's is left alone.
      if (job !== null && job.annotations[COPY_ANNOTATION] !== run.id) return '';
      if (job !== null) await jobs.remove(ref);
      if ((await jobs.pods(ref, container)).every(({ terminated }) => terminated !== null)) return '';
    } catch (error) {
      if (!isOpsError(error)) throw error;
      if (!isPassing(error)) return ` It could not be deleted: ${messageOf(error)}`;
    }
    if (monotonicMs() > untilMs) return ' It was told to go, and its pod is not seen to have ended yet.';
    await sleep(pollMs);
  }
}

/** What the evidence calls the image that pg_dump came from: the next plan asks whether it is still that one. */
export const IMAGE = 'Image';

/** A Job that ended well is believed when its dump is there and names a pg_dump that can. */
async function wholeDump(
  run: JobRun,
  { job, pod }: { job: JobSeen; pod: PodSeen | null },
  log: JobLog,
  seconds: number,
): Promise<DumpEnd> {
  const { ref, file, folder, place } = run;
  if (!(await isWritten(run))) {
    const problem = `Job ${ref.name} ended well, but this worker sees nothing of what it wrote in ${folder}. The volume of the CronJob has to be that folder, and $SIGNALBOX_FILE the name in it.`;
    return { problem, log: log.text };
  }
  const head = await readDumpHead(file);
  if (head === null) {
    const problem = `What Job ${ref.name} wrote is no dump in custom format. The template has to call pg_dump with --format=custom.`;
    return { problem, log: log.text };
  }
  if (Number.parseInt(head.dumpVersion, 10) < run.serverMajor) {
    const problem = `pg_dump ${head.dumpVersion} in the image of CronJob ${place.cronJob} is older than the server: it leaves out what it does not know.`;
    return { problem, log: log.text };
  }
  const code = pod?.terminated?.exitCode ?? null;
  return {
    problem: null,
    dumpVersion: head.dumpVersion,
    log: log.text,
    evidence: [
      fact('Job', 'Complete', 'Complete'),
      // Without its pod the Job alone says it: Complete is the word for containers that ended with 0.
      ...(code === null ? [] : [fact('Exit code', '0', String(code))]),
      {
        what: 'Time',
        expected: `${formatDuration(run.timeoutSeconds)} or less`,
        found: formatDuration(seconds),
        isRight: seconds <= run.timeoutSeconds,
      },
      fact('Name of the Job', null, jobText(place.cluster, ref)),
      fact('Name of its pod', null, pod?.name ?? 'gone'),
      fact(IMAGE, null, run.image),
      fact('Began', null, job.startedAt ?? 'not told'),
      fact('Ended', null, job.endedAt ?? 'not told'),
    ],
  };
}

async function isWritten({ file, pollMs }: JobRun): Promise<boolean> {
  for (let look = 0; look < FILE_LOOKS; look += 1) {
    const { size } = await fs.stat(file);
    if (size > 0) return true;
    await sleep(pollMs);
  }
  return false;
}
