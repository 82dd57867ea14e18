import type { ChangeState } from '@/lib/change/model';
import { abortChange, pauseChange, resumeChange } from '@/lib/change/steer-change';
import { readChange } from '@/lib/change/store';
import { isOpsError } from '@/lib/core/errors';
import { check } from './checker/check';
import type { GateOptions } from './gate';
import type { Ground } from './ground';
import type { Judge, Kind } from './kinds';
import { auditMark, auditSince, type Prepared, prepare, putBack, takeAway } from './prepare';
import { hasEnded, type Life, type Lived, live, type Mutant, type Running } from './schedule';
import { LEASE } from './simulated-config';

/** What happens in one run of a change; everything else follows from it. */
export type Schedule = {
  kind: Kind;
  prepared: Prepared;
  /** The first workers; those after them live on. */
  lives: readonly Life[];
  /** What people order, by the number of the pause after which they do. */
  orders?: readonly { pause: number; order: 'abort' | 'pause' }[];
  /** What a person orders while a worker stands still. */
  whileStanding?: 'abort';
  mutant?: Mutant;
  /** Audit entries that the checker is not shown: it has to miss them. */
  hides?: (body: string) => boolean;
  /** A worker before all the others, elsewhere: resolves when it is gone. */
  first?: () => Promise<void>;
  /** Told of each point of each worker. */
  onPoint?: GateOptions['onPoint'];
  /** Told of each pause of any worker, counted from 1. */
  onPause?: (pause: number) => Promise<void>;
};

export type Outcome = {
  state: ChangeState;
  /** Writes that the cluster carried out for us. */
  writes: number;
  violations: Awaited<ReturnType<Judge>>;
  lives: Lived[];
};

const LIVES_MAX = 12;
/** No change of these takes as long, whatever dies: lives times lease, and the pauses. */
const BOUND_MS = 30 * 60_000;
/** More pauses than any schedule has: one that goes round in circles is to be seen. */
const PAUSES_MAX = 200;
const orders = { abort: abortChange, pause: pauseChange, resume: resumeChange } as const;

/** Carries a schedule out from a signed change to its end and judges what the cluster and the audit log say. */
export const runSchedule = (sim: Ground, schedule: Schedule): Promise<Outcome> =>
  sim.alone(async () => {
    const { kind } = schedule;
    const prepared = kind.isUsedUp === true ? await prepare(sim, await kind.ask(sim)) : schedule.prepared;
    try {
      return await carryOut(sim, { ...schedule, prepared });
    } finally {
      await sim.reset();
      await takeAway(sim, prepared.number);
    }
  });

async function carryOut(sim: Ground, schedule: Schedule): Promise<Outcome> {
  const { kind, prepared } = schedule;
  await sim.advance(1000);
  await putBack(sim, prepared);
  const mark = auditMark(sim);
  const written = [...sim.clusters].map(([id, { writeLog }]) => ({ id, writeLog, from: writeLog.length }));
  const lives = await liveOut(sim, schedule);
  const { state } = await readChange(sim.db, prepared.id);
  const writes = Object.fromEntries(written.map(({ id, writeLog, from }) => [id, writeLog.since(from)]));
  const audit = [...prepared.audit, ...(await auditSince(sim, mark))].filter(
    (body) => schedule.hides?.(body) !== true,
  );
  const violations = [
    ...check({
      writes,
      audit,
      account: 'signalbox-worker',
      serving: kind.serving,
      isJudged: kind.isJudged !== false,
      endMs: sim.clock.now(),
      boundMs: BOUND_MS,
      stoppedInRequest: lives.some(({ at }) => at === 'before cluster PATCH'),
    }),
    ...((await kind.judge?.(prepared.number, audit)) ?? []),
  ];
  const carriedOut = Object.values(writes)
    .flat()
    .filter(
      ({ dryRun, resourceVersionBefore, resourceVersionAfter }) =>
        !dryRun && resourceVersionAfter !== null && resourceVersionAfter !== resourceVersionBefore,
    );
  return { state, writes: carriedOut.length, violations, lives };
}

async function liveOut(sim: Ground, schedule: Schedule): Promise<Lived[]> {
  const { kind, prepared, mutant } = schedule;
  const onPoint = async (point: number, name: string) => {
    await kind.onPoint?.(name);
    await schedule.onPoint?.(point, name);
  };
  const ended: Lived[] = [];
  const standing: Running[] = [];
  if (schedule.first !== undefined) {
    await schedule.first();
    await sim.advance((LEASE + 1) * 1000);
  }
  let pauses = 0;
  const onPause = async () => {
    pauses += 1;
    if (pauses > PAUSES_MAX) throw new Error('The change goes round in circles.');
    await schedule.onPause?.(pauses);
    for (const { pause, order } of schedule.orders ?? []) {
      if (pause === pauses) await give(sim, prepared.id, order);
      if (order === 'pause' && pauses > pause + 1 && (await isPaused(sim, prepared.id)))
        await give(sim, prepared.id, 'resume');
    }
  };
  try {
    for (let n = 0; n < LIVES_MAX; n += 1) {
      const running = live(sim, n, schedule.lives[n] ?? {}, {
        mutant,
        onPause,
        onPoint,
        beside: kind.beside,
      });
      const lived = await Promise.race([running.over, running.gate.stopped.then(() => null)]);
      if (lived === null) {
        standing.push(running);
        if (schedule.whileStanding !== undefined) await give(sim, prepared.id, schedule.whileStanding);
      } else ended.push(lived);
      // Whoever stood still goes on when another has had its turn.
      while (standing.length > 0 && (lived !== null || standing.length > 1)) {
        const [first] = standing.splice(0, 1);
        if (first === undefined) break;
        await sim.advance(1);
        first.gate.resume();
        ended.push(await first.over);
      }
      if (standing.length === 0 && (await hasEnded(sim, prepared.id))) break;
      await sim.advance((LEASE + 1) * 1000);
    }
  } finally {
    // Nobody of this schedule is left standing in the next one.
    for (const { gate, over } of standing) {
      gate.kill();
      await over;
    }
  }
  return ended;
}

const isPaused = async (sim: Ground, id: string): Promise<boolean> =>
  (await readChange(sim.db, id)).state === 'Paused';

async function give(sim: Ground, id: string, order: keyof typeof orders): Promise<void> {
  try {
    await orders[order]({ actor: sim.people.sre, id, reason: 'A person wants it so.' }, sim.db);
  } catch (error) {
    // It came too late, or there is nothing to resume: a person reads the same.
    if (!isOpsError(error)) throw error;
  }
}
