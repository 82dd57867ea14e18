import os from 'node:os';
import type { Point } from '@/lib/change/execute/execution';
import type { Config } from '@/lib/config/schema';
import { newId } from '@/lib/core/ids';
import { logger } from '@/lib/core/log';
import { createDatabase, type Database } from '@/lib/db/client';
import { requireSchema } from '@/lib/db/schema-version';
import { closeClusters, readClustersAs } from '@/lib/sources/kubernetes/clusters';
import { workerClusters } from './clusters';
import { claimDue } from './executor';
import { LeaseKeeper } from './heartbeat';
import { type Job, keepRunning, type WorkerContext } from './job';
import { jobs as allJobs } from './jobs/all';
import { listen } from './listen';
import { Wakeups } from './wakeups';

export type WorkerOptions = {
  config: Config;
  connectionString: string;
  workerId?: string;
  /** Beside carrying changes out; all when absent. */
  jobs?: readonly Job[];
  /** Named points of an execution, for tests that stop the world there. */
  reached?: (point: Point) => Promise<void>;
};

export type RunningWorker = {
  id: string;
  db: Database;
  /** Claims that this worker holds now. */
  claims: () => number;
  /** Ends what is in hand, gives the leases back and closes the connections. */
  stop: () => Promise<void>;
};

/** A lease that ends tells nobody: this long after it, at most, another worker looks (30 s and this, within 35 s). */
const POLL_SECONDS = 2;
/** Each line in the log of an execution is told to every worker: fifty changes at once must not be hundreds of looks. */
const CLAIM_PAUSE_MS = 40;

/** Starts a worker in this process; several may run beside one another, in this process or in others. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { config } = options;
  readClustersAs('worker');
  const workerId = options.workerId ?? `${os.hostname()}-${process.pid}-${newId().slice(0, 8)}`;
  const db = createDatabase(options.connectionString);
  const stopping = new AbortController();
  const wakeups = new Wakeups();
  const clusters = workerClusters(config);
  const keeper = new LeaseKeeper(db, workerId, config.timing);
  const context: WorkerContext = {
    db,
    config,
    workerId,
    cluster: clusters.of,
    wakeups,
    signal: stopping.signal,
  };
  const running = new Set<Promise<void>>();
  const reached = options.reached ?? (async () => {});
  await requireSchema(db);
  await keeper.beat();

  const execute: Job = {
    name: 'execute',
    everySeconds: POLL_SECONDS,
    topics: ['change', 'connected'],
    pauseMs: CLAIM_PAUSE_MS,
    run: () => claimDue(context, { keeper, reached }, running),
  };
  const loops = [
    listen(options.connectionString, (topic, key) => hear(wakeups, topic, key), stopping.signal),
    ...[execute, ...(options.jobs ?? allJobs)].map((job) => keepRunning(job, context)),
  ];
  const beat = beating(keeper, config.timing.heartbeat, running, stopping.signal);
  return {
    id: workerId,
    db,
    claims: () => keeper.claims.length,
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
      // The beat goes on until the runs have let go.
      await Promise.all(running);
      await beat;
      await keeper.leave().catch(() => undefined);
      await clusters.close();
      await closeClusters();
      await db.$disconnect();
    },
  };
}

/** A command for a change wakes its run; a change that moved may be one to claim. */
function hear(wakeups: Wakeups, topic: string, key: string): void {
  if (topic === 'command') wakeups.wake(`change:${key}`);
  wakeups.wake(topic);
}

async function beating(
  keeper: LeaseKeeper,
  seconds: number,
  running: ReadonlySet<Promise<void>>,
  signal: AbortSignal,
): Promise<void> {
  const wakeups = new Wakeups();
  while (!signal.aborted || running.size > 0) {
    try {
      await keeper.beat();
    } catch (error) {
      logger('worker').warn({ err: error }, 'no heartbeat: the database did not answer');
    }
    if (signal.aborted)
      await Promise.race([...running, new Promise((resolve) => setTimeout(resolve, seconds * 1000))]);
    else await wakeups.wait([], seconds * 1000, signal);
  }
}
