import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { differences } from './golden-compare';
import { type Exchange, GOLDEN_DIR, snapshotFor } from './golden-seed';
import { ObjectStore } from './object-store';
import type { Json } from './store';
import { type Answer, call, temporaryCluster, tokenFor } from './testing';

/** How many recorded exchanges are answered alike; only ever raised. */
const EXCHANGE_FLOOR = 208;
const KUBECTL_FLOOR = 54;

const READER = {
  account: 'architect-reader',
  token: 'architect-reader-token',
  identity: { user: 'architect-reader', groups: ['architect', 'system:authenticated'], extra: {} },
};
const rolesDir = mkdtempSync(path.join(tmpdir(), 'no-roles-'));
writeFileSync(path.join(rolesDir, 'empty.yaml'), '');
const cluster = await temporaryCluster({
  rolesDir,
  accounts: [READER],
  timing: { futureResourceVersionMs: 1, bookmarkMs: 60_000 },
});
afterAll(() => cluster.dispose());
const store = z.instanceof(ObjectStore).parse(cluster.store);
cluster.setLogReader({
  read: ({ pod, tailLines }) =>
    [0, 1, 2].slice(0, tailLines ?? 3).map((number) => ({
      atMs: Date.UTC(2026, 10, 21, 6, 53, 27 + number, 149),
      text: `{"level":"info","message":"request handled ${number}","status":200,"duration_ms":${12 + number},"pod":"${pod.metadata.name}"}`,
    })),
});

const exchangeSchema = z.object({
  name: z.string(),
  request: z.object({
    line: z.string(),
    as: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.json().optional(),
  }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.json().optional(),
    events: z.array(z.object({ type: z.string(), object: z.json().optional() })).optional(),
    eventCount: z.number().optional(),
  }),
});

function tokenOf(as: string): string | undefined {
  if (as === 'architect-reader') return READER.token;
  if (as === 'no Authorization header') return undefined;
  return as === 'an unknown bearer token' ? 'nobody-has-this-token' : tokenFor(cluster, 'admin');
}

async function send(exchange: Exchange): Promise<Answer> {
  store.restore(snapshotFor(exchange));
  const [method = 'GET', url = '/'] = exchange.request.line.split(' ');
  const token = tokenOf(exchange.request.as);
  const body = exchange.request.body;
  return call(cluster, {
    method,
    // A recorded watch waited some seconds; what it sees comes at once.
    path: url.replace(/timeoutSeconds=\d+/, 'timeoutSeconds=1').replace('follow=true&', ''),
    headers: exchange.request.headers,
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
  });
}

function compareAnswer(exchange: Exchange, answer: Answer): string[] {
  const { status, headers, body, events } = exchange.response;
  const problems: string[] = [];
  if (answer.status !== status) problems.push(`status: expected ${status}, got ${answer.status}`);
  for (const [name, value] of Object.entries(headers)) {
    if (answer.headers[name] !== value)
      problems.push(`header ${name}: expected ${value}, got ${String(answer.headers[name])}`);
  }
  if (events) return [...problems, ...compareEvents(events, exchange.response.eventCount ?? 0, answer)];
  if (body === undefined || body === null) return problems;
  const isWrite = !exchange.request.line.startsWith('GET');
  const actual: Json = typeof body === 'string' ? answer.text : answer.body;
  if (exchange.name === 'r06-readyz-verbose')
    return answer.text.endsWith('readyz check passed\n') ? problems : [...problems, 'no verdict line'];
  return [...problems, ...differences(sameIdentity(body, actual), actual, isWrite)];
}

/** The recorded body with the name and uid that our server made up. */
function sameIdentity(expected: Json, actual: Json): Json {
  const identity = z.object({
    metadata: z.object({ name: z.string(), uid: z.string(), generateName: z.string() }),
  });
  const [from, to] = [identity.safeParse(expected), identity.safeParse(actual)];
  if (!from.success || !to.success) return expected;
  const renamed = JSON.stringify(expected).replaceAll(from.data.metadata.name, to.data.metadata.name);
  return JSON.parse(renamed.replaceAll(from.data.metadata.uid, to.data.metadata.uid));
}

function compareEvents(
  events: { type: string; object?: Json | undefined }[],
  count: number,
  answer: Answer,
): string[] {
  const lines = answer.text.split('\n').filter((line) => line !== '');
  const got = lines.map((line) => z.object({ type: z.string(), object: z.json() }).parse(JSON.parse(line)));
  const problems = count === got.length ? [] : [`events: expected ${count}, got ${got.length}`];
  events.forEach((event, index) => {
    if (got[index]?.type !== event.type)
      problems.push(`event ${index}: expected ${event.type}, got ${String(got[index]?.type)}`);
    if (event.object !== undefined)
      problems.push(...differences(event.object, got[index]?.object ?? null, false));
  });
  return problems;
}

it('answers the recorded exchanges as the real server did', async () => {
  const files = readdirSync(path.join(GOLDEN_DIR, 'exchanges')).sort();
  const failed: string[] = [];
  for (const file of files) {
    const parsed = exchangeSchema.parse(
      JSON.parse(readFileSync(path.join(GOLDEN_DIR, 'exchanges', file), 'utf8')),
    );
    const exchange: Exchange = JSON.parse(JSON.stringify(parsed));
    const problems = compareAnswer(exchange, await send(exchange));
    if (problems.length > 0) failed.push(`${exchange.name}\n    ${problems.slice(0, 6).join('\n    ')}`);
  }
  process.stdout.write(`replayed ${files.length - failed.length} of ${files.length} captured exchanges\n`);
  expect(failed, failed.join('\n')).toEqual([]);
  expect(files.length - failed.length).toBeGreaterThanOrEqual(EXCHANGE_FLOOR);
}, 120_000);

it('answers the requests of kubectl with the recorded status', async () => {
  const schema = z.array(
    z.object({
      from: z.string(),
      method: z.string(),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.json().optional(),
      status: z.number(),
    }),
  );
  const calls = schema.parse(JSON.parse(readFileSync(path.join(GOLDEN_DIR, 'kubectl.json'), 'utf8')));
  const failed: string[] = [];
  for (const { from, method, path: url, headers, body, status } of calls) {
    const base: Exchange = {
      name: from,
      request: { line: `${method} ${url}`, as: 'admin', headers },
      response: { status, headers: {} },
    };
    const answer = await send(body === undefined ? base : { ...base, request: { ...base.request, body } });
    const isJson = String(answer.headers['content-type']).startsWith('application/json');
    const isWatch = url.includes('watch=true');
    if (answer.status !== status || !isJson || (!isWatch && answer.body === null))
      failed.push(`${from}: ${method} ${url}: ${answer.status} ${answer.text.slice(0, 200)}`);
  }
  process.stdout.write(`replayed ${calls.length - failed.length} of ${calls.length} requests of kubectl\n`);
  expect(failed, failed.join('\n')).toEqual([]);
  expect(calls.length - failed.length).toBeGreaterThanOrEqual(KUBECTL_FLOOR);
}, 60_000);
