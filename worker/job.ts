import type { Budget } from '@/lib/actuators/kubernetes/budget';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import type { Config } from '@/lib/config/schema';
import { logger } from '@/lib/core/log';
import { counter } from '@/lib/core/metrics';
import { sleep } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import type { Wakeups } from './wakeups';

export type WorkerContext = {
  db: Database;
  config: Config;
  workerId: string;
  cluster: (id: string, budget?: Budget) => ClusterClient;
  wakeups: Wakeups;
  signal: AbortSignal;
};

/** Something that a worker does again and again. `topics` of the database's notifications start it at once. */
export type Job<Context = WorkerContext> = {
  name: string;
  everySeconds: number;
  topics: readonly string[];
  /** Least pause between two runs, milliseconds: what is told meanwhile starts one run and not one each. */
  pauseMs?: number;
  run: (context: Context) => Promise<void>;
};

const BACKOFF_MAX = 60;
/** Woken when the notification channel stands again: the database answers, so that a failed job need not wait. */
const CONNECTED = 'connected';

/**
 * Runs a job until the signal aborts. A job that throws is tried again later and stops no other: after 2, 4, 8 and
 * at last every 60 s, and at once when the database is back. Its own topics do not shorten the wait, or a job that
 * cannot succeed would run with every notification.
 */
export async function keepRunning<Context extends Pick<WorkerContext, 'wakeups' | 'signal'>>(
  job: Job<Context>,
  context: Context,
): Promise<void> {
  let failures = 0;
  while (!context.signal.aborted) {
    // Hung up before the run: what is told while it runs is for the next one.
    const bell = context.wakeups.bell(job.topics);
    try {
      await job.run(context);
      failures = 0;
    } catch (error) {
      failures += 1;
      logger('worker').error({ job: job.name, err: error }, 'a job failed');
      counter({ name: 'signalbox_job_failures_total', help: 'Jobs that threw', labels: ['job'] })
        .labels(job.name)
        .inc();
    }
    if (job.pauseMs !== undefined) await sleep(job.pauseMs, context.signal);
    const seconds = failures === 0 ? job.everySeconds : Math.min(BACKOFF_MAX, 2 ** failures);
    if (failures === 0) await bell.wait(seconds * 1000, context.signal);
    else await context.wakeups.wait([CONNECTED], seconds * 1000, context.signal);
    bell.close();
  }
}
