import { afterAll, beforeAll } from 'vitest';
import { plan } from '@/lib/change/testing/verbs';
import { createDatabase, type Database } from '@/lib/db/client';
import { testConfig } from '@/lib/service/testing/config';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { type Team, team } from '@/worker/testing/people';
import { addEntry } from '../add-entry';
import { type AddEntry, LedgerView } from '../contract';
import { ledgerView } from '../view';
import { type Recorded, record } from './recorded';

let database: TestDatabase;
export let db: Database;
export let people: Team;
export const config = testConfig();
export const slo = 'shop-availability';
export const environment = 'production';
export const hour = 3600;
/** The bad release began here: six hours ago, on the grid. */
export const start = Math.floor(Date.now() / 300_000) * 300 - 6 * hour;
export const at = (seconds: number) => new Date((start + seconds) * 1000).toISOString();

/** Three days of 1 failure in 10,000 and, in some spans, `extra` failures in each bucket. */
function days(extras: { from: number; to: number; extra: number }[]): Recorded {
  const buckets: Recorded = new Map();
  for (let end = start - 66 * hour; end <= start + 6 * hour; end += 300) {
    const hit = extras.find(({ from, to }) => end > start + from && end <= start + to);
    buckets.set(end, { bad: 1 + (hit?.extra ?? 0), total: 10_000 });
  }
  return buckets;
}

export const change = (more: object = {}) =>
  db.change.create({
    data: {
      kind: 'deploy',
      service: 'shop-api',
      environment,
      region: 'us-east-1',
      cluster: 'test',
      namespace: 'shop',
      plan: { ...plan, service: 'shop-api' },
      planHash: 'hash',
      policy: { id: 'all', match: {}, signOffs: ['engineering_lead'] },
      reason: 'A new version',
      requesterId: people.sre.id,
      requesterName: people.sre.name,
      reviewExpiresAt: new Date(),
      state: 'BackedOut',
      startedAt: new Date((start + 10) * 1000),
      finishedAt: new Date((start + 800) * 1000),
      ...more,
    },
    select: { number: true },
  });

/** A database with three recorded days: a bad release six hours ago in one region, trouble later in the other. */
export function openLedgerWorld(): void {
  beforeAll(async () => {
    database = await testDatabase();
    db = createDatabase(database.url, 4);
    people = await team(db);
    await record(
      db,
      { slo, environment, labels: { region: 'us-east-1' } },
      days([{ from: 0, to: 900, extra: 500 }]),
    );
    await record(
      db,
      { slo, environment, labels: { region: 'eu-west-1' } },
      days([{ from: 2 * hour, to: 2.5 * hour, extra: 200 }]),
    );
  });
  afterAll(async () => {
    await db.$disconnect();
    await database.drop();
  });
}

export const incident: AddEntry = {
  environment,
  cause: 'incident',
  region: 'eu-west-1',
  from: at(2 * hour),
  to: at(2.5 * hour),
  title: 'Database fail-over',
};
export const add = (input: Partial<AddEntry> = {}, actor = people.sre) =>
  addEntry({ actor, config, slo, input: { ...incident, ...input } }, db);
export const view = async (ask: object = {}, actor = people.sre): Promise<LedgerView> =>
  LedgerView.parse(
    await ledgerView(config, { slo, exclusions: 'applied', horizonHours: 4, ...ask }, actor, db),
  );
export const sumOf = ({ lines, unexplained }: LedgerView) =>
  lines.reduce((sum, { net }) => sum + net.failed, unexplained.failed);
export const staged = async () =>
  (await db.auditStaged.findMany({ orderBy: { n: 'asc' } })).map(({ body }) => JSON.parse(body));
