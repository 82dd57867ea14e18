import { claimChange, releaseClaim } from '@/lib/change/execute/claim';
import type { Execution, Point } from '@/lib/change/execute/execution';
import { runChange } from '@/lib/change/execute/run-change';
import { LostChange } from '@/lib/change/move-change';
import { changeId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import { counter } from '@/lib/core/metrics';
import { monotonicMs } from '@/lib/core/time';
import type { LeaseKeeper } from './heartbeat';
import type { WorkerContext } from './job';

/** A change whose run broke off is left alone this long, so that one broken row does not stop the others. */
const AFTER_FAILURE_SECONDS = 15;
/** A change that waits for another one is looked at again after this. */
const AFTER_BUSY_SECONDS = 2;

export type ExecutorOptions = { keeper: LeaseKeeper; reached: (point: Point) => Promise<void> };

/** Claims every change that is due and carries each out beside the others. Returns when nothing is due any more. */
export async function claimDue(
  context: WorkerContext,
  { keeper, reached }: ExecutorOptions,
  running: Set<Promise<void>>,
): Promise<void> {
  while (!context.signal.aborted) {
    const sinceMs = monotonicMs();
    const claim = await claimChange(context.db, context.workerId, context.config.timing.lease);
    if (claim === null) return;
    const bell = context.wakeups.bell([`change:${claim.number}`]);
    const run: Execution = {
      db: context.db,
      config: context.config,
      workerId: context.workerId,
      cluster: context.cluster,
      number: claim.number,
      epoch: claim.epoch,
      lease: keeper.keep(claim, sinceMs),
      signal: context.signal,
      pause: (ms) => bell.wait(ms, context.signal),
      reached,
    };
    const done: Promise<void> = carryOut(context, run, keeper, claim).finally(() => {
      bell.close();
      running.delete(done);
    });
    running.add(done);
  }
}

async function carryOut(
  context: WorkerContext,
  run: Execution,
  keeper: LeaseKeeper,
  claim: { number: number; epoch: number },
): Promise<void> {
  const log = logger('worker');
  const place = { change: changeId(claim.number), epoch: claim.epoch };
  let after = 0;
  try {
    await run.reached('claimed');
    const end = await runChange(run);
    log.info({ ...place, end }, 'a change is let go');
    if (end === 'waiting') after = AFTER_BUSY_SECONDS;
  } catch (error) {
    if (error instanceof LostChange)
      log.warn({ ...place, why: error.message }, 'a change is held by another run');
    else log.error({ ...place, err: error }, 'the run of a change broke off');
    counter({ name: 'signalbox_runs_broken_total', help: 'Runs of changes that broke off' }).inc();
    after = AFTER_FAILURE_SECONDS;
    if (error instanceof LostChange) after = 1;
  } finally {
    keeper.drop(claim);
    await releaseClaim(context.db, context.workerId, claim, after).catch((error: unknown) =>
      log.warn({ ...place, err: error }, 'a lease could not be given back; it ends by itself'),
    );
  }
}
