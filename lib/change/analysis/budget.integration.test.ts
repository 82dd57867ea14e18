import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { record } from '@/lib/slo/fleet/testing/recorded';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { readServiceBudget } from './budget';

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

const place = { service: 'shop-api', environment: 'production' };
const configOf = (metric: string, more: object = {}) =>
  testConfig(
    {},
    {
      slos: [
        {
          id: 'one',
          service: 'shop-api',
          name: 'One',
          objective: '99',
          window: '7d',
          indicator: { kind: 'events', total: { metric }, bad: { metric } },
          ...more,
        },
      ],
    },
  );
const recorded = (metric: string, days: number, more: object = {}) =>
  record(db, configOf(metric, more), days, [
    { labels: { region: 'us-east-1' }, at: () => ({ good: 595, bad: 5, total: 600 }) },
    { labels: { region: 'eu-west-1' }, at: () => ({ good: 1200, bad: 0, total: 1200 }) },
  ]);

test('the rate is that of the recorder, by region, and the budget is in requests of the whole window', async () => {
  await recorded('a', 8);
  const { requestsPerSecond, regionsPerSecond, budget } = await readServiceBudget(db, configOf('a'), place);
  expect(requestsPerSecond).toBeCloseTo(30);
  expect(regionsPerSecond['us-east-1']).toBeCloseTo(10);
  expect(regionsPerSecond['eu-west-1']).toBeCloseTo(20);
  const requests = 1800 * 60 * 24 * 7;
  expect(budget?.events).toBeCloseTo(requests * 0.01, -3);
  expect(budget?.remaining).toBeCloseTo(requests * 0.01 - 5 * 60 * 24 * 7, -3);
});

test('what is not recorded yet is taken to be like the rest', async () => {
  await recorded('b', 2);
  const { budget } = await readServiceBudget(db, configOf('b'), place);
  const whole = 1800 * 60 * 24 * 7 * 0.01;
  expect((budget?.events ?? 0) / whole).toBeCloseTo(1, 1);
  expect(((budget?.events ?? 0) - (budget?.remaining ?? 0)) / (5 * 60 * 24 * 2)).toBeCloseTo(1, 1);
});

test('slices of time have no budget of requests, but a rate', async () => {
  const slices = { method: { timeslices: '5m', target: '99.5' } };
  await recorded('c', 2, slices);
  const found = await readServiceBudget(db, configOf('c', slices), place);
  expect(found.budget).toBe(null);
  expect(found.requestsPerSecond).toBeCloseTo(30);
});

test('without an objective, or before anything is counted, nothing is known', async () => {
  const nothing = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  expect(await readServiceBudget(db, testConfig({}, { slos: [] }), place)).toEqual(nothing);
  expect(await readServiceBudget(db, configOf('d', { id: 'never-counted' }), place)).toEqual(nothing);
});
