import 'server-only';
import { z } from 'zod';
import type { Database } from '@/lib/db/client';
import { type DatabaseOrTransaction, databaseNow, type Transaction, transaction } from '@/lib/db/transaction';
import { Prisma } from '@/prisma/generated/client';
import { adoptedMethods, adoptedTools } from '../define/adopt';
import { noFigureReasons } from '../define/adopt-group';
import type { Found } from '../define/read-adopted';

const Labels = z.record(z.string(), z.string());
const Figure = z.union([
  z.object({ value: z.number(), none: z.null() }),
  z.object({ value: z.null(), none: z.enum(noFigureReasons) }),
]);
const Kept = z.object({
  tool: z.enum(adoptedTools),
  key: z.string(),
  name: z.string(),
  service: z.string().nullable(),
  labels: Labels,
  objective: z.string().nullable(),
  windowSeconds: z.number().nullable(),
  method: z.enum(adoptedMethods),
  groups: z.array(z.object({ labels: Labels, ratio: Figure, budgetLeft: Figure })),
  copies: z.int(),
  alert: z.enum(['page', 'ticket']).nullable(),
  problem: z.string().nullable(),
  rules: z.array(
    z.object({
      name: z.string(),
      query: z.string(),
      group: z.string(),
      file: z.string(),
      labels: Labels,
      failure: z.string().nullable(),
    }),
  ),
}) satisfies z.ZodType<Found>;
const Before = z.object({ objective: z.string().nullable(), windowSeconds: z.number().nullable() });
const Problem = z.object({ reason: z.string(), message: z.string() });
export type AdoptedProblem = z.infer<typeof Problem>;

/** What is known of one objective of another tool. */
export type KeptAdopted = {
  source: string;
  found: Found;
  firstSeenAt: Date;
  seenAt: Date;
  /** What its objective and window were until `changedAt`. */
  before: z.infer<typeof Before> | null;
  changedAt: Date | null;
};
/** When a Prometheus last said everything, and what is wrong since; `readAt` null: it never did. */
export type SourceRead = { source: string; readAt: Date | null; problem: AdoptedProblem | null };

/**
 * Takes the servers that are due, so that however many workers there are each is asked once in `everySeconds`.
 */
export async function claimSources(
  db: Database,
  sources: readonly string[],
  everySeconds: number,
): Promise<string[]> {
  const rows = await db.$queryRaw<{ source: string }[]>`
    INSERT INTO slo_adopted_read AS r (source, due_at)
    SELECT source, app.now() + ${everySeconds}::double precision * interval '1 s' FROM unnest(${[...sources]}::text[]) AS s(source)
    ORDER BY source
    ON CONFLICT (source) DO UPDATE SET due_at = EXCLUDED.due_at WHERE r.due_at <= app.now()
    RETURNING source`;
  return rows.map(({ source }) => source);
}

/** Keeps what a server said. Without a problem what it no longer says is gone; with one what was said before stays. */
export async function saveRead(
  db: Database,
  source: string,
  found: readonly Found[],
  problem: AdoptedProblem | null,
): Promise<void> {
  await transaction(async (tx) => {
    // One moment for all: what was not seen at the last reading is gone.
    const at = await databaseNow(tx);
    await keep(tx, source, found, at, problem === null);
    const said = problem === null ? null : JSON.stringify(problem);
    await tx.$executeRaw`UPDATE slo_adopted_read SET problem = ${said}::jsonb,
      read_at = CASE WHEN ${problem === null}::boolean THEN ${at} ELSE read_at END WHERE source = ${source}`;
  }, db);
}

/** Objective or window were something and are something else; one that is not told now has not changed. */
const differs = (name: 'objective' | 'windowSeconds') => Prisma.sql`
  (a.found->>${name}) IS NOT NULL AND (EXCLUDED.found->>${name}) IS NOT NULL AND a.found->>${name} <> EXCLUDED.found->>${name}`;
const changed = Prisma.sql`(${differs('objective')} OR ${differs('windowSeconds')})`;

/** Of an answer that is not whole only what was not known is taken: half of the series are figures of nothing. */
async function keep(
  tx: Transaction,
  source: string,
  found: readonly Found[],
  at: Date,
  isWhole: boolean,
): Promise<void> {
  const onConflict = isWhole
    ? Prisma.sql`DO UPDATE SET found = EXCLUDED.found, seen_at = EXCLUDED.seen_at,
        before = CASE WHEN ${changed}
          THEN jsonb_build_object('objective', a.found->'objective', 'windowSeconds', a.found->'windowSeconds') ELSE a.before END,
        changed_at = CASE WHEN ${changed} THEN EXCLUDED.seen_at ELSE a.changed_at END`
    : Prisma.sql`DO NOTHING`;
  await tx.$executeRaw`
    INSERT INTO slo_adopted AS a (source, tool, key, found, first_seen_at, seen_at)
    SELECT ${source}, tool, key, found::jsonb, ${at}, ${at}
    FROM unnest(${found.map(({ tool }) => tool)}::text[], ${found.map(({ key }) => key)}::text[],
      ${found.map((one) => JSON.stringify(one))}::text[]) AS r(tool, key, found)
    ORDER BY tool, key
    ON CONFLICT (source, tool, key) ${onConflict}`;
}

/** Everything that is kept of these servers. Rows of a shape that this version does not know are left out. */
export async function readKept(
  db: DatabaseOrTransaction,
  sources: readonly string[],
): Promise<{ kept: KeptAdopted[]; reads: SourceRead[] }> {
  const where = { source: { in: [...sources] } };
  const [rows, reads] = [
    await db.sloAdopted.findMany({ where, orderBy: [{ source: 'asc' }, { tool: 'asc' }, { key: 'asc' }] }),
    await db.sloAdoptedRead.findMany({ where, orderBy: { source: 'asc' } }),
  ];
  return {
    kept: rows.flatMap(({ found, before, ...row }) => {
      const parsed = Kept.safeParse(found);
      if (!parsed.success) return [];
      const last = Before.safeParse(before);
      return [{ ...row, found: parsed.data, before: last.success ? last.data : null }];
    }),
    reads: reads.map(({ source, readAt, problem }) => {
      const parsed = Problem.safeParse(problem);
      return { source, readAt, problem: parsed.success ? parsed.data : null };
    }),
  };
}
