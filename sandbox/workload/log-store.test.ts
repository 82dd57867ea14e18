import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Loki, startLoki } from '../loki/server';
import { LogStore } from './log-store';

const labels = {
  service: 'fraiseql-api',
  environment: 'production',
  region: 'us-east-1',
  cluster: 'us-east-1',
  namespace: 'fraiseql',
  level: 'info',
} as const;

let loki: Loki;

beforeAll(async () => {
  loki = await startLoki({ port: 0 });
});

afterAll(() => loki.stop());

async function count(): Promise<string> {
  const query = encodeURIComponent('sum(count_over_time({service="fraiseql-api"}[5h]))');
  return (await fetch(`${loki.url}/loki/api/v1/query?query=${query}`)).text();
}

test('lines of hours ago arrive, also when newer ones were written first', async () => {
  const logs = new LogStore(loki.url);
  const now = Date.now();
  logs.write(labels, 'a', now - 1000, 'new');
  for (let minutes = 240; minutes > 0; minutes--)
    logs.write(labels, 'a', now - minutes * 60_000, `${minutes}`);
  await logs.ship();
  expect(logs.waiting).toBe(0);
  expect(await count()).toContain('"241"');
});

test('what Loki cannot take now is kept and sent later', async () => {
  const logs = new LogStore(loki.url);
  const id = loki.faults.add({ kind: 'status', status: 503 });
  logs.write(labels, 'a', Date.now(), 'late');
  await logs.ship();
  expect(logs.waiting).toBe(1);
  loki.faults.remove(id);
  await logs.ship();
  expect(logs.waiting).toBe(0);
});

test('a Loki that is not there loses nothing either', async () => {
  const logs = new LogStore('http://127.0.0.1:1');
  logs.write(labels, 'a', Date.now(), 'one');
  await logs.ship();
  expect(logs.waiting).toBe(1);
});

test('a pod keeps its last 400 lines, and followers hear of new ones', () => {
  const logs = new LogStore('http://127.0.0.1:1');
  const heard: string[] = [];
  const stop = logs.follow('us-east-1', 'fraiseql', 'a', ({ line }) => heard.push(line));
  for (let index = 0; index < 450; index++) logs.write(labels, 'a', index, `${index}`);
  stop();
  logs.write(labels, 'a', 451, 'unheard');
  expect(heard.length).toBe(450);
  const lines = logs.podLines('us-east-1', 'fraiseql', 'a').map(({ line }) => line);
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([400, '51', 'unheard']);
  logs.forgetPod('us-east-1', 'fraiseql', 'a');
  expect(logs.podLines('us-east-1', 'fraiseql', 'a')).toEqual([]);
});
