import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monitoringPrograms } from '@/scripts/binaries/monitoring';
import { dataFolder } from '@/scripts/postgres/placement';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';
import { type RunningDatabase, startDatabase } from '@/scripts/stack/databases';
import { asServices, prepareServiceDatabases, serviceDatabases } from '@/scripts/stack/service-databases';
import { type Sandbox, startSandbox } from './start';
import { findService } from './topology';
import { readyPods } from './workload/routing';

const any = { loki: 0, prometheus: 0, alertmanager: 0, control: 0, metrics: 0, registry: 0 };
const state = path.join(stateRoot, 'test', `database-away-${process.pid}`);
let folder: string;
let server: RunningDatabase;
let sandbox: Sandbox;
let admin: Client;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'database-away-'));
  server = await startDatabase({
    folder: state,
    name: 'us-east-1',
    version: 15,
    port: await freePort(),
    databases: serviceDatabases.names,
    settings: serviceDatabases.settings,
    durable: false,
  });
  const servers = { 'us-east-1': server.url, 'eu-west-1': server.url };
  await prepareServiceDatabases(folder, servers);
  sandbox = await startSandbox({
    dataDir: path.join(folder, 'sandbox'),
    ports: { ...any, kubernetes: { 'us-east-1': 0, 'eu-west-1': 0 } },
    binaries: await monitoringPrograms(),
    history: false,
    seed: 1,
    postgresUrls: { 'us-east-1': asServices(folder, servers)['us-east-1'] ?? '' },
  });
  admin = new Client({ connectionString: new URL('/postgres', server.url).href });
  await admin.connect();
});
afterAll(async () => {
  await sandbox.stop();
  await admin.end();
  await server.stop();
  fs.rmSync(dataFolder(path.join(state, 'us-east-1')), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

const generous = { timeout: 60_000, interval: 250 };
const namespaceOf = (service: string): string => findService(service)?.namespaces.production ?? '';
/** Pods of the service that requests reach. */
const ready = (cluster: string, service: string): number => {
  const store = sandbox.clusters[cluster]?.store;
  if (store === undefined) throw new Error(`There is no cluster ${cluster}.`);
  return readyPods(store, namespaceOf(service), service).length;
};
/** Requests of the last whole second and those of them that failed. */
const failing = (cluster: string): { requests: number; failures: number } => {
  const now = Math.floor(Date.now() / 1000);
  const rows = sandbox.ledger
    .rows({ cluster, service: 'architect-api', from: now - 2, to: now })
    .filter(({ namespace }) => namespace === namespaceOf('architect-api'));
  return rows.reduce(
    (sum, row) => ({ requests: sum.requests + row.requests, failures: sum.failures + row.failures }),
    { requests: 0, failures: 0 },
  );
};
const isDown = (cluster: string) => {
  const { requests, failures } = failing(cluster);
  return requests > 0 && failures === requests;
};
const isWell = (cluster: string) => {
  const { requests, failures } = failing(cluster);
  return requests > 0 && failures < requests / 2;
};

test('a service whose database lets nobody in fails in that region alone, and is back by itself', async () => {
  // Open also where a try before this one broke off.
  await admin.query('ALTER DATABASE architect ALLOW_CONNECTIONS true');
  await expect.poll(() => isWell('us-east-1') && isWell('eu-west-1'), generous).toBe(true);
  const before = ready('us-east-1', 'architect-api');
  expect(before).toBeGreaterThan(0);
  await admin.query('ALTER DATABASE architect ALLOW_CONNECTIONS false');
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'architect'`);
  await expect.poll(() => isDown('us-east-1'), generous).toBe(true);
  await expect.poll(() => ready('us-east-1', 'architect-api'), generous).toBe(0);
  await expect.poll(() => isWell('eu-west-1'), generous).toBe(true);
  expect(ready('us-east-1', 'fraiseql-api')).toBeGreaterThan(0);
  await admin.query('ALTER DATABASE architect ALLOW_CONNECTIONS true');
  await expect.poll(() => ready('us-east-1', 'architect-api'), generous).toBe(before);
  await expect.poll(() => isWell('us-east-1'), generous).toBe(true);
});
