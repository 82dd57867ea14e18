import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { ServiceDatabase } from './contract';
import { forgetDatabases } from './read';
import { readSamples } from './store';
import { takeSamples } from './take-samples';
import { removeServers, targetOf } from './testing/server';
import { serviceDatabaseView } from './view';

let own: TestDatabase;
let shop: TestDatabase;
let db: Database;
const never = new AbortController().signal;

beforeAll(async () => {
  [own, shop] = await Promise.all([testDatabase(), testDatabase({ migrated: false })]);
  db = createDatabase(own.url);
});
afterAll(async () => {
  forgetDatabases();
  removeServers();
  await db.$disconnect();
  await own.drop();
  await shop.drop();
});

const entry = (id: string, url: string, more: object = {}) => ({
  ...targetOf(id, url),
  name: id,
  environment: 'production',
  region: 'us-east-1',
  tier: 1,
  ...more,
});
const configOf = (...databases: object[]): Config => testConfig({}, { databases });

test('the size of each database is stored once an hour, whoever asks, and one that is away costs no other', async () => {
  const config = configOf(entry('shop', shop.url), entry('gone', 'postgresql://nobody@127.0.0.1:9/none'));
  const [first, second] = await Promise.all([takeSamples(db, config, never), takeSamples(db, config, never)]);
  expect([...first.taken, ...second.taken]).toEqual(['shop']);
  expect(first.failed).toEqual([{ id: 'gone', why: 'Database gone refuses connections.' }]);
  expect((await takeSamples(db, config, never)).taken).toEqual([]);
  await shiftTime(own.url, 3_600_000);
  expect((await takeSamples(db, config, never)).taken).toEqual(['shop']);
  const samples = await readSamples(db, 'shop', 30);
  expect(samples).toHaveLength(2);
  expect(samples.map(([at]) => at % 3600)).toEqual([0, 0]);
  expect(samples.every(([, bytes]) => bytes > 1_000_000)).toBe(true);
  expect(await readSamples(db, 'gone', 30)).toEqual([]);
  await shiftTime(own.url, -3_600_000);
});

test('the tab of a service has its database, the pods that are not known, and growth from samples', async () => {
  const pool = { size: 20, overflow: 10 };
  const config = configOf(
    entry('of-shop', shop.url, { service: 'shop-api', pool }),
    entry('of-nobody', shop.url),
  );
  await db.$executeRaw`INSERT INTO database_sample SELECT 'of-shop', date_trunc('hour', app.now()) - n * interval '1 hour',
    (1000 - n) * 1000 FROM generate_series(0, 200) n`;
  const ask = { service: 'shop-api', environment: 'production', region: 'us-east-1' };
  const view = ServiceDatabase.parse(await serviceDatabaseView(config, ask, db));
  const { database } = view;
  if (database === null) throw new Error('It is configured.');
  expect(database.id).toBe('of-shop');
  expect(database.server).toMatchObject({ state: 'fresh', value: { major: shop.version, seesAll: true } });
  expect(database.pool).toMatchObject({ size: 20, pods: { state: 'missing' }, pooler: null });
  expect(database.pool.measured.absence?.kind).toBe('not-configured');
  expect(database.growth.spans.map(({ days, growth }) => [days, growth?.bytes])).toEqual([
    [1, 24_000],
    [7, 168_000],
    [30, undefined],
  ]);
  expect(database.judgement.tone).toBe('ok');
  expect(JSON.stringify(view)).not.toContain(decodeURIComponent(new URL(shop.url).password));
});

test('a place without a database has none, and an unknown service is not found', async () => {
  const config = configOf(entry('of-shop', shop.url, { service: 'shop-api' }));
  const at = (service: string, region: string) =>
    serviceDatabaseView(config, { service, environment: 'production', region }, db);
  expect((await at('shop-api', 'eu-west-1')).database).toBeNull();
  expect((await at('mailer', 'us-east-1')).database).toBeNull();
  await expect(at('nobody', 'us-east-1')).rejects.toMatchObject({ code: 'not-found' });
});
