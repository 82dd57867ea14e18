import 'server-only';
import { z } from 'zod';
import type { Database } from '@/lib/db/client';
import type { SizeSample } from './growth';

const Row = z.object({ at: z.number(), bytes: z.number() });
const Due = z.object({ id: z.string() });

/** Samples of the last `days`, oldest first. */
export async function readSamples(db: Database, databaseId: string, days: number): Promise<SizeSample[]> {
  const rows = await db.$queryRaw`
    SELECT extract(epoch FROM at)::float8 AS at, bytes::float8 AS bytes FROM database_sample
     WHERE database_id = ${databaseId} AND at >= app.now() - ${days}::double precision * interval '1 day'
     ORDER BY at`;
  return z
    .array(Row)
    .parse(rows)
    .map(({ at, bytes }) => [at, bytes]);
}

/** Of these databases the ones without a sample of this hour. */
export async function withoutSample(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw`
    SELECT id FROM unnest(${[...ids]}::text[]) AS id
     WHERE NOT EXISTS (SELECT FROM database_sample
                        WHERE database_id = id AND at = date_trunc('hour', app.now(), 'UTC'))`;
  return new Set(
    z
      .array(Due)
      .parse(rows)
      .map(({ id }) => id),
  );
}

/** Keeps the first sample of an hour; false when another worker was sooner. */
export async function storeSample(db: Database, databaseId: string, bytes: number): Promise<boolean> {
  const stored = await db.$executeRaw`
    INSERT INTO database_sample (database_id, at, bytes)
    VALUES (${databaseId}, date_trunc('hour', app.now(), 'UTC'), ${Math.round(bytes)}::double precision::bigint)
    ON CONFLICT DO NOTHING`;
  return stored === 1;
}
