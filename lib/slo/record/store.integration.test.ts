import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import type { Counts } from '../model';
import { rollUp } from './roll-up';
import { readBuckets, readSums } from './store';
import { addSums, methodOf } from './sums';
import { random } from './testing/random';
import { type Read, writeReads } from './write';

const [hour, day] = [3600, 86_400];
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

let definitions = 0;
const defined = async () => {
  definitions += 1;
  const data = { slo: `s${definitions}`, environment: 'e', hash: 'h', definition: {} };
  return (await db.sloDefinition.create({ data })).id;
};
const write = async (definitionId: number, buckets: Map<number, Counts>, more: Partial<Read> = {}) => {
  const groups = new Map([['[]', { labels: {}, buckets }]]);
  const read: Read = {
    groups,
    size: 300,
    sizes: [300],
    method: 'counted',
    finalUntil: Number.POSITIVE_INFINITY,
    ...more,
  };
  await transaction((tx) => writeReads(tx, definitionId, [read]), db);
  const group = await db.sloGroup.findFirstOrThrow({ where: { definitionId } });
  return group.id;
};
const counts = (total: number, bad = 0): Counts => ({ good: total - bad, bad, total });
const old = Math.floor(Date.now() / 1000 / day) * day - 50 * day;

describe('what is written over what is stored', () => {
  const at = old + 300;
  const stored = async (id: number) => (await readBuckets(db, [id], 300, old, at)).get(id)?.[0];

  test('a provisional count gives way to a final one and never the other way round', async () => {
    const definition = await defined();
    const id = await write(definition, new Map([[at, counts(5)]]), { finalUntil: old });
    expect(await stored(id)).toEqual({ end: at, counts: counts(5), method: 'counted' });
    await write(definition, new Map([[at, counts(9, 1)]]));
    expect((await stored(id))?.counts).toEqual(counts(9, 1));
    await write(definition, new Map([[at, counts(1)]]), { finalUntil: old });
    expect((await stored(id))?.counts).toEqual(counts(9, 1));
  });

  test('an estimate never replaces a final count, and a count replaces an estimate', async () => {
    const definition = await defined();
    const id = await write(definition, new Map([[at, counts(8.5)]]), { method: 'estimated' });
    expect((await stored(id))?.method).toBe('estimated');
    await write(definition, new Map([[at, counts(9)]]));
    await write(definition, new Map([[at, counts(8.5)]]), { method: 'estimated' });
    expect(await stored(id)).toEqual({ end: at, counts: counts(9), method: 'counted' });
  });

  test('elements that were not read stay as they are', async () => {
    const definition = await defined();
    const id = await write(definition, new Map([[at, counts(3)]]));
    await write(definition, new Map([[at + 600, counts(4)]]));
    const buckets = (await readBuckets(db, [id], 300, old, at + 600)).get(id);
    expect(buckets?.map((bucket) => bucket.counts?.total ?? null)).toEqual([3, null, 4]);
  });
});

test('refused and contradictory buckets are in no sum, and their number is told', async () => {
  const definition = await defined();
  const id = await write(
    definition,
    new Map([
      [old + 300, counts(10, 1)],
      [old + 600, { good: Number.NaN, bad: Number.NaN, total: Number.NaN }],
      [old + 900, { good: 0, bad: 5, total: 1 }],
      [old + 1200, counts(0)],
    ]),
  );
  for (const span of [hour, day]) {
    expect((await readSums(db, [id], old, old + span)).get(id)).toEqual({
      counts: counts(10, 1),
      knownSeconds: 600,
      expectedSeconds: span,
      invalid: 2,
      methods: ['counted'],
    });
  }
  const buckets = (await readBuckets(db, [id], 300, old, old + 900)).get(id);
  expect(buckets?.[1]?.counts?.total).toBeNaN();
  expect(buckets?.[2]?.counts).toEqual({ good: 0, bad: 5, total: 1 });
});

test('a new chunk brings the sums that the database would make of it', async () => {
  const definition = await defined();
  const next = random(11);
  const odd = [
    { good: Number.NaN, bad: 1, total: 2 },
    { good: 1, bad: Number.NaN, total: 2 },
    { good: 0, bad: 0, total: Number.NaN },
    { good: 2 + 1e-12, bad: 0, total: 2 },
    { good: 3, bad: 0, total: 2 },
  ];
  const buckets = new Map(
    Array.from({ length: 3 * 288 }, (_, index): [number, Counts] => {
      const total = Math.round(next() * 1e6) / 1000;
      const bad = Math.round(next() * total * 1000) / 1000;
      return [old + (index + 1) * 300, odd[index % 40] ?? { good: total - bad, bad, total }];
    }).filter(() => next() < 0.9),
  );
  await write(definition, buckets, { method: 'estimated', finalUntil: old + day });
  const sums = () => db.$queryRaw<Record<string, number>[]>`
    SELECT sum_good, sum_bad, sum_total, known, invalid, methods FROM slo_chunk c JOIN slo_group g ON g.id = c.group_id
    WHERE g.definition_id = ${definition} ORDER BY start_at`;
  const sent = await sums();
  expect(sent).toHaveLength(3);
  expect(sent.every(({ known = 0, invalid = 0 }) => known > 150 && invalid > 10)).toBe(true);
  // A change of a chunk sums its elements anew.
  await db.$executeRaw`UPDATE slo_chunk SET updated_at = updated_at`;
  expect(await sums()).toEqual(sent);
});

test('nothing recorded is no data, not zero', async () => {
  const definition = await defined();
  const id = await write(definition, new Map([[old + 300, counts(1)]]));
  const sums = (await readSums(db, [id], old + day, old + 2 * day)).get(id);
  expect(sums).toMatchObject({ counts: null, knownSeconds: 0, methods: [] });
  expect((await readBuckets(db, [id], 3600, old + day, old + day + 2 * hour)).get(id)).toEqual([
    { end: old + day + hour, counts: null, method: null },
    { end: old + day + 2 * hour, counts: null, method: null },
  ]);
});

test('sums over any span are those of the buckets in it, before and after they are added up', async () => {
  const next = random(3);
  const definition = await defined();
  const all = new Map<number, Counts>();
  for (let end = old + 300; end <= old + 3 * day; end += 300) {
    const total = Math.floor(next() * 100);
    if (next() < 0.9) all.set(end, counts(total, Math.floor(next() * (total + 1))));
  }
  const id = await write(definition, all);
  const expected = (from: number, to: number) => {
    const inside = [...all].filter(([end]) => end > from && end <= to).map(([, one]) => one);
    return inside.reduce((a, b) => counts(a.total + b.total, a.bad + b.bad), counts(0));
  };
  const cuts = (unit: number) =>
    Array.from({ length: 60 }, () => old + Math.floor((next() * 3 * day) / unit) * unit).sort(
      (a, b) => a - b,
    );
  let compared = 0;
  for (const unit of [300, 3600, 86_400] as const) {
    if (unit === 3600) expect(await rollUp(db, { from: 300, to: 3600, age: 40 * day })).toBe(0);
    if (unit > 300) {
      await db.$executeRaw`UPDATE slo_chunk SET updated_at = app.now() - interval '8 days'`;
      const made =
        unit === 3600
          ? await rollUp(db, { from: 300, to: 3600, age: 40 * day })
          : await rollUp(db, { from: 3600, to: 86_400, age: 40 * day });
      expect(made).toBeGreaterThanOrEqual(3);
    }
    const [from, ...others] = cuts(unit);
    for (const to of others) {
      if (from === undefined || to <= from) continue;
      compared += 1;
      expect((await readSums(db, [id], from, to)).get(id)?.counts).toEqual(expected(from, to));
    }
    const buckets = (await readBuckets(db, [id], 86_400, old, old + 3 * day)).get(id);
    expect(buckets?.map((bucket) => bucket.counts)).toEqual(
      [0, 1, 2].map((n) => expected(old + n * day, old + (n + 1) * day)),
    );
  }
  expect(compared).toBeGreaterThan(60);
  expect(await db.sloChunk.groupBy({ by: ['size'], where: { groupId: id }, _count: true })).toEqual([
    { size: 86_400, _count: 3 },
  ]);
});

test('groups add up, and their methods are named', () => {
  const sums = { knownSeconds: 300, expectedSeconds: 600, invalid: 0, methods: ['counted' as const] };
  const nothing = { ...sums, counts: null, knownSeconds: 0, methods: [] };
  expect(addSums([{ ...sums, counts: counts(3, 1) }, nothing])).toEqual({
    counts: counts(3, 1),
    knownSeconds: 150,
    expectedSeconds: 600,
    invalid: 0,
    methods: ['counted'],
  });
  expect(addSums([nothing]).counts).toBeNull();
  expect([methodOf([]), methodOf(['estimated']), methodOf(['counted', 'estimated'])]).toEqual([
    null,
    'estimated',
    'mixed',
  ]);
});
