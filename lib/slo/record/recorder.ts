import 'server-only';
import type { Config } from '@/lib/config/schema';
import { logger } from '@/lib/core/log';
import { counter } from '@/lib/core/metrics';
import { monotonicMs } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { SourceError } from '@/lib/sources/source-error';
import type { Asked } from './asked';
import { backfillLeft, readDays } from './backfill';
import { type Claim, claim, release, type Step, writeStep } from './claim';
import { syncDefinitions } from './definitions';
import { readLive } from './live';
import { PieceLength, problemOfError } from './pieces';
import { type Planned, planOf } from './plan';
import type { KnownGroups } from './write';

/** Definitions in hand at once: a Prometheus serves 20 queries at a time and has others to serve. */
const concurrency = 6;
/** Definitions claimed at once: few enough that their leases outlast a slow server. */
const batch = 24;
/** Steps of one definition before the next has its turn, so that every objective has its newest days early. */
const stepsInTurn = 4;

export type RecorderOptions = {
  db: Database;
  config: Config;
  workerId: string;
  /** Seconds between two readings of a definition. */
  everySeconds?: number;
};

/** Records the objectives of one configuration. Any number of recorders may run beside one another. */
export class Recorder {
  private readonly options: Required<RecorderOptions>;
  private readonly length = new PieceLength();
  private readonly groups: KnownGroups = new Map();
  /** Servers that failed in this run: they are not asked by the next definition too. */
  private readonly down = new Map<string, SourceError>();
  private planned: Map<number, Planned> | null = null;

  constructor(options: RecorderOptions) {
    this.options = { everySeconds: 15, ...options };
  }

  /** Writes the definitions down, once; a configuration does not change while a process runs. */
  async prepare(): Promise<ReadonlyMap<number, Planned>> {
    if (this.planned !== null) return this.planned;
    const { db, config } = this.options;
    const { planned, unplanned } = planOf(config);
    for (const { slo, environment, message } of unplanned) {
      logger('slo').error({ slo, environment }, `the objective is not recorded: ${message}`);
    }
    const now = (await databaseNow(db)).getTime() / 1000;
    this.planned = await syncDefinitions(db, planned, now);
    return this.planned;
  }

  /** Reads the newest counts of every definition that is due, and tells how many those were. */
  async tick(signal: AbortSignal): Promise<number> {
    const planned = await this.prepare();
    this.down.clear();
    // What this run has read is due again for the next one only.
    const dueAt = await databaseNow(this.options.db);
    let done = 0;
    while (!signal.aborted) {
      const claims = await claim(this.options.db, this.options.workerId, {
        kind: 'live',
        dueAt,
        ids: [...planned.keys()],
        limit: batch,
      });
      if (claims.length === 0) break;
      const now = (await databaseNow(this.options.db)).getTime() / 1000;
      await this.each(claims, (one) => this.live(one, now, signal));
      done += claims.length;
    }
    return done;
  }

  /** Backfills, newest days first, until nothing is left or `untilMs` of `monotonicMs()`. True when nothing is left. */
  async backfill(signal: AbortSignal, untilMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    const planned = await this.prepare();
    const failed = new Set<number>();
    while (!signal.aborted && monotonicMs() < untilMs) {
      const claims = await claim(this.options.db, this.options.workerId, {
        kind: 'backfill',
        ids: [...planned.keys()].filter((id) => !failed.has(id)),
        limit: batch,
      });
      if (claims.length === 0) return failed.size === 0;
      const now = (await databaseNow(this.options.db)).getTime() / 1000;
      await this.each(claims, async (one) => {
        if (!(await this.days(one, now, signal, untilMs))) failed.add(one.definitionId);
      });
    }
    return false;
  }

  private asked(one: Claim, signal: AbortSignal): Asked {
    const planned = this.planned?.get(one.definitionId);
    if (planned === undefined) throw new Error('A definition was claimed that is not planned.');
    const { sources, indicator, histogram } = planned;
    if (sources.length === 0) {
      throw new SourceError('not-configured', 'No Prometheus serves a region of this objective.');
    }
    const down = sources.map(({ id }) => this.down.get(id)).find((error) => error !== undefined);
    if (down !== undefined) throw down;
    return { sources, indicator, histogram, signal };
  }

  private async live(one: Claim, now: number, signal: AbortSignal): Promise<void> {
    const { everySeconds } = this.options;
    try {
      const step = await readLive({ asked: this.asked(one, signal), claim: one, now, length: this.length });
      await this.write(one, { ...step, afterwards: everySeconds });
    } catch (error) {
      await this.failed(one, error, everySeconds, signal);
    }
  }

  /** Reads some steps and writes them together, since each transaction costs as much as a step. True when all went well. */
  private async days(one: Claim, now: number, signal: AbortSignal, untilMs: number): Promise<boolean> {
    let at: Claim = one;
    const done: Step[] = [];
    let failure: unknown;
    while (done.length < stepsInTurn && backfillLeft(at)) {
      try {
        const step = await readDays(this.asked(one, signal), at, now, this.length);
        done.push(step);
        at = { ...at, ...step, gaps: [...step.gaps] };
      } catch (error) {
        failure = error;
      }
      if (failure !== undefined || signal.aborted || monotonicMs() >= untilMs) break;
    }
    const last = done.at(-1);
    if (last !== undefined) {
      const reads = done.flatMap((step) => step.reads);
      const problem = done.find((step) => step.problem !== undefined)?.problem;
      const afterwards = failure === undefined ? { afterwards: 'release' as const } : {};
      await this.write(one, { ...last, reads, ...(problem === undefined ? {} : { problem }), ...afterwards });
    }
    if (failure === undefined) return true;
    await this.failed({ ...one, gaps: at.gaps }, failure, 'release', signal);
    return false;
  }

  private async write(one: Claim, step: Step): Promise<boolean> {
    const held = await writeStep(this.options.db, one, step, this.groups);
    if (!held) logger('slo').warn({ definition: one.definitionId }, 'the claim was lost; nothing is written');
    else this.count(step);
    return held;
  }

  private count({ reads }: Step): void {
    const buckets = reads.reduce(
      (sum, { groups }) => sum + [...groups.values()].reduce((all, group) => all + group.buckets.size, 0),
      0,
    );
    counter({ name: 'signalbox_slo_buckets_total', help: 'Buckets of objectives read from Prometheus' }).inc(
      buckets,
    );
  }

  /** Says what went wrong beside the definition and gives it back. What the database says is not ours to catch. */
  private async failed(
    one: Claim,
    error: unknown,
    afterwards: number | 'release',
    signal: AbortSignal,
  ): Promise<void> {
    const { db } = this.options;
    if (signal.aborted) return release(db, [one]);
    if (!(error instanceof SourceError)) {
      await release(db, [one]).catch(() => undefined);
      throw error;
    }
    if (error.reason === 'unreachable' || error.reason === 'timeout') {
      for (const { id } of this.planned?.get(one.definitionId)?.sources ?? []) this.down.set(id, error);
    }
    const step: Step = {
      reads: [],
      gaps: one.gaps,
      problem: problemOfError(error),
      afterwards,
    };
    await writeStep(db, one, step, this.groups);
  }

  /** Runs over claims, some at once. The first error ends the run when all that began have ended. */
  private async each(claims: readonly Claim[], work: (one: Claim) => Promise<void>): Promise<void> {
    const waiting = [...claims];
    const errors: unknown[] = [];
    const lane = async () => {
      for (let one = waiting.shift(); one !== undefined && errors.length === 0; one = waiting.shift()) {
        await work(one).catch((error: unknown) => errors.push(error));
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    if (errors.length === 0) return;
    await release(this.options.db, waiting).catch(() => undefined);
    throw errors[0];
  }
}
