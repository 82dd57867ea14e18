import 'server-only';
import { z } from 'zod';
import { changeId } from '@/lib/core/ids';
import { databaseNow } from '@/lib/db/transaction';
import type { Execution } from '../../execute/execution';
import type { CommandFact } from '../../facts';
import { verdicts } from '../../model';
import { readChange } from '../../store';
import type { StoredChange } from '../../stored';
import { activeKill } from '../../switch/active';
import type { Kill } from '../../switch/model';
import type { Staged } from '../contract';
import type { MeasurementFact, StagedFacts } from '../facts';
import { startsOf } from '../steered';
import { parseStagedIntent, type StagedIntent } from './target';

/** Readings of one change that are looked at again in each round: a day of holds at the usual interval. */
const MEASUREMENTS_MAX = 4000;

/** What the database says about an execution, read anew for each decision. */
export type StagedRecorded = {
  change: StoredChange;
  staged: Staged;
  now: Date;
  commands: StagedFacts['commands'];
  kill: Kill | null;
  intents: StagedIntent[];
  /** Announced, and nobody knows what became of it. */
  open: StagedIntent | null;
  newestEpoch: number;
  step: { n: number; sinceMs: number };
  startedAtMs: StagedFacts['startedAtMs'];
  measurements: MeasurementFact[];
};

const Verdict = z.enum(verdicts).catch('ERROR');

export async function readStaged(
  run: Execution,
  change: StoredChange,
  staged: Staged,
): Promise<StagedRecorded> {
  const where = { changeNumber: run.number };
  const since = change.startedAt ?? change.createdAt;
  const [fresh, now, commands, intents, steps, measurements] = await Promise.all([
    readChange(run.db, changeId(run.number)),
    databaseNow(run.db),
    run.db.command.findMany({ where: { ...where, appliedAt: null }, orderBy: { receivedAt: 'asc' } }),
    run.db.intent.findMany({ where, orderBy: { attempt: 'asc' } }),
    run.db.step.findMany({ where, orderBy: { n: 'asc' } }),
    run.db.measurement.findMany({
      where: { ...where, takenAt: { gte: since } },
      orderBy: { id: 'desc' },
      take: MEASUREMENTS_MAX,
    }),
  ]);
  const order = (kind: string): (CommandFact & { expectedStep: number | null }) | null => {
    const row = commands.find((command) => command.kind === kind);
    return row === undefined
      ? null
      : { id: row.id, actorName: row.actorName, reason: row.reason, expectedStep: row.expectedStep };
  };
  const parsed = intents.map(parseStagedIntent);
  const current = steps.find(({ state }) => state !== 'done') ?? steps.at(-1);
  return {
    change: fresh,
    staged,
    now,
    commands: {
      abort: order('abort'),
      pause: order('pause'),
      resume: order('resume'),
      promote: order('promote'),
    },
    kill: await activeKill(run.db, fresh),
    intents: parsed,
    open: parsed.findLast(({ resolvedAt }) => resolvedAt === null) ?? null,
    newestEpoch: Math.max(0, ...parsed.map(({ epoch }) => epoch)),
    step: {
      n: current?.n ?? 1,
      sinceMs: (current?.startedAt ?? fresh.startedAt ?? now).getTime(),
    },
    startedAtMs: startsOf(steps),
    measurements: measurements
      .toReversed()
      .map(({ step, proves, region, verdict, total, takenAt, detail }) => ({
        step,
        proves,
        region: region ?? '',
        verdict: Verdict.parse(verdict),
        total,
        atMs: takenAt.getTime(),
        detail: detail ?? '',
      })),
  };
}
