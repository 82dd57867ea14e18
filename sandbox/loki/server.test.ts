import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { type Loki, type LokiOptions, startLoki } from './server';

const running: Loki[] = [];
async function start(options: Partial<LokiOptions> = {}): Promise<Loki> {
  const loki = await startLoki({ port: 0, ...options });
  running.push(loki);
  return loki;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((loki) => loki.stop()));
});

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;
const one = (line: string, timeNs = nowNs()) => [{ timeNs, line }];
const query = (loki: Loki, text: string, more = '') =>
  fetch(`${loki.url}/loki/api/v1/query_range?query=${encodeURIComponent(text)}${more}`);
const push = (loki: Loki, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${loki.url}/loki/api/v1/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
const batch = (line: string): string =>
  JSON.stringify({ streams: [{ stream: { app: 'x' }, values: [[String(nowNs()), line]] }] });

test('a pushed line comes back; gzip is read, protobuf is 415, a wrong shape 400', async () => {
  const loki = await start();
  expect((await push(loki, batch('plain'))).status).toBe(204);
  expect(
    (await push(loki, new Uint8Array(gzipSync(batch('zipped'))), { 'content-encoding': 'gzip' })).status,
  ).toBe(204);
  expect((await push(loki, 'x', { 'content-type': 'application/x-protobuf' })).status).toBe(415);
  expect((await push(loki, '{"streams":[{"stream":{"a":1},"values":[]}]}')).status).toBe(400);
  const text = await (await query(loki, '{app="x"}', '&since=1m')).text();
  expect(text).toContain('plain');
  expect(text).toContain('zipped');
});

test('a body above the limit is 413', async () => {
  const loki = await start({ limits: { maxBodyBytes: 1000 } });
  expect((await push(loki, batch('y'.repeat(2000)))).status).toBe(413);
});

test('faults strike the routes they name, as often as they say', async () => {
  const loki = await start();
  loki.push({ app: 'x' }, one('here'));
  loki.faults.add({ kind: 'status', status: 503, route: '^GET .*query_range', count: 1 });
  const down = await query(loki, '{app="x"}');
  expect([down.status, down.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8']);
  expect((await query(loki, '{app="x"}')).status).toBe(200);

  const limited = loki.faults.add({ kind: 'rate-limit', client: 'console' });
  expect((await query(loki, '{app="x"}')).status).toBe(200);
  const headers = { 'user-agent': 'console/1' };
  const answer = await fetch(`${loki.url}/loki/api/v1/labels`, { headers });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, null]);
  expect(loki.faults.remove(limited)).toBe(true);
  expect(loki.faults.remove(limited)).toBe(false);
});

test('a cut after the commit loses the answer and keeps the line; a cut before loses both', async () => {
  const loki = await start();
  loki.faults.add({ kind: 'cut', when: 'after', route: 'push', count: 1 });
  await expect(push(loki, batch('kept'))).rejects.toThrow();
  loki.faults.add({ kind: 'cut', when: 'before', route: 'push', count: 1 });
  await expect(push(loki, batch('lost'))).rejects.toThrow();
  const text = await (await query(loki, '{app="x"}', '&since=1m')).text();
  expect(text).toContain('kept');
  expect(text).not.toContain('lost');
});

test('a delayed route answers after its delay, others at once', async () => {
  const loki = await start();
  loki.faults.add({ kind: 'delay', ms: 200, route: 'query_range' });
  const order: string[] = [];
  await Promise.all([
    query(loki, '{app="x"}').then(() => order.push('query')),
    fetch(`${loki.url}/ready`).then(() => order.push('ready')),
  ]);
  expect(order).toEqual(['ready', 'query']);
});

test('logs survive a restart, a torn last line and all', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'loki-'));
  const dataFile = path.join(folder, 'logs.jsonl');
  const first = await startLoki({ port: 0, dataFile });
  first.push({ app: 'x', level: 'warn' }, [
    { timeNs: nowNs(), line: 'kept "é"\n', metadata: { trace_id: 'abc' } },
  ]);
  await first.stop();
  fs.appendFileSync(dataFile, '{"stream":{"app":"torn');
  const second = await start({ dataFile });
  const text = await (await query(second, '{app="x"} | trace_id="abc"', '&since=1m')).text();
  expect(text).toContain('"detected_level":"warn"');
  expect(text).toContain(JSON.stringify('kept "é"\n'));
  await Promise.all(running.splice(0).map((loki) => loki.stop()));
  fs.rmSync(folder, { recursive: true });
});

test('retention and the byte budget drop the oldest chunks', async () => {
  let clock = Date.now();
  const loki = await start({ retentionMs: 60_000, maxBytes: 2_000_000, now: () => clock });
  const at = (ms: number) => BigInt(ms) * 1_000_000n;
  loki.push({ app: 'old' }, one('old', at(clock)));
  clock += 120_000;
  for (let i = 0; i < 30_000; i += 1) {
    loki.push({ app: 'new' }, one(`line ${i} ${'.'.repeat(60)}`, at(clock) + BigInt(i)));
  }
  clock += 1000;
  const values = await (await fetch(`${loki.url}/loki/api/v1/label/app/values`)).json();
  expect(values).toEqual({ status: 'success', data: ['new'] });
  const stats = await (await fetch(`${loki.url}/loki/api/v1/index/stats?query={app="new"}&since=1h`)).text();
  const entries = Number(/"entries":(\d+)/.exec(stats)?.[1]);
  expect(entries).toBeGreaterThan(5000);
  expect(entries).toBeLessThan(20_000);
});

test('entries out of order are put in order, exact duplicates kept once', async () => {
  const loki = await start();
  const base = nowNs() - 60_000_000_000n;
  for (const offset of [5n, 1n, 3n, 2n, 4n, 3n])
    loki.push({ app: 'x' }, one(`line ${offset}`, base + offset));
  const text = await (await query(loki, '{app="x"} != "line 9"', '&since=5m&direction=forward')).text();
  expect([...text.matchAll(/line (\d)/g)].map(([, digit]) => digit)).toEqual(['1', '2', '3', '4', '5']);
});

test('/ready counts from the first call, one ring member after the other', async () => {
  let clock = 0;
  const loki = await start({ readyWaitMs: 15_000, now: () => clock });
  const ready = async () => (await fetch(`${loki.url}/ready`)).text();
  clock = 60_000;
  expect(await ready()).toBe('Ingester not ready: waiting for 15s after being ready\n');
  clock += 15_000;
  expect(await ready()).toBe('Pattern Ingester not ready: waiting for 15s after being ready\n');
  clock += 15_000;
  expect(await ready()).toBe('ready\n');
});

test('a taken port is an error, and stop is complete', async () => {
  const loki = await start();
  const port = Number(new URL(loki.url).port);
  await expect(startLoki({ port })).rejects.toThrow(/EADDRINUSE/);
});
