import 'server-only';
import { isClusterError } from '@/lib/actuators/kubernetes/error';
import { isSealed, jobPhase, readJobLog } from '@/lib/actuators/kubernetes/job';
import { withoutSecrets } from '@/lib/audit/secrets';
import { messageOf } from '@/lib/core/errors';
import { transaction } from '@/lib/db/transaction';
import { emailOf } from '../../execute/email';
import type { Execution } from '../../execute/execution';
import { holdChange, settleIntent } from '../../execute/intents';
import { type ActResult, recoverTarget, writeTarget } from '../../execute/write-target';
import { observe } from '../../move-change';
import type { JobStep } from '../decide-job';
import type { JobFact, StagedMove } from '../facts';
import { jobKeyOf, MIGRATION_CONTAINER } from '../job-key';
import { isReleaseLate, isUnsuspended, recordedOfJob } from './job-record';
import { asSuspended, isOurs, jobTarget, lookForJob, ownerOf, writesOfJob } from './job-target';
import type { ObservedAll } from './observe';
import type { StagedRecorded } from './recorded';

/** Lines of the pod's log that are kept, and how long they may be together: enough for an error and its trace. */
const LOG_LINES = 100;
const LOG_CHARS = 8000;

/** The Job of a write whose end nobody saw, else of the step that runs; null where neither is about one. */
export function jobStepOf({ staged, step, open }: StagedRecorded): JobStep | null {
  const announced = open === null ? undefined : staged.steps[open.step - 1];
  if (announced?.do === 'job' && jobKeyOf(announced) === open?.target) return announced;
  const found = staged.steps[step.n - 1];
  return found?.do === 'job' ? found : null;
}

/** On the way back only a Job whose release may still come is looked at: no other one keeps it waiting. */
export function watchedJob(recorded: StagedRecorded): JobStep | null {
  const { staged, intents, change } = recorded;
  if (!change.backingOut) return jobStepOf(recorded);
  const found = staged.steps.find((one) => one.do === 'job');
  return found?.do === 'job' && isReleaseLate(intents, jobKeyOf(found)) ? found : null;
}

/** The Job as the API server has it now; a cluster that does not answer is told in `observed.silent`. */
export async function observeJob(
  run: Execution,
  recorded: StagedRecorded,
  observed: ObservedAll,
): Promise<JobFact | null> {
  const step = watchedJob(recorded);
  if (step === null) return null;
  const { intents } = recorded;
  const key = jobKeyOf(step);
  try {
    const job = await lookForJob(run, step);
    const ours = job !== null && isOurs(run, step, job);
    return {
      ...recordedOfJob(intents, key),
      late: ours && !isSealed(job) && isReleaseLate(intents, key),
      seen: job === null ? null : { ours, owner: ownerOf(job), ...jobPhase(job) },
    };
  } catch (error) {
    if (!isClusterError(error)) throw error;
    observed.silent.set(step.region, messageOf(error));
    return null;
  }
}

/**
 * Intent, write, result. A name that somebody took meanwhile, or a Job that is gone, is no drift: the next round sees
 * it and decides.
 */
export async function writeJob(
  run: Execution,
  { change, step: { n } }: StagedRecorded,
  step: JobStep,
  move: { do: 'create' | 'release' | 'seal'; sentence: string },
): Promise<ActResult> {
  const target = jobTarget(run, step);
  const write = writesOfJob(step)[move.do];
  try {
    const seen = await target.look();
    if (!target.same(seen.subset, write.before, write)) return { kind: 'preempted' };
    const result = await writeTarget(run, change, target, seen, {
      ...write,
      step: n,
      onBehalfOf: await emailOf(run, change, { verb: write.verb, command: null }),
      sentence: move.sentence,
    });
    return result.kind === 'drift' ? { kind: 'preempted' } : result;
  } catch (error) {
    if (!isClusterError(error)) throw error;
    return { kind: 'later', seconds: error.retryAfterSeconds, sentence: messageOf(error) };
  }
}

const ANNOUNCED_ANEW =
  'There is no such Job. Its creation is not sent again as it was announced: a new one makes it suspended.';

/**
 * Looks what became of a write of the Job: ours is adopted, one that never came is sent again or given up. A creation
 * that would run at once, announced by an earlier version of this program, is never sent again.
 */
export async function recoverJob(
  run: Execution,
  recorded: StagedRecorded,
  step: JobStep,
): Promise<ActResult | null> {
  const { open, change, commands } = recorded;
  if (open === null) return null;
  const backingOut = change.backingOut || commands.abort !== null;
  try {
    const target = jobTarget(run, step);
    const seen = await target.look();
    if (isUnsuspended(open) && seen.uid === '' && !backingOut) {
      await settleIntent(run, open, { result: 'superseded', sentence: ANNOUNCED_ANEW });
      return { kind: 'preempted' };
    }
    const result = await recoverTarget(run, change, target, asSuspended(open), seen, backingOut);
    return result.kind === 'drift' ? { kind: 'preempted' } : result;
  } catch (error) {
    if (!isClusterError(error)) throw error;
    return null;
  }
}

/** The move ends the migration's step, one way or another. */
export const endsMigration = (move: StagedMove, job: JobFact | null): boolean =>
  job?.seen?.ours === true &&
  (job.seen.phase === 'complete' || job.seen.phase === 'failed') &&
  (move.do === 'next' || move.do === 'back-out' || move.do === 'hold' || move.do === 'end');

/**
 * Keeps what the migration said, once, without what looks like a secret: the pod may be gone tomorrow. A log that
 * cannot be read keeps nothing waiting.
 */
export async function keepLog(run: Execution, recorded: StagedRecorded, step: JobStep): Promise<void> {
  const { n } = recorded.step;
  const onBehalfOf = {
    user: await emailOf(run, recorded.change, { verb: 'create', command: null }),
    attempt: 'log',
  };
  const log = await readJobLog(run.cluster(step.cluster), step, {
    container: MIGRATION_CONTAINER,
    lines: LOG_LINES,
    onBehalfOf,
  }).catch((error: unknown) => {
    if (!isClusterError(error)) throw error;
    return `It could not be read: ${messageOf(error)}`;
  });
  const text = log === null ? 'Its pod is gone.' : log.trim() === '' ? 'It is empty.' : log.trim();
  await transaction(async (tx) => {
    await holdChange(tx, run);
    const kept = await tx.observation.count({
      where: { changeNumber: run.number, step: n, sentence: { startsWith: LOG_HEAD } },
    });
    if (kept > 0) return;
    await observe(tx, run.number, n, 'reading', `${LOG_HEAD}\n${withoutSecrets(text).slice(-LOG_CHARS)}`);
  }, run.db);
}

const LOG_HEAD = `Log of the migration, its last ${LOG_LINES} lines at most:`;
