import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { maySignal } from '@/lib/actuators/postgres/end-session';
import { Catalog } from '@/lib/backup/catalog';
import { checkDueCopies } from '@/lib/backup/check-copies';
import { checkBackups } from '@/lib/backup/check-setup';
import { type Copier, makeDueCopies } from '@/lib/backup/make-copy';
import { loadCopies } from '@/lib/backup/restore/load-copies';
import { readLoad } from '@/lib/backup/restore/load-fact';
import { wantLoad } from '@/lib/backup/restore/want-load';
import { Config } from '@/lib/config/schema';
import { readingValue } from '@/lib/core/reading';
import { readDatabase } from '@/lib/database/read';
import { createDatabase } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { copiedDatabases, demoDatabases } from '@/sandbox/demo/databases';
import { demoConfig } from '@/sandbox/demo/signalbox.yaml';
import { DatabaseSessions } from '@/sandbox/workload/database-sessions';
import { dataFolder } from '../postgres/placement';
import { freePort } from '../process/port';
import { stateRoot } from '../setup/root';
import { testDatabase } from '../testing/database';
import { type RunningDatabase, startDatabase } from './databases';
import { prepareCopies } from './service-copies';
import { asServices, prepareServiceDatabases, serviceDatabases } from './service-databases';

const sandboxUrls = {
  kubernetes: { 'us-east-1': 'https://127.0.0.1:1', 'eu-west-1': 'https://127.0.0.1:2' },
  metrics: 'http://127.0.0.1:6',
  prometheus: 'http://127.0.0.1:1',
  alertmanager: 'http://127.0.0.1:2',
  loki: 'http://127.0.0.1:3',
  control: 'http://127.0.0.1:4',
  registry: 'http://127.0.0.1:5',
};
const state = path.join(stateRoot, 'test', `service-databases-of-${process.pid}`);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-stack-'));
let server: RunningDatabase;

beforeAll(async () => {
  server = await startDatabase({
    folder: state,
    name: 'us-east-1',
    version: 15,
    port: await freePort(),
    databases: serviceDatabases.names,
    settings: serviceDatabases.settings,
    durable: false,
  });
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(dataFolder(path.join(state, 'us-east-1')), { recursive: true, force: true });
  fs.rmSync(folder, { recursive: true, force: true });
});

test('the console may look at each database and at nothing in it, again after another start', async () => {
  const servers = { 'us-east-1': server.url, 'eu-west-1': server.url };
  await prepareServiceDatabases(folder, servers);
  const urlFile = await prepareServiceDatabases(folder, servers);
  for (const { id } of demoDatabases) {
    const file = urlFile(id);
    expect(fs.statSync(file).mode & 0o077).toBe(0);
    const readings = await readDatabase({ id, url: { file } });
    expect(readingValue(readings.server)).toMatchObject({ account: 'signalbox_reader', seesAll: true });
    const counted = readingValue(readings.statements)?.extension.version ?? null;
    expect(counted === null).toBe(id.startsWith('fraiseql-observers'));
  }
});

test('sessions of pods are there while the production runs, and end with it', async () => {
  const urlFile = await prepareServiceDatabases(folder, { 'us-east-1': server.url, 'eu-west-1': server.url });
  const target = { id: 'architect', url: { file: urlFile('architect-api-us-east-1') } };
  const names = async () =>
    (readingValue((await readDatabase(target)).sessions) ?? []).map(({ application }) => application);
  const services = asServices(folder, { 'us-east-1': server.url });
  const sessions = new DatabaseSessions(new Map([['us-east-1', services['us-east-1'] ?? '']]));
  sessions.start();
  await expect.poll(names, { timeout: 20_000 }).toEqual(Array(4).fill('architect-api'));
  const signal = { file: urlFile('architect-api-us-east-1', 'signal') };
  const [user] = (readingValue((await readDatabase(target)).sessions) ?? []).map((one) => one.user);
  expect(await maySignal({ id: 'architect', signal }, user ?? null)).toMatchObject({ may: true });
  await sessions.stop();
  await expect.poll(names).toEqual([]);
});

test('a service whose database lets nobody in knows it within seconds, and has it again by itself', async () => {
  await prepareServiceDatabases(folder, { 'us-east-1': server.url, 'eu-west-1': server.url });
  const url = asServices(folder, { 'us-east-1': server.url })['us-east-1'] ?? '';
  const sessions = new DatabaseSessions(new Map([['us-east-1', url]]));
  const heard: string[] = [];
  sessions.onChange((cluster) => heard.push(cluster));
  const away = () =>
    (['architect-api', 'fraiseql-api'] as const).map((id) => sessions.isAway('us-east-1', id));
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  const lines = async () => {
    const inside = new Client({ connectionString: new URL('/architect', server.url).href });
    await inside.connect();
    const { rows } = await inside.query<{ n: number }>('SELECT count(*)::int AS n FROM fraiseql_audit_logs');
    await inside.end();
    return rows[0]?.n ?? 0;
  };
  try {
    const before = await lines();
    sessions.start();
    await expect.poll(lines, { timeout: 30_000 }).toBeGreaterThan(before);
    expect(away()).toEqual([false, false]);
    await admin.query(`ALTER DATABASE architect ALLOW_CONNECTIONS false`);
    await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'architect'`);
    await expect.poll(away, { timeout: 30_000 }).toEqual([true, false]);
    await admin.query(`ALTER DATABASE architect ALLOW_CONNECTIONS true`);
    await expect.poll(away, { timeout: 30_000 }).toEqual([false, false]);
    expect(heard).toEqual(['us-east-1', 'us-east-1']);
    expect(sessions.isAway('eu-west-1', 'architect-api')).toBe(false);
  } finally {
    await admin.query(`ALTER DATABASE architect ALLOW_CONNECTIONS true`);
    await admin.end();
    await sessions.stop();
  }
});

/** Loads each copy into an empty database, by the account that restores there: what became of it. */
async function loadAll(copier: Copier, copies: readonly { id: string; databaseId: string }[]) {
  const { db } = copier;
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  const ended: [string, string][] = [];
  for (const { id: copyId, databaseId: database } of copies) {
    const { number } = await db.change.create({ data: restoring(database) });
    const name = `loaded_r_c${String(number).padStart(7, '0')}`;
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0 OWNER services`);
    const { rows } = await admin.query<{ oid: number }>('SELECT oid FROM pg_database WHERE datname = $1', [
      name,
    ]);
    const into = { name, oid: Number(rows[0]?.oid) };
    await transaction(
      (tx) => wantLoad(tx, copier.actor, { database, change: number, copyId, into }, new Date()),
      db,
    );
    await loadCopies(copier);
    const fact = await readLoad(db, number);
    ended.push([database, fact.state === 'failed' ? fact.why : fact.state]);
  }
  await admin.end();
  return ended;
}

const restoring = (database: string) => ({
  ...{
    kind: 'restore',
    service: database,
    environment: 'production',
    region: 'us-east-1',
    cluster: 'us-east-1',
  },
  ...{ namespace: 'n', plan: { data: { do: 'restore', database } }, planHash: 'h', policy: {}, reason: 'r' },
  ...{ requesterId: crypto.randomUUID(), requesterName: 'Sam Reyes', state: 'Running' },
  ...{ reviewExpiresAt: new Date(), startedAt: new Date() },
});

test('each database holds rows, once, and copies of one region climb to a restore', async () => {
  const servers = { 'us-east-1': server.url, 'eu-west-1': server.url };
  const urlFile = await prepareServiceDatabases(folder, servers);
  await prepareServiceDatabases(folder, servers);
  const copies = await prepareCopies(folder, servers, () => {});
  // Without a cluster the worker makes those of the Jobs itself.
  const here = { ...copies, byJobs: false };
  const demo = Config.parse(parse(demoConfig(sandboxUrls, folder, undefined, urlFile, here)));
  const console = await testDatabase();
  const db = createDatabase(console.url);
  const actor = { kind: 'worker', id: 'w' } as const;
  const holder = { workerId: 'w', leaseSeconds: 20 };
  const copier = { db, config: demo, actor, holder, signal: new AbortController().signal };
  try {
    expect(await makeDueCopies(copier)).toBe(3);
    expect(await checkDueCopies(copier)).toBe(3);
    const made = await db.backupCopy.findMany({ orderBy: { databaseId: 'asc' } });
    expect(made.map(({ databaseId, level }) => [databaseId, level])).toEqual(
      copiedDatabases.map(({ id }) => [id, 4]),
    );
    const rows = Object.fromEntries(
      made.flatMap(({ catalog }) => Catalog.parse(catalog).rows.map((table) => [table.table, table.rows])),
    );
    expect(rows).toMatchObject({ tb_post: 30_000, observer_events: 25_000 });
    // Sessions of pods add to it now and then.
    expect(rows['fraiseql_audit_logs']).toBeGreaterThanOrEqual(40_000);
    const setup = await checkBackups(demo);
    expect(setup.filter(({ state }) => state === 'wrong')).toEqual([]);
    expect(
      setup.filter(({ subject, state }) => subject.startsWith('Restores of') && state === 'ok'),
    ).toHaveLength(3);
    expect(await loadAll(copier, made)).toEqual(copiedDatabases.map(({ id }) => [id, 'done']));
  } finally {
    await db.$disconnect();
    await console.drop();
  }
});
