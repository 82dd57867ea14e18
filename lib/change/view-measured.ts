import 'server-only';
import { z } from 'zod';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { Prisma } from '@/prisma/generated/client';
import type { MeasuredView, MeasurementView } from './contract';
import { verdicts } from './model';

/** What pages show of a reading at once; its query and raw answer are asked for by themselves. */
export const measurementColumns = {
  id: true,
  takenAt: true,
  step: true,
  verdict: true,
  total: true,
  failed: true,
  detail: true,
  region: true,
  proves: true,
  share: true,
  baselineTotal: true,
  baselineFailed: true,
} as const satisfies Prisma.MeasurementSelect;
type Row = Prisma.MeasurementGetPayload<{ select: typeof measurementColumns }>;

const Verdict = z.enum(verdicts);

export const measurementView = ({ id, takenAt, verdict, ...measured }: Row): MeasurementView => ({
  ...measured,
  id: String(id),
  at: takenAt.toISOString(),
  verdict: Verdict.parse(verdict),
});

const isJudged = (verdict: string): boolean => verdict === 'PASS' || verdict === 'FAIL';

/**
 * All readings of a change by region, counted by the database, with the first and the last of each that could be
 * judged by how the version behaves: a list of the newest tells nothing of how it began, nor of a region that is finished since.
 */
export async function readMeasured(db: DatabaseOrTransaction, number: number): Promise<MeasuredView[]> {
  const groups = await db.measurement.groupBy({
    by: ['region', 'verdict', 'proves'],
    where: { changeNumber: number },
    _count: true,
    _min: { id: true },
    _max: { id: true },
  });
  const judged = groups.filter(({ verdict, proves }) => isJudged(verdict) && !proves);
  const ids = judged.flatMap(({ _min, _max }) => [_min.id, _max.id]).filter((id) => id !== null);
  const rows =
    ids.length === 0
      ? []
      : await db.measurement.findMany({
          where: { id: { in: ids } },
          select: measurementColumns,
          orderBy: { id: 'asc' },
        });
  return [...Map.groupBy(groups, ({ region }) => region)].map(([region, all]): MeasuredView => {
    const own = rows.filter((row) => row.region === region).map(measurementView);
    const count = (verdict: string) =>
      all.filter((one) => one.verdict === verdict).reduce((sum, { _count }) => sum + _count, 0);
    return {
      region,
      passed: count('PASS'),
      failed: count('FAIL'),
      unjudged: count('NODATA') + count('ERROR'),
      firstJudged: own[0] ?? null,
      lastJudged: own.at(-1) ?? null,
    };
  });
}
