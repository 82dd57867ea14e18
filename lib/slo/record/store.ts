import 'server-only';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';
import type { Bucket, BucketSize, GroupLabels } from '../model';
import { bucketsOf, type PrintedChunk } from './bucket-grid';
import { chunkMethods, type Sums } from './sums';

/** The recorded counts, for those who read them. Times are unix seconds, spans (from, to] left-open. */

export type Group = {
  groupId: number;
  definitionId: number;
  slo: string;
  environment: string;
  labels: GroupLabels;
  hash: string;
  /** False for a definition that was edited since: its buckets stay its own. */
  current: boolean;
  firstSeen: number;
  retired: number | null;
};

const Labels = z.record(z.string(), z.string());
const unix = (at: Date): number => at.getTime() / 1000;
const unixOrNull = (at: Date | null): number | null => (at === null ? null : unix(at));

/** Groups of every definition, or of those of one objective, current ones first. An objective without any series so far has none. */
export async function listGroups(
  db: DatabaseOrTransaction,
  environment: string,
  slo?: string,
): Promise<Group[]> {
  const rows = await db.sloGroup.findMany({
    where: { definition: slo === undefined ? { environment } : { environment, slo } },
    include: {
      definition: { select: { slo: true, hash: true, firstSeenAt: true, retiredAt: true } },
    },
    orderBy: [{ definition: { firstSeenAt: 'desc' } }, { key: 'asc' }],
  });
  const groups = rows.map(({ id, definitionId, labels, definition }) => ({
    groupId: id,
    definitionId,
    slo: definition.slo,
    environment,
    labels: Labels.parse(labels),
    hash: definition.hash,
    current: definition.retiredAt === null,
    firstSeen: unix(definition.firstSeenAt),
    retired: unixOrNull(definition.retiredAt),
  }));
  return [...groups.filter(({ current }) => current), ...groups.filter(({ current }) => !current)];
}

/**
 * Where minutes take over from coarser buckets: at the last 5-minute mark of a span, and a quarter of an hour before
 * it in a span of now, since coarser buckets are written only when they are whole.
 */
function cutOf(to: number): Prisma.Sql {
  const mark = Math.floor(to / 300) * 300;
  return Prisma.sql`(SELECT CASE WHEN ${to}::float8 > extract(epoch FROM app.now()) - 3600
    THEN ${mark - 900}::float8 ELSE ${mark}::float8 END)`;
}

/**
 * Every bucket of the grid with from < end <= to (rounded up to `size`), oldest first; counts are null where no
 * series said anything. Minutes are kept for days, 5-minute buckets for weeks (retention.sloMinutes, .sloBuckets):
 * a finer size than what is still kept gives null. The newest bucket may still be filling. A refused count is NaN.
 */
export async function readBuckets(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  size: BucketSize,
  from: number,
  to: number,
): Promise<Map<number, Bucket[]>> {
  const last = Math.ceil(to / size) * size;
  const ids = [...groupIds];
  const rows = await db.$queryRaw<(PrintedChunk & { cut: number })[]>`
    WITH bound AS MATERIALIZED (SELECT ${cutOf(to)} AS cut)
    SELECT group_id, size, extract(epoch FROM start_at)::float8 AS start,
      good::text, bad::text, total::text, method::text, cut
    FROM slo_chunk, bound WHERE group_id = ANY(${ids}::int[])
      AND CASE WHEN ${size}::int = 60 THEN size = 60 ELSE size > 60 OR start_at > to_timestamp(cut) - interval '1 hour' END
      AND start_at > to_timestamp(${from}::float8) - interval '1 day' AND start_at < to_timestamp(${last}::float8)`;
  return bucketsOf(groupIds, rows, { size, from, to: last, cut: rows[0]?.cut ?? last });
}

type SumRow = {
  group_id: number;
  good: number;
  bad: number;
  total: number;
  known: number;
  invalid: number;
  methods: number;
};

/**
 * Sums of a span for each group: whole UTC days from the sums of their chunks, single elements only at the edges,
 * the newest quarter of an hour from minutes. One query for any number of groups.
 */
export async function readSums(
  db: DatabaseOrTransaction,
  groupIds: readonly number[],
  from: number,
  to: number,
): Promise<Map<number, Sums>> {
  const ids = [...groupIds];
  const rows = await db.$queryRaw<SumRow[]>`
    WITH bound AS MATERIALIZED (
      SELECT greatest(${from}::float8, ${cutOf(to)}) AS cut
    ), span AS (
      SELECT c.*, extract(epoch FROM start_at)::float8 AS start, cut FROM slo_chunk c, bound
      WHERE group_id = ANY(${ids}::int[]) AND start_at < to_timestamp(${to}::float8)
        AND (size > 60 AND start_at > to_timestamp(${from}::float8) - interval '1 day'
          OR size = 60 AND start_at > to_timestamp(cut) - interval '1 hour')
    ), minutes AS (
      SELECT DISTINCT group_id FROM span WHERE size = 60
    ), coarse AS (
      SELECT s.*, CASE WHEN m.group_id IS NULL THEN ${to}::float8 ELSE s.cut END AS until
      FROM span s LEFT JOIN minutes m USING (group_id) WHERE s.size > 60
    ), parts AS (
      SELECT group_id, sum_good AS good, sum_bad AS bad, sum_total AS total, known::float8 * size AS known,
        invalid, methods FROM coarse WHERE start >= ${from}::float8 AND start + 86400 <= until
      UNION ALL
      SELECT s.group_id, CASE WHEN v.valid THEN e.g ELSE 0 END, CASE WHEN v.valid THEN e.b ELSE 0 END,
        CASE WHEN v.valid THEN e.t ELSE 0 END, CASE WHEN v.valid THEN s.size ELSE 0 END,
        CASE WHEN v.valid THEN 0 ELSE 1 END, 1 << (e.m & 15)
      FROM (
        SELECT *, ${from}::float8 AS after FROM coarse WHERE NOT (start >= ${from}::float8 AND start + 86400 <= until)
        UNION ALL
        SELECT *, ceil(${to}::float8 / 60) * 60, cut FROM span WHERE size = 60
      ) s, unnest(s.good, s.bad, s.total, s.method) WITH ORDINALITY AS e(g, b, t, m, i),
        LATERAL (SELECT app.slo_valid(e.g, e.b, e.t) AS valid) v
      WHERE e.t IS NOT NULL AND s.start + e.i * s.size > s.after AND s.start + e.i * s.size <= s.until
    )
    SELECT group_id, sum(good) AS good, sum(bad) AS bad, sum(total) AS total, sum(known) AS known,
      sum(invalid)::int AS invalid, bit_or(methods)::int AS methods
    FROM parts GROUP BY group_id`;
  const found = new Map(rows.map((row) => [row.group_id, row]));
  return new Map(
    groupIds.map((id) => {
      const row = found.get(id);
      const known = row?.known ?? 0;
      const sums: Sums = {
        counts: row === undefined || known === 0 ? null : { good: row.good, bad: row.bad, total: row.total },
        knownSeconds: known,
        expectedSeconds: to - from,
        invalid: row?.invalid ?? 0,
        methods: chunkMethods(row?.methods ?? 0),
      };
      return [id, sums];
    }),
  );
}

const Gaps = z.array(z.object({ from: z.number(), to: z.number() }));
const Problem = z.object({ reason: z.string(), message: z.string() });

export type Progress = {
  definitionId: number;
  slo: string;
  environment: string;
  hash: string;
  current: boolean;
  definition: unknown;
  /** Everything from here to `finalUntil` was read, but for the gaps; null before the first day was. */
  backfilledFrom: number | null;
  recordedUntil: number | null;
  finalUntil: number | null;
  /** UTC days. */
  backfill: { done: number; total: number };
  /** Spans that were answered without a series or with warnings, and are asked for again. */
  gaps: { from: number; to: number }[];
  problem: { reason: string; message: string } | null;
  updatedAt: number;
};

/** How far each definition is recorded; of one environment when it is named. */
export async function readProgress(db: DatabaseOrTransaction, environment?: string): Promise<Progress[]> {
  const rows = await db.sloProgress.findMany({
    where: environment === undefined ? {} : { definition: { environment } },
    include: { definition: true },
    orderBy: { definitionId: 'asc' },
  });
  return rows.map(({ definition, ...row }) => ({
    definitionId: row.definitionId,
    slo: definition.slo,
    environment: definition.environment,
    hash: definition.hash,
    current: definition.retiredAt === null,
    definition: definition.definition,
    backfilledFrom: unixOrNull(row.backfilledFrom),
    recordedUntil: unixOrNull(row.recordedUntil),
    finalUntil: unixOrNull(row.finalUntil),
    backfill: { done: row.backfillDone, total: row.backfillTotal },
    gaps: Gaps.parse(row.gaps),
    problem: row.problem === null ? null : Problem.parse(row.problem),
    updatedAt: unix(row.updatedAt),
  }));
}
