import { afterAll, beforeAll, beforeEach } from 'vitest';
import { readingValue } from '@/lib/core/reading';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { FleetRow } from '../../contract';
import { SloPage } from '../../page/contract';
import { sloPageView } from '../../page/view';
import { fleetView } from '../../view';
import type { FleetRows } from '../row';
import { record } from './recorded';

const [hour, day] = [3600, 86_400];
export const person = {
  kind: 'person' as const,
  id: '7c1e0f0a-6f3b-4f7e-9a43-2f6f0c6a5d11',
  name: 'Sam Reed',
  email: 'sam@example.com',
  roles: ['sre' as const],
  sessionId: 'none',
};
const slo = (id: string, more: object = {}) => ({
  id,
  service: 'shop-api',
  name: id,
  objective: '99.9',
  window: '7d',
  ...more,
});
export const config = testConfig(
  {},
  {
    slos: [
      slo('events'),
      slo('slices', { method: { timeslices: '5m', target: '99' } }),
      slo('month', { window: { calendar: 'month', zone: 'Europe/Berlin' } }),
      slo('quiet', { exclusions: [] }),
    ],
  },
);
const regions = ['us-east-1', 'eu-west-1'];
const counts = (total: number, bad: number) => ({ good: total - bad, bad, total });

export let database: TestDatabase;
export let db: Database;
export let now: number;
export let ids: Map<string, number>;
/** One failure in 20 requests, in the minutes of one hour four days ago, in the first region only. */
export let bad: { from: number; to: number };

/** A database with eight days of four objectives; the environment is read anew in each test. */
export function openFleetRoom(): void {
  beforeAll(async () => {
    database = await testDatabase();
    process.env['DATABASE_URL'] = database.url;
    globalThis.signalboxDatabase = undefined;
    db = createDatabase(database.url);
    const start = Math.floor(Date.now() / 1000 / hour) * hour;
    bad = { from: start - 4 * day, to: start - 4 * day + hour };
    const at = (isFirst: boolean) => (end: number) =>
      counts(20, isFirst && end > bad.from && end <= bad.to ? 1 : 0);
    ({ now, ids } = await record(
      db,
      config,
      8,
      regions.map((region, index) => ({ labels: { region }, at: at(index === 0) })),
    ));
  }, 60_000);
  afterAll(async () => {
    for (const poll of globalThis.signalboxFleets?.values() ?? []) poll.close();
    await globalThis.signalboxDatabase?.$disconnect();
    globalThis.signalboxDatabase = undefined;
    await db.$disconnect();
    await database.drop();
  });
  beforeEach(() => {
    for (const poll of globalThis.signalboxFleets?.values() ?? []) poll.close();
    globalThis.signalboxFleets = undefined;
    globalThis.signalboxSloPages = undefined;
  });
}

export const list = async (): Promise<FleetRows> => {
  const found = await fleetView(config, 'production');
  return { ...found, rows: found.rows.map((row) => FleetRow.parse(row)) };
};
export const rowOf = (fleet: FleetRows, id: string): FleetRow => {
  const row = fleet.rows.find((one) => one.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
};
export const numbersOf = (row: FleetRow) => {
  const numbers = readingValue(row.numbers);
  if (numbers === null) throw new Error(`${row.id} has no numbers`);
  return numbers;
};
export const page = async (id: string, exclusions: 'on' | 'off' = 'on') =>
  SloPage.parse(await sloPageView(config, { slo: id, environment: 'production', exclusions }, person));
export const dataOf = async (id: string, exclusions: 'on' | 'off' = 'on') => {
  const data = readingValue((await page(id, exclusions)).data);
  if (data === null) throw new Error('no data');
  return data;
};
