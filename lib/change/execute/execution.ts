import type { Budget } from '@/lib/actuators/kubernetes/budget';
import type { ClusterClient } from '@/lib/actuators/kubernetes/client';
import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';

/** The lease of this process: false from the moment on from which nothing more may be started. */
export type Lease = { mayAct: () => boolean };

/** Where a test may stop the world: before the intent, between intent and act, between act and result. */
export type Point = 'claimed' | 'before-intent' | 'intent-written' | 'act-sent' | 'result-written' | 'moved';

/** What one worker needs to carry out one change under one claim. */
export type Execution = {
  db: Database;
  config: Config;
  workerId: string;
  /** From the budget for what goes forth when none is named. */
  cluster: (id: string, budget?: Budget) => ClusterClient;
  number: number;
  epoch: number;
  lease: Lease;
  /** Aborted when the worker drains. */
  signal: AbortSignal;
  /** Resolves early when somebody gave a command. */
  pause: (ms: number) => Promise<void>;
  reached: (point: Point) => Promise<void>;
};
