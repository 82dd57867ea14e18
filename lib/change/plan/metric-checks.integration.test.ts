import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { record } from '@/lib/slo/fleet/testing/recorded';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { plan as example } from '../testing/verbs';
import { metricChecks } from './metric-checks';

const plan = { ...example, service: 'shop-api', environment: 'production', region: 'us-east-1' };

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

const configOf = (...slos: object[]) =>
  testConfig(
    {},
    {
      slos: slos.map((more, index) => ({
        id: `a${index}`,
        service: 'shop-api',
        name: 'A',
        objective: '99',
        window: '7d',
        ...more,
      })),
    },
  );
async function budget(...slos: object[]) {
  const found = await metricChecks(configOf(...slos), db, plan);
  return found.find(({ id }) => id === 'budget') ?? null;
}
const recorded = (slo: object, days: number, bad: number) =>
  record(db, configOf(slo), days, [
    { labels: { region: 'us-east-1' }, at: () => ({ good: 1000 - bad, bad, total: 1000 }) },
    { labels: { region: 'eu-west-1' }, at: () => ({ good: 1000, bad: 0, total: 1000 }) },
  ]);
const events = (metric: string) => ({ indicator: { kind: 'events', total: { metric }, bad: { metric } } });

test('what is left follows what is recorded, all regions together', async () => {
  await recorded(events('a'), 8, 8);
  expect(await budget(events('a'))).toMatchObject({
    result: 'pass',
    title: 'Error budget of A',
    detail: '60.0 % is left of 7 d at 99 %.',
  });
  expect(await budget({ ...events('a'), objective: '99.9' })).toMatchObject({
    result: 'warn',
    detail: 'It is used up: -300.0 % is left of 7 d at 99.9 %.',
  });
});

test('no failures is a full budget; little or nothing recorded is said', async () => {
  await recorded(events('b'), 8, 0);
  expect(await budget(events('b'))).toMatchObject({
    result: 'pass',
    detail: '100.0 % is left of 7 d at 99 %.',
  });
  await recorded(events('c'), 2, 0);
  expect(await budget(events('c'))).toMatchObject({
    result: 'warn',
    detail: '100.0 % is left of 7 d at 99 %. Only 29 % of the window is recorded.',
  });
  expect(await budget(events('d'))).toMatchObject({
    result: 'warn',
    detail: 'The recorder has not counted this objective yet.',
  });
});

test('slices of time have a budget too', async () => {
  const slices = { ...events('e'), method: { timeslices: '5m', target: '99.5' } };
  await recorded(slices, 8, 8);
  expect(await budget(slices)).toMatchObject({
    result: 'warn',
    detail: expect.stringContaining('It is used up'),
  });
});

test('objectives of other environments and services are passed over', async () => {
  expect(await budget({ service: 'mailer' })).toBeNull();
  expect(await budget()).toBeNull();
});
