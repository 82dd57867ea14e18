import { claimChange, releaseClaim } from '@/lib/change/execute/claim';
import type { Execution } from '@/lib/change/execute/execution';
import { runChange } from '@/lib/change/execute/run-change';
import { isTerminal } from '@/lib/change/model';
import { LostChange } from '@/lib/change/move-change';
import { readChange } from '@/lib/change/store';
import { Gate, type GateOptions } from './gate';
import type { ClusterTamper, MessageFault } from './gated-cluster';
import type { Tamper } from './gated-database';
import type { ServedFault } from './gated-postgres';
import type { Ground, GroundWorker } from './ground';
import { LEASE, STOP_ACTING } from './simulated-config';

/** A product that is broken on purpose; the checker has to see it. */
export type Mutant = {
  database?: Tamper;
  cluster?: ClusterTamper;
  /** Another statement in place of one to the served database. */
  served?: (sql: string) => string;
  ignoresLease?: boolean;
};

/** One life of a worker: what ends or stops it, and what goes wrong with its messages. */
export type Life = Pick<GateOptions, 'dieAt' | 'stopAt'> & {
  faults?: readonly MessageFault[];
  served?: readonly ServedFault[];
};
export type RunEnd = 'nothing' | 'ended' | 'waiting' | 'drained' | 'died' | 'lost' | 'broken';
export type Lived = { end: RunEnd; points: number; at: string | null; error: unknown };

/** What a worker needs of the world around it. */
export type Stage = Pick<Ground, 'workers' | 'pace' | 'advance'> & {
  clock: { now: () => number };
  admin: Pick<Ground['admin'], 'query'>;
};

export type Running = { gate: Gate; over: Promise<Lived> };

/** A worker claims what is due and carries it out, as `worker/executor.ts` does, until it ends or dies. */
export function live(
  sim: Stage,
  index: number,
  life: Life,
  options: {
    mutant?: Mutant | undefined;
    onPoint?: GateOptions['onPoint'];
    onPause?: (() => Promise<void>) | undefined;
    beside?: ((worker: GroundWorker, gate: Gate) => Promise<void>) | undefined;
  } = {},
): Running {
  const worker = sim.workers[index % sim.workers.length];
  if (worker === undefined) throw new Error('There is no worker.');
  const gate = new Gate({ dieAt: life.dieAt, stopAt: life.stopAt, onPoint: options.onPoint });
  const { mutant = {} } = options;
  worker.database.use(gate, mutant.database);
  for (const cluster of worker.clusters.values()) cluster.use(gate, life.faults ?? [], mutant.cluster);
  worker.asksThrough(gate);
  worker.served?.use(life.served ?? [], mutant.served);
  const { db } = worker.database;
  const run = async (): Promise<RunEnd> => {
    const sinceMs = sim.clock.now();
    const claim = await claimChange(db, worker.id, LEASE);
    if (claim === null) return 'nothing';
    let beatMs = sinceMs;
    const execution: Execution = {
      db,
      config: worker.config,
      workerId: worker.id,
      cluster: (id) => {
        const found = worker.clusters.get(id);
        if (found === undefined) throw new Error(`There is no cluster ${id}.`);
        return found.client;
      },
      ...claim,
      lease: {
        mayAct: () => mutant.ignoresLease === true || sim.clock.now() - beatMs < STOP_ACTING * 1000,
      },
      signal: new AbortController().signal,
      pause: async (ms) => {
        await gate.point('before clock pause');
        await gate.quiet();
        // Something else of it may have reached the point meanwhile: its clock and its heartbeat stop with it.
        await gate.going();
        await sim.advance(ms * sim.pace);
        // The heartbeat goes on while the engine waits; it renews the lease on the same clock.
        const kept = await sim.admin.query(
          `UPDATE change SET lease_until = app.now() + interval '${LEASE} s'
           WHERE number = $1 AND epoch = $2 AND lease_owner = $3`,
          [claim.number, claim.epoch, worker.id],
        );
        if (kept.rowCount === 1) beatMs = sim.clock.now();
        await options.onPause?.();
        await options.beside?.(worker, gate);
        await gate.point('after clock pause');
      },
      reached: async () => {},
    };
    let after = 0;
    try {
      const end = await runChange(execution);
      if (end === 'waiting') after = 2;
      return end;
    } catch (error) {
      after = error instanceof LostChange ? 1 : 15;
      throw error;
    } finally {
      if (!gate.isDead) await releaseClaim(db, worker.id, claim, after).catch(() => {});
    }
  };
  const over = run()
    .then(
      (end): Pick<Lived, 'end' | 'error'> => ({ end, error: null }),
      (error: unknown): Pick<Lived, 'end' | 'error'> => ({
        end: gate.isDead ? 'died' : error instanceof LostChange ? 'lost' : 'broken',
        error,
      }),
    )
    .then(async (lived): Promise<Lived> => {
      await gate.quiet(2);
      return { ...lived, points: gate.points, at: gate.end };
    });
  return { gate, over };
}

export const hasEnded = async (sim: Ground, id: string): Promise<boolean> => {
  const { state } = await readChange(sim.db, id);
  return isTerminal(state) || state === 'ReconcileRequired';
};
