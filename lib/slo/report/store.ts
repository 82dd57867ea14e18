import 'server-only';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { SloReportCorrection } from '@/prisma/generated/client';
import { type Correction, ReportDocument } from './contract';

/** A closed month. `hash` is the SHA-256 of the stored text, which a constraint of the table holds. */
export type FrozenReport = { frozenAt: Date; hash: string; report: ReportDocument };

export type ReportKey = { month: string; environment: string };

/** The frozen report of a month; null when it is not closed. */
export async function readFrozen(
  db: DatabaseOrTransaction,
  { month, environment }: ReportKey,
): Promise<FrozenReport | null> {
  const row = await db.sloReport.findUnique({
    where: { month_environment: { month, environment } },
  });
  if (row === null) return null;
  const { frozenAt, hash, content } = row;
  return { frozenAt, hash, report: ReportDocument.parse(JSON.parse(content)) };
}

/** What a list says of a closed month. */
export type FrozenRow = {
  month: string;
  frozenAt: Date;
  hash: string;
  objectives: number;
  met: number;
  judged: number;
  coverage: number | null;
  corrections: number;
};

/** The last ten years of closed months of an environment, newest first; counted where the documents are. */
export const listFrozen = (db: DatabaseOrTransaction, environment: string): Promise<FrozenRow[]> =>
  db.$queryRaw<FrozenRow[]>`
    SELECT r.month, r.frozen_at AS "frozenAt", r.hash, count(line)::int AS objectives,
      (count(*) FILTER (WHERE line->'isMet' = 'true'::jsonb))::int AS met,
      (count(*) FILTER (WHERE line->'isMet' <> 'null'::jsonb))::int AS judged,
      min((line->>'coverage')::float8) AS coverage,
      (SELECT count(*)::int FROM slo_report_correction c
        WHERE c.month = r.month AND c.environment = r.environment) AS corrections
    FROM slo_report r LEFT JOIN LATERAL jsonb_array_elements(r.content::jsonb->'lines') AS line ON true
    WHERE r.environment = ${environment}
    GROUP BY r.month, r.environment ORDER BY r.month DESC LIMIT 120`;

/** The newest closed month of an environment; null when none is. */
export async function lastFrozenMonth(
  db: DatabaseOrTransaction,
  environment: string,
): Promise<string | null> {
  const row = await db.sloReport.findFirst({
    where: { environment },
    select: { month: true },
    orderBy: { month: 'desc' },
  });
  return row?.month ?? null;
}

export const toCorrection = (row: SloReportCorrection): Correction => ({
  id: row.id,
  objective: row.slo,
  definition: row.definition,
  what: row.what,
  why: row.why,
  failures: row.failures,
  seconds: row.seconds,
  by: row.createdByName,
  at: row.createdAt.toISOString(),
});

/** What was written about a closed month, oldest first. */
export async function readCorrections(db: DatabaseOrTransaction, where: ReportKey): Promise<Correction[]> {
  const rows = await db.sloReportCorrection.findMany({
    where: { month: where.month, environment: where.environment },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: 1000,
  });
  return rows.map(toCorrection);
}
