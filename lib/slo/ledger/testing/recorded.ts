import type { Database } from '@/lib/db/client';
import type { GroupLabels } from '@/lib/slo/model';

/** `bad` of `total` in the 5 minutes that end at a time (unix seconds, aligned). */
export type Recorded = Map<number, { bad: number; total: number }>;

const array = (values: readonly (number | null)[]): string =>
  `{${values.map((value) => value ?? 'NULL').join(',')}}`;

/** Writes 5-minute buckets of one group as the recorder would have left them. */
export async function record(
  db: Database,
  { slo, environment, labels }: { slo: string; environment: string; labels: GroupLabels },
  buckets: Recorded,
): Promise<void> {
  const unique = { slo, environment, hash: 'test' };
  const definition = await db.sloDefinition.upsert({
    where: { slo_environment_hash: unique },
    create: { ...unique, definition: {} },
    update: {},
  });
  const group = await db.sloGroup.create({
    data: { definitionId: definition.id, labels, key: JSON.stringify(labels) },
  });
  const days = Map.groupBy(buckets, ([end]) => Math.floor((end - 1) / 86_400) * 86_400);
  for (const [start, ends] of days) {
    const known = new Map(ends);
    const at = (index: number) => known.get(start + (index + 1) * 300);
    const column = (value: (one: { bad: number; total: number }) => number) =>
      array(
        Array.from({ length: 288 }, (_, index) => {
          const one = at(index);
          return one === undefined ? null : value(one);
        }),
      );
    await db.$executeRaw`INSERT INTO slo_chunk (group_id, size, start_at, good, bad, total, method)
      VALUES (${group.id}, 300, to_timestamp(${start}), ${column(({ bad, total }) => total - bad)}::text::float8[],
        ${column(({ bad }) => bad)}::text::float8[], ${column(({ total }) => total)}::text::float8[],
        ${column(() => 1)}::text::smallint[])`;
  }
}
