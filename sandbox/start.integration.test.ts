import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type MonitoringPrograms, monitoringPrograms } from '@/scripts/binaries/monitoring';
import { type Sandbox, startSandbox } from './start';

const ports = {
  kubernetes: { 'us-east-1': 0, 'eu-west-1': 0 },
  loki: 0,
  prometheus: 0,
  alertmanager: 0,
  control: 0,
  metrics: 0,
  registry: 0,
};

const Answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
    ),
  }),
});

let dataDir: string;
let binaries: MonitoringPrograms;
let sandbox: Sandbox;

const start = () => startSandbox({ dataDir, ports, binaries, history: true, historyDays: 1, seed: 1 });

beforeAll(async () => {
  binaries = await monitoringPrograms();
  dataDir = await mkdtemp(path.join(tmpdir(), 'production-'));
  sandbox = await start();
});

afterAll(async () => {
  await sandbox.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function query(text: string): Promise<{ metric: Record<string, string>; value: number }[]> {
  const url = new URL('/api/v1/query', sandbox.urls.prometheus);
  url.searchParams.set('query', text);
  const answer = Answer.parse(await (await fetch(url)).json());
  return answer.data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
}

async function until(check: () => Promise<boolean>, seconds = 40): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`It did not become so within ${seconds} s.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const podCount = 10 * 2 + 3 * 4 + 3;

describe('a started production', () => {
  test('every pod and exporter is scraped and up', async () => {
    await until(async () => (await query('sum(up)'))[0]?.value === podCount + 16 + 9);
    expect(await query('up == 0')).toEqual([]);
  });

  test('a certificate ends when the control port says so, in what Prometheus knows', async () => {
    const known = 'probe_ssl_earliest_cert_expiry{service="fraiseql-api",environment="production"}';
    const days = async () =>
      (await query(`(${known} - time()) / 86400`)).map(({ value }) => Math.round(value));
    await until(async () => (await days()).filter((left) => left >= 45 && left <= 90).length === 2);
    const body = JSON.stringify({ service: 'fraiseql-api', cluster: 'eu-west-1', days: 2 });
    await fetch(`${sandbox.urls.control}/certificates`, { method: 'POST', body });
    await until(async () => (await days()).filter((left) => left === 2).length === 1);
    await fetch(`${sandbox.urls.control}/certificates`, { method: 'DELETE' });
    await until(async () => (await days()).filter((left) => left === 2).length === 0);
  });

  test('the rules are accepted, and all of them evaluate', async () => {
    const Rules = z.object({
      data: z.object({
        groups: z.array(z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) })),
      }),
    });
    const health = async () => {
      const answer = Rules.parse(await (await fetch(`${sandbox.urls.prometheus}/api/v1/rules`)).json());
      return answer.data.groups.flatMap(({ rules }) => rules.map((rule) => rule.health));
    };
    await until(async () => (await health()).every((state) => state === 'ok'));
    expect((await health()).length).toBe(26);
    const file = path.join(dataDir, 'prometheus', 'rules.yml');
    const { stdout } = await promisify(execFile)(binaries.promtool, ['check', 'rules', file]);
    expect(stdout).toContain('SUCCESS: 26 rules found');
  });

  test('the live counters go on where the written past ends', async () => {
    const past = 'increase(http_requests_total{region="us-east-1",status="200"}[23h])';
    const [total] = await query(`sum(${past})`);
    const expected = 23 * 3600 * 30;
    expect((total?.value ?? 0) / expected).toBeGreaterThan(0.75);
    expect((total?.value ?? 0) / expected).toBeLessThan(1.3);
    await until(async () => (await query('sum(resets(http_requests_total[10m]))'))[0]?.value === 0);
  });

  test('requests are in the ledger, in Prometheus and in the logs', async () => {
    const inLedger = () => sandbox.ledger.totals({ service: 'architect-api', cluster: 'us-east-1' });
    await until(async () => inLedger().reduce((sum, { requests }) => sum + requests, 0) > 100);
    const selector = encodeURIComponent('{service="architect-api"}');
    const url = `${sandbox.urls.loki}/loki/api/v1/query_range?query=${selector}`;
    await until(async () => (await (await fetch(url)).text()).includes('trace_id'));
  });

  test('Alertmanager is behind its proxy and known to Prometheus', async () => {
    expect((await fetch(`${sandbox.urls.alertmanager}/api/v2/status`)).status).toBe(200);
    const known = await (await fetch(`${sandbox.urls.prometheus}/api/v1/alertmanagers`)).text();
    expect(known).toContain('/api/v2/alerts');
  });

  test('a second start keeps objects, logs, series and counters', async () => {
    const pods = () =>
      sandbox.clusters['us-east-1']?.store.list('pods', 'fraiseql').map(({ metadata }) => metadata.uid);
    const before = pods();
    const counter = 'sum(http_requests_total{region="us-east-1"})';
    const [counted] = await query(counter);
    await sandbox.stop();
    sandbox = await start();
    expect(pods()).toEqual(before);
    await until(async () => ((await query('sum(up)'))[0]?.value ?? 0) === podCount + 16 + 9);
    const [after] = await query(counter);
    expect(after?.value).toBeGreaterThanOrEqual(counted?.value ?? Number.NaN);
    const labels = await (await fetch(`${sandbox.urls.loki}/loki/api/v1/label/service/values`)).text();
    expect(labels).toContain('fraiseql-api');
  });
});
