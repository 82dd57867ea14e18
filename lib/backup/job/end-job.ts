import 'server-only';
import { OpsError } from '@/lib/core/errors';
import { type JobsOf, parseJobText, scheduleUser } from './cluster';
import { COPY_ANNOTATION } from './template';

/**
 * Deletes the Job of a copy that failed, with its pods, where it has not ended: one that has is left to the history
 * limits of its CronJob, for people to look at. Another one under its name is left alone. Throws OpsError.
 */
export async function endJob(
  jobs: JobsOf | undefined,
  { id, job }: { id: string; job: string },
): Promise<void> {
  const named = parseJobText(job);
  if (named === null) return;
  if (jobs === undefined) throw new OpsError('precondition', 'This process makes no Jobs.');
  const { cluster, ref } = named;
  const there = jobs(cluster, { user: scheduleUser, attempt: `copy-${id}` });
  const seen = await there.read(ref);
  if (seen === null || seen.phase === 'complete' || seen.phase === 'failed') return;
  if (seen.annotations[COPY_ANNOTATION] === id) await there.remove(ref);
}
