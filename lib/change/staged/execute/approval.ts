import 'server-only';
import { transaction } from '@/lib/db/transaction';
import { approvalNow } from '../../approval-now';
import type { Execution } from '../../execute/execution';
import { holdChange } from '../../execute/intents';
import { incidentBeforeMigration } from '../../incident/incident-problem';
import { backupProblem } from '../../plan/backup-gate';
import { gateProblem } from '../../plan/plan-gate';
import type { JobFact } from '../facts';
import { stopsOld } from '../serving';
import type { StagedRecorded } from './recorded';

/**
 * Whether what was signed still counts, asked right before what is not easily undone (change-engine.md 2.4): as long as
 * the migration has not been let run, and before the old pods are stopped where the pods are the share. Null when it
 * does, and where nothing of that kind is next.
 */
export async function approvalOf(
  run: Execution,
  recorded: StagedRecorded,
  job: JobFact | null,
): Promise<string | null> {
  const { change } = recorded;
  if (change.backingOut) return null;
  const migrates = job !== null && job.releasedAtMs === null;
  if (!migrates && !isToStop(recorded)) return null;
  const { plan } = change;
  const fallen =
    (await gateProblem(run.db, run.config, plan)) ??
    (migrates
      ? ((await backupProblem(run.db, run.config, plan)) ??
        (await incidentBeforeMigration(run.config, run.db, change)))
      : null);
  return transaction(async (tx) => {
    const held = await holdChange(tx, run);
    return (await approvalNow(tx, run.config, held.change, held.now)).problem ?? fallen;
  }, run.db);
}

/** The step that runs stops the old pods, and has not been announced. What goes back waits for no sign-off (APR-05). */
function isToStop({ staged, step: { n }, intents, change }: StagedRecorded): boolean {
  const { plan } = change;
  if (change.kind === 'rollback' || plan.goesBack !== undefined) return false;
  const step = staged.steps[n - 1];
  if (step?.do !== 'write') return false;
  const object = staged.objects.find(({ key }) => key === step.object);
  const isAnnounced = intents.some((intent) => intent.step === n && intent.target === step.object);
  return object !== undefined && stopsOld(object, step.set) && !isAnnounced;
}
