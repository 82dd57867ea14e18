import 'server-only';
import { transaction } from '@/lib/db/transaction';
import { guardSource, readGuard } from '../guard/read';
import { answerOf, judge } from '../guard/verdict';
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
 * Asks Prometheus and stores the verdict, whatever it is, with both queries and the raw answers. The log of the execution gets a line when the verdict
 * changes; the measurements hold every one.
 */
export async function measure(run: Execution, change: StoredChange, last: string | null): Promise<void> {
  const { plan } = change;
  const source = guardSource(run.config, plan.environment, plan.region);
  const reading = await readGuard(source, plan.guard.query);
  const judged = judge(reading, plan.guard);
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
        query: `${plan.guard.query.total}\n${plan.guard.query.failed}`,
        answer: answerOf(reading),
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
