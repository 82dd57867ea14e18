import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { z } from 'zod';
import type { Database as DatabaseConfig, DirectBackup } from '@/lib/config/database';
import { Config } from '@/lib/config/schema';
import { newId } from '@/lib/core/ids';
import { createDatabase, type Database } from '@/lib/db/client';
import { databaseNow } from '@/lib/db/transaction';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import { type Team, team } from '@/worker/testing/people';
import { objectName } from '../../folder';
import { runRetention } from '../run-retention';
import { retentionView } from '../view';

export let db: Database;
export let people: Team;
let scratch: TestDatabase;
let root: string;
let shiftedMs = 0;
let audited = 0;

const Entry = z.object({
  action: z.string(),
  result: z.string(),
  reason: z.string().optional(),
  target: z.string(),
  actor: z.object({ id: z.string() }),
  details: z.record(z.string(), z.unknown()),
});

/** A database with nightly copies in a folder; retention keeps three nights, so that little is much. */
export function openRetentionWorld(): void {
  beforeAll(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'retention-'));
    scratch = await testDatabase();
    db = createDatabase(scratch.url, 6);
    people = await team(db);
  });
  afterAll(async () => {
    await db.$disconnect();
    await scratch.drop();
    fs.rmSync(root, { recursive: true, force: true });
  });
  beforeEach(async () => {
    fs.rmSync(folder(), { recursive: true, force: true });
    fs.mkdirSync(folder());
    await db.$executeRaw`TRUNCATE backup_copy, backup_check, backup_retention, restore_run`;
    await travel(-shiftedMs);
    audited = await db.auditStaged.count();
  });
}

export const folder = (): string => path.join(root, 'copies');
export const files = (): string[] => fs.readdirSync(folder()).sort();

export const config = (retention: object = {}, backup: object = {}): Config =>
  Config.parse({
    ...testConfigInput({ kubeconfig: path.join(root, 'none'), prometheus: 'http://127.0.0.1:9' }),
    databases: [
      {
        id: 'shop',
        name: 'Shop',
        environment: 'production',
        region: 'us-east-1',
        url: { env: 'SHOP_URL' },
        tier: 4,
        backup: {
          url: { env: 'SHOP_URL' },
          folder: folder(),
          schedule: { cron: '0 2 * * *' },
          retention: { daily: 7, weekly: 0, monthly: 0, ...retention },
          ...backup,
        },
      },
    ],
  });

const shopOf = (given: Config): DatabaseConfig & { backup: DirectBackup } => {
  const [shop] = given.databases;
  if (shop?.backup === undefined) throw new Error('The configuration of the test has no copies.');
  return { ...shop, backup: shop.backup };
};

/** Moves the clocks of the database and of the worker. */
export async function travel(ms: number): Promise<void> {
  await shiftTime(scratch.url, ms);
  shiftedMs += ms;
}

/** One run; the worker's clock may go by `offMs` wrong. */
export const run = (given: Config = config(), offMs = 0) =>
  runRetention(
    db,
    shopOf(given),
    { kind: 'worker', id: 'w1' },
    () => new Date(Date.now() + shiftedMs + offMs),
  );

export const day = 86_400_000;
type More = { level?: number | null; state?: string; pins?: object[]; withFiles?: boolean; object?: string };

/** A copy whose data is of so many days ago, with its file and its marker. Returns its id. */
export async function put(daysAgo: number, more: More = {}): Promise<string> {
  const id = newId();
  const snapshotAt = new Date((await databaseNow(db)).getTime() - daysAgo * day);
  const object = more.object ?? objectName('shop', id, snapshotAt);
  await db.backupCopy.create({
    data: {
      id,
      databaseId: 'shop',
      cause: 'schedule',
      state: more.state ?? 'kept',
      object,
      startedAt: snapshotAt,
      snapshotAt: more.state === 'running' ? null : snapshotAt,
      finishedAt: more.state === 'running' ? null : snapshotAt,
      bytes: 6,
      sha256: 'ab'.repeat(32),
      catalog: {},
      error: more.state === 'failed' ? 'pg_dump could not connect.' : null,
      level: more.level === undefined ? 4 : more.level,
      serverVersion: '15.18',
      pins: more.pins ?? [],
    },
  });
  if (more.withFiles !== false) {
    for (const name of [object, `${object}.json`]) fs.writeFileSync(path.join(folder(), name), 'a copy');
  }
  return id;
}

/** So many nights, newest first: their ids. */
export async function nights(count: number, more: More = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let daysAgo = 0; daysAgo < count; daysAgo += 1) ids.push(await put(daysAgo + 0.1, more));
  return ids;
}

export const states = async (ids: readonly string[]): Promise<string[]> => {
  const rows = await db.backupCopy.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, state: true },
  });
  return ids.map((id) => rows.find((row) => row.id === id)?.state ?? 'gone');
};

/** What this test recorded, oldest first. */
export async function audit(): Promise<z.infer<typeof Entry>[]> {
  const rows = await db.auditStaged.findMany({ orderBy: { n: 'asc' }, skip: audited });
  return rows.map(({ body }) => Entry.parse(JSON.parse(body)));
}

/** The element at a place, which is there or the test fails. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list.at(index);
  if (found === undefined) throw new Error(`Nothing stands at ${index}.`);
  return found;
}

export const stopCodes = async (...call: Parameters<typeof run>) =>
  (await run(...call)).stops.map(({ code }) => code);

/** What the page reads. */
export const viewNow = async (actor = people.devops) =>
  at((await retentionView(config(), 'production', actor, db)).databases, 0);
