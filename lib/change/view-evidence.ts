import 'server-only';
import { z } from 'zod';
import { OpsError } from '@/lib/core/errors';
import { changeNumber } from '@/lib/core/ids';
import { type Database, database } from '@/lib/db/client';
import type { Prisma } from '@/prisma/generated/client';
import type { Excerpt, MeasurementEvidence, MeasurementList, MeasurementsQuery } from './measured-contract';
import { requireChange } from './require-change';
import { measurementColumns, measurementView } from './view-measured';

/** The whole of a longer one is in the deployment record. */
export const EXCERPT_MAX = 20_000;

/** The readings of a change by pages, newest first. Throws OpsError `not-found`. */
export async function viewMeasurements(
  id: string,
  { region, before, limit }: MeasurementsQuery,
  db: Database = database(),
): Promise<MeasurementList> {
  await requireChange(db, id);
  const rows = await db.measurement.findMany({
    where: {
      changeNumber: changeNumber(id),
      ...(region === undefined ? {} : { region }),
      ...(before === undefined ? {} : { id: { lt: BigInt(before) } }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
    select: measurementColumns,
  });
  const measurements = rows.slice(0, limit).map(measurementView);
  return { measurements, next: rows.length > limit ? (measurements.at(-1)?.id ?? null) : null };
}

/** One reading with its query and raw answer. Throws OpsError `not-found`. */
export async function viewEvidence(
  id: string,
  measurement: string,
  db: Database = database(),
): Promise<MeasurementEvidence> {
  await requireChange(db, id);
  const row = await db.measurement.findFirst({
    where: { id: BigInt(measurement), changeNumber: changeNumber(id) },
    select: { ...measurementColumns, query: true, answer: true },
  });
  if (row === null) {
    throw new OpsError('not-found', `${id} has no reading ${measurement}.`, {
      next: 'Readings are removed when their time in retention is over; the outcome of the change stays.',
    });
  }
  const { query, answer, ...shown } = row;
  return {
    ...measurementView(shown),
    query: excerptOf(query),
    answer: answer === null ? null : excerptOf(JSON.stringify(answer, null, 2)),
    answeredFor: momentOf(answer),
  };
}

/** Cut between characters, never inside one. */
export function excerptOf(text: string): Excerpt {
  const end = /[\ud800-\udbff]/.test(text[EXCERPT_MAX - 1] ?? '') ? EXCERPT_MAX - 1 : EXCERPT_MAX;
  return { text: text.slice(0, end), length: text.length };
}

const Moment = z.object({ at: z.iso.datetime() });
const Proof = z.object({ answer: Moment });

/** An answer of an analysis has its moment itself; that of a proof of shares stands beside what was wanted. */
function momentOf(answer: Prisma.JsonValue): string | null {
  return Moment.safeParse(answer).data?.at ?? Proof.safeParse(answer).data?.answer.at ?? null;
}
