import 'server-only';
import { z } from 'zod';
import type { Database } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';
import type { Gap } from './gaps';
import type { Problem } from './pieces';
import { type KnownGroups, type Read, writeReads } from './write';

/** Seconds that a claim holds without a write; a worker that died leaves its definitions to others after it. */
const leaseSeconds = 60;

/** A definition that this worker alone records until its lease ends. Times in unix seconds. */
export type Claim = {
  definitionId: number;
  owner: string;
  epoch: number;
  liveFrom: number;
  finalUntil: number;
  recordedUntil: number | null;
  backfillUntil: number;
  backfilledFrom: number | null;
  backfillDone: number;
  gaps: Gap[];
};

const Gaps = z.array(z.object({ from: z.number(), to: z.number(), tries: z.int(), next: z.number() }));

type Row = Omit<Claim, 'gaps' | 'owner'> & { gaps: unknown };

/**
 * Claims definitions that are due: live ones in order of their turn, or those whose backfill is the least advanced.
 * Rows that another worker holds are passed over.
 */
export async function claim(
  db: Database,
  owner: string,
  wanted: { ids: readonly number[]; limit: number } & ({ kind: 'live'; dueAt: Date } | { kind: 'backfill' }),
): Promise<Claim[]> {
  if (wanted.ids.length === 0) return [];
  const due =
    wanted.kind === 'live'
      ? Prisma.sql`p.due_at <= ${wanted.dueAt} ORDER BY p.due_at, p.definition_id`
      : Prisma.sql`coalesce(p.backfilled_from, p.live_from) > p.backfill_until ORDER BY p.backfill_done, p.definition_id`;
  const rows = await db.$queryRaw<Row[]>`
    UPDATE slo_progress SET lease_owner = ${owner}, epoch = epoch + 1,
      lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    WHERE definition_id IN (
      SELECT p.definition_id FROM slo_progress p JOIN slo_definition d ON d.id = p.definition_id
      WHERE d.retired_at IS NULL AND p.definition_id = ANY(${[...wanted.ids]}::int[])
        AND (p.lease_until IS NULL OR p.lease_until < app.now()) AND ${due}
      LIMIT ${wanted.limit} FOR UPDATE OF p SKIP LOCKED)
    RETURNING definition_id AS "definitionId", epoch, extract(epoch FROM live_from)::float8 AS "liveFrom",
      extract(epoch FROM final_until)::float8 AS "finalUntil",
      extract(epoch FROM recorded_until)::float8 AS "recordedUntil",
      extract(epoch FROM backfill_until)::float8 AS "backfillUntil",
      extract(epoch FROM backfilled_from)::float8 AS "backfilledFrom", backfill_done AS "backfillDone", gaps`;
  return rows.map((row) => ({ ...row, owner, gaps: Gaps.parse(row.gaps) }));
}

/** What a step of recording brought, and where it leaves its definition. */
export type Step = {
  reads: readonly Read[];
  gaps: readonly Gap[];
  /** Null: nothing is wrong any more; absent: what was wrong is as it was. */
  problem?: Problem | null;
  finalUntil?: number;
  recordedUntil?: number;
  backfilledFrom?: number;
  backfillDone?: number;
  /** Absent: the claim goes on. Otherwise it is given back; a number says in how many seconds it is due again. */
  afterwards?: number | 'release';
};

const at = (seconds: number | undefined) => (seconds === undefined ? null : new Date(seconds * 1000));

/**
 * Writes a step in one transaction, if the claim still holds: a worker that was held up for longer than its lease
 * writes nothing over what another has read since. False when it did not hold.
 */
export async function writeStep(
  db: Database,
  one: Claim,
  step: Step,
  groups: KnownGroups = new Map(),
): Promise<boolean> {
  const ids = await transaction(async (tx) => {
    if (!(await writeProgress(tx, one, step))) return null;
    return writeReads(tx, one.definitionId, step.reads, groups.get(one.definitionId));
  }, db);
  if (ids === null) return false;
  groups.set(one.definitionId, ids);
  return true;
}

/** False when the claim does not hold; the row stays locked until the transaction ends. */
async function writeProgress(tx: Transaction, one: Claim, step: Step): Promise<boolean> {
  const released = step.afterwards !== undefined;
  const dueIn = typeof step.afterwards === 'number' ? step.afterwards : null;
  const problem = step.problem == null ? null : JSON.stringify(step.problem);
  const told = step.problem !== undefined;
  const written = await tx.$executeRaw`
    UPDATE slo_progress SET gaps = ${JSON.stringify(step.gaps)}::jsonb,
      problem = CASE WHEN ${told}::boolean THEN ${problem}::jsonb ELSE problem END,
      final_until = coalesce(${at(step.finalUntil)}::timestamptz, final_until),
      recorded_until = coalesce(${at(step.recordedUntil)}::timestamptz, recorded_until),
      backfilled_from = coalesce(${at(step.backfilledFrom)}::timestamptz, backfilled_from),
      backfill_done = coalesce(${step.backfillDone ?? null}::int, backfill_done),
      due_at = coalesce(app.now() + ${dueIn}::double precision * interval '1 s', due_at),
      lease_owner = CASE WHEN ${released}::boolean THEN NULL ELSE lease_owner END,
      lease_until = CASE WHEN ${released}::boolean THEN NULL ELSE app.now() + ${leaseSeconds}::double precision * interval '1 s' END,
      updated_at = app.now()
    WHERE definition_id = ${one.definitionId} AND lease_owner = ${one.owner} AND epoch = ${one.epoch}`;
  return written === 1;
}

/** Gives claims back without a word, for others or a later run. */
export async function release(db: Database, claims: readonly Claim[]): Promise<void> {
  for (const { definitionId, owner, epoch } of claims) {
    await db.$executeRaw`UPDATE slo_progress SET lease_owner = NULL, lease_until = NULL
      WHERE definition_id = ${definitionId} AND lease_owner = ${owner} AND epoch = ${epoch}`;
  }
}
