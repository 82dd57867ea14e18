import { Client } from 'pg';
import { createDatabase, type Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import type { Counts } from '@/lib/slo/model';
import type { GroupCounts } from '@/lib/slo/record/groups';
import { keyOfLabels } from '@/lib/slo/record/groups';
import { type Read, writeReads } from '@/lib/slo/record/write';
import { migrate } from '@/scripts/migrate/apply';
import { objectives, regions } from './traffic';

const day = 86_400;
const days = 90;
const minuteDays = 3;
/** Days of a transaction. */
const daysAtOnce = 15;
/** Objectives that are written; the tables of all are so many times larger. */
const part = 20;

/** Counts as a service of 2 to 80 requests a second has them in `size` seconds. */
function countsOf(perSecond: number, size: number): Counts {
  const total = Math.round(perSecond * size * (0.8 + 0.4 * Math.random()));
  const bad = Math.round(total * 0.0006 * Math.random());
  return { good: total - bad, bad, total };
}

function readOfDay(start: number, size: 60 | 300, rates: readonly number[]): Read {
  const groups: GroupCounts = new Map(
    regions.map((region, index) => {
      const buckets = new Map<number, Counts>();
      for (let end = start + size; end <= start + day; end += size) {
        buckets.set(end, countsOf(rates[index] ?? 1, size));
      }
      return [keyOfLabels({ region }), { labels: { region }, buckets }];
    }),
  );
  return { groups, size, sizes: [size], method: 'counted', finalUntil: Number.POSITIVE_INFINITY };
}

async function writePart(db: Database, now: number): Promise<void> {
  const today = Math.floor(now / day) * day;
  for (let index = 0; index < part; index++) {
    const slo = `storage-${index}`;
    const { id } = await db.sloDefinition.create({
      data: { slo, environment: 'production', hash: slo.padEnd(64, '0'), definition: { id: slo } },
    });
    const at = new Date(today * 1000);
    await db.sloProgress.create({
      data: { definitionId: id, liveFrom: at, finalUntil: at, backfillUntil: at },
    });
    const rates = regions.map(() => 2 + 78 * Math.random() ** 2);
    for (let first = 0; first < days; first += daysAtOnce) {
      const reads = Array.from({ length: daysAtOnce }, (_, n) => first + n + 1).flatMap((ago) => {
        const sizes = ago <= minuteDays ? ([300, 60] as const) : ([300] as const);
        return sizes.map((size) => readOfDay(today - ago * day, size, rates));
      });
      await transaction((tx) => writeReads(tx, id, reads), db);
    }
  }
}

/**
 * Gigabytes (10^9 bytes) of the tables of all objectives with their indexes, before anything is rolled up: a part of
 * the objectives is written by the recorder's own writer into an empty database, and the size scaled.
 */
export async function storageGigabytes(url: string, now: number): Promise<number> {
  await migrate(url);
  const db = createDatabase(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const empty = await tableBytes(client);
    await writePart(db, now);
    return (((await tableBytes(client)) - empty) * (objectives / part)) / 1e9;
  } finally {
    await client.end();
    await db.$disconnect();
  }
}

async function tableBytes(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(
    `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relkind = 'r' AND relname = ANY($1)`,
    [['slo_definition', 'slo_group', 'slo_chunk', 'slo_progress']],
  );
  return Number(rows[0]?.bytes);
}
