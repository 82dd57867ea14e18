import 'server-only';
import { z } from 'zod';
import { now } from '@/lib/core/time';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { Measurement } from './analysis/model';
import { outcomeOf, requestsSince } from './analysis/outcome';
import type { HoldNow } from './contract';
import { isExecuting, verdicts } from './model';
import { currentStep } from './promotion';
import type { Analysis, StagedStep } from './staged/contract';
import { shareBegan, startsOf } from './staged/steered';
import type { StoredChange } from './stored';

type Step = { n: number; state: string; startedAt: Date | null };
type Held = Pick<StoredChange, 'number' | 'plan' | 'state' | 'backingOut' | 'hold'>;
type Running = {
  n: number;
  step: Extract<StagedStep, { do: 'hold' }>;
  since: Date;
  /** When its requests came to this share. */
  steeredMs: number;
  analysis: Analysis;
};

/** The hold that runs now; null when none does. */
function runningHold({ plan, state, backingOut }: Held, steps: readonly Step[]): Running | null {
  const { staged } = plan;
  if (staged === undefined || backingOut || !isExecuting(state)) return null;
  const n = currentStep(steps);
  const step = n === null ? undefined : staged.steps[n - 1];
  const since = steps.find((one) => one.n === n)?.startedAt ?? null;
  if (n === null || step?.do !== 'hold' || since === null) return null;
  const analysis = staged.analysis.find(({ region }) => region === step.region);
  if (analysis === undefined) return null;
  const shared = { steps: staged.steps, objects: staged.objects, region: step.region, n };
  const steeredMs = shareBegan({ ...shared, startedAtMs: startsOf(steps) }) ?? since.getTime();
  return { n, step, since, steeredMs, analysis };
}

/**
 * The hold that runs now with the time that counted so far, by the rule of the engine and from every reading since it
 * began, however long it lasts; null when no hold runs.
 */
export async function viewHold(
  db: DatabaseOrTransaction,
  change: Held,
  steps: readonly Step[],
): Promise<HoldNow | null> {
  const running = runningHold(change, steps);
  if (running === null) return null;
  const { n, step, since, steeredMs, analysis } = running;
  const rows = await db.measurement.findMany({
    where: { changeNumber: change.number, region: step.region, proves: false, takenAt: { gte: since } },
    select: { takenAt: true, verdict: true, total: true, detail: true },
    orderBy: { id: 'asc' },
  });
  const own = rows.map(
    ({ takenAt, verdict, total, detail }): Measurement => ({
      atMs: takenAt.getTime(),
      verdict: z.enum(verdicts).parse(verdict),
      total,
      detail: detail ?? '',
    }),
  );
  const sinceMs = since.getTime();
  const { goodSeconds, kind, detail } = outcomeOf(own, analysis, {
    sinceMs,
    steeredMs,
    nowMs: now().getTime(),
    seconds: step.seconds,
    minRequests: step.minRequests,
    requests: requestsSince(own, analysis.windowSeconds, steeredMs),
  });
  const last = own.at(-1)?.verdict;
  const blind = kind === 'unclear' || last === 'ERROR' || last === 'NODATA';
  return {
    step: n,
    goodSeconds: Math.min(step.seconds, goodSeconds),
    needSeconds: step.seconds,
    isCounting: change.state === 'Running' && goodSeconds > 0 && !blind,
    detail: change.hold?.sentence ?? detail,
  };
}
