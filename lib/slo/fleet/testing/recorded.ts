import type { Config } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { databaseNow, transaction } from '@/lib/db/transaction';
import type { Counts, GroupLabels } from '../../model';
import { syncDefinitions } from '../../record/definitions';
import { keyOfLabels } from '../../record/groups';
import { planOf } from '../../record/plan';
import { type Read, writeReads } from '../../record/write';

/** Events of the minute that ends there; null where nothing was known. */
export type Minute = (end: number) => Counts | null;

const sumOf = (all: readonly (Counts | null)[]): Counts | null => {
  const known = all.filter((counts) => counts !== null);
  return known.length === 0
    ? null
    : known.reduce((a, b) => ({ good: a.good + b.good, bad: a.bad + b.bad, total: a.total + b.total }));
};

function bucketsOf(at: Minute, size: 60 | 300, from: number, to: number): Map<number, Counts> {
  const buckets = new Map<number, Counts>();
  for (let end = from + size; end <= to; end += size) {
    const minutes = Array.from({ length: size / 60 }, (_, index) => at(end - index * 60));
    const counts = sumOf(minutes);
    if (counts !== null) buckets.set(end, counts);
  }
  return buckets;
}

/** Writes what a recorder of this configuration would have written: 5-minute buckets, and minutes of two hours. */
export async function record(
  db: Database,
  config: Config,
  days: number,
  groups: readonly { labels: GroupLabels; at: Minute }[],
): Promise<{ now: number; ids: Map<string, number> }> {
  const now = (await databaseNow(db)).getTime() / 1000;
  const definitions = await syncDefinitions(db, planOf(config).planned, now);
  const until = Math.floor(now / 60) * 60;
  const fives = Math.floor(now / 300) * 300;
  const start = fives - days * 86_400;
  const readOf = (size: 60 | 300, from: number, to: number): Read => ({
    groups: new Map(
      groups.map(({ labels, at }) => [
        keyOfLabels(labels),
        { labels, buckets: bucketsOf(at, size, from, to) },
      ]),
    ),
    size,
    sizes: [size],
    method: size === 300 ? 'estimated' : 'counted',
    finalUntil: Number.POSITIVE_INFINITY,
  });
  const ids = new Map<string, number>();
  for (const [definitionId, { slo }] of definitions) {
    ids.set(slo, definitionId);
    await transaction(
      (tx) => writeReads(tx, definitionId, [readOf(300, start, fives), readOf(60, fives - 7200, until)]),
      db,
    );
    await db.sloProgress.update({
      where: { definitionId },
      data: {
        recordedUntil: new Date(now * 1000),
        finalUntil: new Date((fives - 600) * 1000),
        backfilledFrom: new Date(start * 1000),
        backfillDone: days,
      },
    });
  }
  return { now, ids };
}
