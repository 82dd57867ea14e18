import { formatDuration } from '@/lib/core/duration';
import type { StagedStep } from './contract';
import type { JobFact, StagedFacts, StagedMove } from './facts';
import { noWayBack } from './way-back';

export type JobStep = Extract<StagedStep, { do: 'job' }>;

/** Beyond the deadline that the cluster itself keeps, before the Job is given up. */
const GRACE_SECONDS = 60;

const wait = (sentence: string): StagedMove => ({ do: 'wait', sentence });
const jobName = ({ name, region }: JobStep): string => `Job ${name} in ${region}`;

/**
 * The database migration: created once and suspended, so that a creation which arrives late runs nothing; let run when
 * it is seen and ours and what was signed still counts; and its end says how the change goes on (fault 28).
 */
export function decideJob(facts: StagedFacts, step: JobStep): StagedMove {
  const { job } = facts;
  if (job === null) return wait(`${jobName(step)} cannot be seen.`);
  const { seen, created, releasedAtMs } = job;
  if (seen === null) {
    if (!created) return refused(facts) ?? { do: 'create', sentence: `${titleOf(facts)}.` };
    return mayHaveRun(job)
      ? failed(facts, step, `The Job was deleted before its end was seen.${unsure(job)}`)
      : back(facts, `${jobName(step)} was deleted before it was released: the database was not migrated.`);
  }
  if (!seen.ours) return taken(facts, step, job, seen.owner);
  switch (seen.phase) {
    case 'suspended':
      return suspended(facts, step, releasedAtMs);
    case 'complete':
      return { do: 'next', n: facts.step.n, command: null, sentence: 'The migration is complete.' };
    case 'failed':
      return failed(facts, step, `The Job failed: ${seen.detail}`);
    case 'running':
      return running(facts, step, releasedAtMs);
  }
}

/** A release whose answer was lost may have arrived, and a Job that has ended may be gone before anybody looks. */
const mayHaveRun = ({ releasedAtMs, announced }: JobFact): boolean => releasedAtMs !== null || announced;
const unsure = ({ releasedAtMs }: JobFact): string =>
  releasedAtMs === null ? ' Nobody saw whether its release arrived, so it may have run.' : '';

/** What was signed is looked at again right before what cannot be undone (change-engine.md 2.4). */
const refused = (facts: StagedFacts): StagedMove | null =>
  facts.approval === null ? null : back(facts, `The database was not migrated: ${facts.approval}`);

function suspended(facts: StagedFacts, step: JobStep, releasedAtMs: number | null): StagedMove {
  if (releasedAtMs === null) {
    return refused(facts) ?? { do: 'release', sentence: `${jobName(step)} is there and ours: it may run.` };
  }
  return held(
    facts,
    `${jobName(step)} was suspended by somebody else after it had been let run. Let it run on, then resume; or abort.`,
  );
}

const titleOf = ({ titles, step }: StagedFacts): string => titles[step.n - 1] ?? 'Migrate the database';

/** Its time counts from its release, as the cluster's own deadline does. */
function running(facts: StagedFacts, step: JobStep, releasedAtMs: number | null): StagedMove {
  const seconds = (facts.nowMs - (releasedAtMs ?? facts.step.sinceMs)) / 1000;
  if (seconds > step.timeoutSeconds + GRACE_SECONDS) {
    const limit = formatDuration(step.timeoutSeconds);
    return failed(facts, step, `The Job has not ended within ${limit}, and the cluster did not stop it.`);
  }
  return wait(`The migration runs, for ${formatDuration(step.timeoutSeconds)} at most.`);
}

/** The name is somebody else's (fault 6): theirs is not touched. Ours has run only if it was let run before. */
function taken(facts: StagedFacts, step: JobStep, job: JobFact, owner: string): StagedMove {
  if (mayHaveRun(job)) {
    const why = `In the place of the Job there is one that this change did not make (${owner}); it was left alone.`;
    return failed(facts, step, `${why}${unsure(job)}`);
  }
  const sentence = `There is a ${jobName(step)} that this change did not make (${owner}). It was left alone, and the database was not migrated.`;
  return back(facts, sentence);
}

/**
 * No request was sent to the new version yet, so the code goes back by itself. What a destructive migration left
 * behind has to be repaired forward first: the change is held for that.
 */
function failed(facts: StagedFacts, step: JobStep, why: string): StagedMove {
  const what = `The ${step.class} migration did not end well. ${why}`;
  if (step.class === 'destructive') {
    return held(facts, `${what} Failed (forward-fix needed): repair the schema by hand, then abort.`);
  }
  return back(facts, `${what} The schema may be half migrated: look at it before the next deploy.`);
}

/** Back by itself, or held for a person where that leads to what was no better. */
export function back(facts: StagedFacts, sentence: string): StagedMove {
  const reason = noWayBack(facts);
  return reason === null
    ? { do: 'back-out', cause: 'guard', command: null, sentence }
    : held(facts, `${sentence} ${reason}`);
}

const held = (facts: StagedFacts, sentence: string): StagedMove =>
  facts.state === 'DriftHold'
    ? wait(sentence)
    : { do: 'hold', state: 'DriftHold', kind: 'refused', command: null, sentence };

/** A destructive migration that did not end well: time alone does not send the change back. */
export function brokenMigration(facts: StagedFacts): JobFact | null {
  const step = facts.steps[facts.step.n - 1];
  const { job } = facts;
  if (step?.do !== 'job' || step.class !== 'destructive' || job === null) return null;
  const { seen } = job;
  if (seen === null || !seen.ours) return mayHaveRun(job) ? job : null;
  const hasRun = job.releasedAtMs !== null || seen.phase === 'running' || seen.phase === 'failed';
  return hasRun && seen.phase !== 'complete' ? job : null;
}
