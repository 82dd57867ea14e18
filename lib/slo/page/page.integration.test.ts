import { expect, test } from 'vitest';
import { readingValue } from '@/lib/core/reading';
import {
  bad,
  dataOf,
  db,
  list,
  now,
  numbersOf,
  openFleetRoom,
  page,
  person,
  rowOf,
} from '../fleet/testing/room';

const [hour, day] = [3600, 86_400];
openFleetRoom();

test('the charts end at the tiles, and the rolling one has a whole window behind each point', async () => {
  const { fixed, rolling, counted, pairs, guides } = await dataOf('events');
  const row = rowOf(await list(), 'events');
  expect(fixed.numbers).toEqual(expect.objectContaining({ bad: 60, total: numbersOf(row).total }));
  expect(fixed.budget.at(-1)).toEqual([row.window.to, fixed.numbers.budgetLeft]);
  const values = fixed.budget.flatMap(([, left]) => left ?? []);
  expect(values[0]).toBe(1);
  expect(values).toEqual(values.toSorted((a, b) => b - a));
  expect(rolling.budget.at(-1)?.[1]).toBe(fixed.numbers.budgetLeft);
  // Eight days are recorded: before half of a window is known there is nothing to say.
  expect(rolling.budget[0]?.[1]).toBeNull();
  expect(counted.shares.map(({ method }) => method)).toEqual(['counted', 'estimated']);
  expect(counted.words).toMatch(/counted from raw samples; .* estimated with increase/);
  expect(pairs.map(({ id, word }) => [id, word])).toEqual([
    ['page-1h', 'acceptable'],
    ['page-6h', 'acceptable'],
    ['ticket-1d', 'acceptable'],
    ['ticket-3d', 'acceptable'],
  ]);
  expect(guides.map(({ words }) => words)).toEqual(['below 99.0 % over 1 h', 'below 99.9 % over 4 h']);
});

test('each tile tells its numbers, and the last of them is the tile', async () => {
  const view = await page('events');
  const data = readingValue(view.data);
  const how = data?.fixed.how;
  expect(how?.sli.filled).toMatch(/= 99\.98\d\d %$/);
  expect(how?.budget.filled.endsWith('%')).toBe(true);
  expect(how?.burn.filled).toMatch(/\(0 \/ [\d,]+\) \/ 0\.1000 % = 0×$/);
  expect(how?.['last-change'].filled).toBe('No change was carried out in the window.');
  expect(view.definition.queries.map(({ role }) => role)).toEqual(['total', 'bad']);
  expect(view.definition.words).toBe('99.9 % of the requests to Shop API succeed, over the last 7 d.');
  expect(view.ledger).toMatchObject({ unexplained: { failed: 60 }, mayAdd: true, mayExclude: false });
});

test('an exclusion takes its failures out, here and in the list, and can be switched off', async () => {
  const wanted = {
    slo: 'events',
    environment: 'production',
    reason: 'A drill',
    createdById: person.id,
    createdByName: person.name,
  };
  const exclusion = await db.sloExclusion.create({
    data: { ...wanted, fromAt: new Date(bad.from * 1000), toAt: new Date((bad.from + hour / 2) * 1000) },
  });
  expect(numbersOf(rowOf(await list(), 'events')).bad).toBe(30);
  const [on, off] = [await dataOf('events'), await dataOf('events', 'off')];
  expect([on.fixed.numbers.bad, off.fixed.numbers.bad]).toEqual([30, 60]);
  expect(on.fixed.numbers.coverage).toBe(1);
  expect((await page('events')).exclusions).toEqual({ applied: true, seconds: hour / 2, count: 1 });
  await db.sloExclusion.update({
    where: { id: exclusion.id },
    data: { voidedAt: new Date(), voidedById: person.id, voidedByName: person.name, voidReason: 'Done' },
  });
});

test('an edited definition keeps its buckets, and they are in no figure of the new one', async () => {
  const data = {
    slo: 'events',
    environment: 'production',
    hash: 'before',
    definition: { indicator: { kind: 'latency', below: '300ms' }, groupBy: ['region'] },
    firstSeenAt: new Date((now - 9 * day) * 1000),
    retiredAt: new Date((now - 5 * day) * 1000),
  };
  const old = await db.sloDefinition.create({ data });
  await db.$executeRaw`INSERT INTO slo_progress (definition_id, live_from, backfill_until, recorded_until)
    VALUES (${old.id}, app.now(), app.now(), to_timestamp(${now - 5 * day}))`;
  await db.$executeRaw`INSERT INTO slo_group (definition_id, labels, key) VALUES (${old.id}, '{}', '[]')`;
  await db.$executeRaw`INSERT INTO slo_chunk (group_id, size, start_at, good, bad, total, method)
    SELECT g.id, 300, date_trunc('day', app.now() - interval '6 days'), c.good, c.bad, c.total, c.method
    FROM slo_group g, (SELECT * FROM slo_chunk WHERE size = 300 AND known = 288 LIMIT 1) c WHERE g.definition_id = ${old.id}`;
  const { earlier, row } = await page('events');
  expect(earlier).toEqual([
    expect.objectContaining({ hash: 'before', words: 'latency below 300ms. Grouped by region.' }),
  ]);
  expect(Date.parse(earlier[0]?.from ?? '')).toBeLessThan((now - 5 * day) * 1000);
  expect(numbersOf(row).bad).toBe(60);
  await db.sloDefinition.delete({ where: { id: old.id } });
});
