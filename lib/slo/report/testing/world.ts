import { afterAll, beforeAll } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { testConfig } from '@/lib/service/testing/config';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { type Team, team } from '@/worker/testing/people';
import { type Recorded, record } from '../../ledger/testing/recorded';
import { freezeReports } from '../freeze-report';
import { monthBounds, monthOf, shiftMonth } from '../month';

export let database: TestDatabase;
export let db: Database;
export let people: Team;
/** Months are closed as soon as they are over and final; two days are the longest wait. */
export const config = testConfig({}, { reports: { grace: '0s', longestWait: '2d' } });
export const slo = 'shop-availability';
export const environment = 'production';
/** The month that runs now in UTC, and the one before it, all of which is recorded. */
export let running: string;
export let closed: string;

const hour = 3600;
/** In the first hour of the third day of the month before, 900 of the 12,000 requests of one region failed. */
export const failed = 900;
export const badHour = () => {
  const { from } = monthBounds(closed, 'UTC');
  return { from: from + 2 * 86_400, to: from + 2 * 86_400 + hour };
};

function month(): Recorded {
  const { from, to } = monthBounds(closed, 'UTC');
  const bad = badHour();
  const buckets: Recorded = new Map();
  for (let end = from + 300; end <= to; end += 300) {
    buckets.set(end, { bad: end > bad.from && end <= bad.to ? failed / 12 : 0, total: 1000 });
  }
  return buckets;
}

/** What the recorder says of the definition: all of the month is final unless it is said otherwise. */
export async function progress(more: object = {}): Promise<void> {
  const { id: definitionId } = await db.sloDefinition.findFirstOrThrow({ where: { slo } });
  const { from, to } = monthBounds(closed, 'UTC');
  const at = (seconds: number) => new Date(seconds * 1000);
  const data = {
    liveFrom: at(to),
    backfillUntil: at(from),
    backfilledFrom: at(from),
    finalUntil: at(to + hour),
    gaps: [],
    ...more,
  };
  await db.sloProgress.upsert({
    where: { definitionId },
    create: { definitionId, ...data },
    update: data,
  });
}

export function openReportWorld(): void {
  beforeAll(async () => {
    database = await testDatabase();
    db = createDatabase(database.url, 6);
    people = await team(db);
    running = monthOf('UTC', (await databaseNow(db)).getTime() / 1000);
    closed = shiftMonth(running, -1);
    for (const region of ['us-east-1', 'eu-west-1']) {
      await record(db, { slo, environment, labels: { region } }, region === 'us-east-1' ? month() : calm());
    }
    await progress();
  });
  afterAll(async () => {
    globalThis.signalboxOpenReports = undefined;
    await db.$disconnect();
    await database.drop();
  });
}

const calm = (): Recorded => new Map([...month()].map(([end]) => [end, { bad: 0, total: 1000 }]));

export const freeze = (worker = 'w1') => freezeReports(db, config, { kind: 'worker', id: worker });
export const staged = async (action: string) =>
  (await db.auditStaged.findMany({ orderBy: { n: 'asc' } }))
    .map(({ body }) => JSON.parse(body))
    .filter((entry) => entry.action === action);
