import 'server-only';
import { transaction } from '@/lib/db/transaction';
import { guardSource, readGuard } from '../guard/read';
import { judge } from '../guard/verdict';
import { verdictWords } from '../model';
import { observe } from '../move-change';
import type { StoredChange } from '../stored';
import type { Execution } from './execution';
import { holdChange } from './intents';
import type { Recorded } from './read-facts';

/** A measurement is due when the interval since the last one is over. */
export function isDue({ change, latest, now }: Recorded): boolean {
  if (latest === null) return true;
  return now.getTime() - latest.at.getTime() >= change.plan.guard.intervalSeconds * 1000;
}

/**
 * Asks Prometheus and stores the verdict, whatever it is. The log of the execution gets a line when the verdict
 * changes; the measurements hold every one.
 */
export async function measure(run: Execution, change: StoredChange, last: string | null): Promise<void> {
  const { plan } = change;
  const source = guardSource(run.config, plan.environment, plan.region);
  const judged = judge(await readGuard(source, plan.guard.query), plan.guard);
  const step = change.state === 'Watching' ? 3 : 2;
  await transaction(async (tx) => {
    const { now } = await holdChange(tx, run);
    await tx.measurement.create({
      data: {
        changeNumber: run.number,
        step,
        takenAt: now,
        verdict: judged.verdict,
        total: judged.total,
        failed: judged.failed,
        query: plan.guard.query.failed,
        detail: judged.detail.slice(0, 500),
      },
    });
    if (judged.verdict !== last) {
      await observe(
        tx,
        run.number,
        step,
        'reading',
        `Guard ${verdictWords[judged.verdict]}: ${judged.detail}`,
      );
    }
  }, run.db);
}
