import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { Person, Role } from '@/lib/access/model';
import { OpsError } from '@/lib/core/errors';
import { createDatabase, type Database } from '@/lib/db/client';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { Problem } from './contract';
import { once } from './idempotency';
import { type RouteHandler, route } from './route';

const own = 'https://console.example.com';
let database: TestDatabase;
let db: Database;
let calls: unknown[] = [];

beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const person = (...roles: Role[]): Person => ({
  kind: 'person',
  id: crypto.randomUUID(),
  name: 'Ada',
  email: 'ada@example.com',
  roles,
  sessionId: crypto.randomUUID(),
});
const ada = person('sre');
const servicesFor = (actor: Person | null) => ({
  actor: async () => actor,
  tokens: { current: async () => null, misused: async () => {} },
  db: () => db,
  ownOrigin: () => own,
});

const echo = (actor: Person | null = ada): RouteHandler =>
  route(
    {
      audience: 'signed-in',
      permission: 'change.plan',
      input: z.strictObject({ text: z.string().max(50), wait: z.number().optional() }),
      output: z.object({ text: z.string(), n: z.int() }),
      status: 201,
      handler: async ({ input }) => {
        calls.push(input);
        const n = calls.length;
        if (input.wait) await new Promise((resolve) => setTimeout(resolve, input.wait));
        if (input.text === 'conflict')
          throw new OpsError('conflict', 'Somebody was faster.', { next: 'Look again.' });
        if (input.text === 'boom') throw new Error('secret detail of the failure');
        if (input.text === 'bad answer') return { text: 5 };
        return { text: input.text, n, private: 'not in the contract' };
      },
    },
    servicesFor(actor),
  );

type Sent = { headers?: Record<string, string | null>; body?: unknown; raw?: string | ReadableStream };
async function send(handler: RouteHandler, { headers = {}, body = { text: 'hello' }, raw }: Sent = {}) {
  const all = {
    'content-type': 'application/json',
    'sec-fetch-site': 'same-origin',
    origin: own,
    'idempotency-key': crypto.randomUUID(),
    ...headers,
  };
  const sent = new Headers(
    Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
  );
  // Node asks for `duplex` with a stream; the DOM's type does not know it.
  const half = { duplex: 'half' };
  const request = new Request(`${own}/api/v1/echo`, {
    method: 'POST',
    headers: sent,
    body: raw ?? JSON.stringify(body),
    ...half,
  });
  const response = await handler(request, { params: Promise.resolve({}) });
  return { response, status: response.status, json: await response.json() };
}
async function refusal(sent: Sent, handler = echo()) {
  calls = [];
  const { response, status, json } = await send(handler, sent);
  expect(calls).toEqual([]);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  return { status, problem: Problem.parse(json) };
}

test('a good request is answered by its contract alone', async () => {
  const { response, json } = await send(echo());
  expect(response.status).toBe(201);
  expect(json).toEqual({ text: 'hello', n: calls.length });
  expect(response.headers.get('cache-control')).toBe('private, no-store');
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ['other site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
  ['another origin', { 'sec-fetch-site': null, origin: 'https://evil.example' }],
  ['the origin null', { 'sec-fetch-site': null, origin: 'null' }],
  ['the same site but another origin', { 'sec-fetch-site': 'same-site', origin: null }],
  ['neither header', { 'sec-fetch-site': null, origin: null }],
  ['a lookalike origin', { origin: `${own}.evil.example` }],
  ['another port', { origin: `${own}:8443` }],
])('a write from %s is refused', async (_name, headers) => {
  const { status, problem } = await refusal({ headers });
  expect([status, problem.code]).toEqual([403, 'forbidden']);
});

test.each([
  ['Origin alone', { 'sec-fetch-site': null }],
  ['Sec-Fetch-Site alone', { origin: null }],
])('a write with %s that is ours is accepted', async (_name, headers) => {
  expect((await send(echo(), { headers })).status).toBe(201);
});

test.each([
  ['no JSON type', { headers: { 'content-type': 'text/plain' } }, 415],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
  ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 415],
  ['malformed JSON', { raw: '{"text":' }, 400],
  ['two documents', { raw: '{"text":"a"}{"text":"b"}' }, 400],
  ['broken UTF-8', { raw: new Blob([new Uint8Array([0x22, 0xff, 0xfe, 0x22])]).stream() }, 400],
  ['a key of the prototype', { raw: '{"text":"a","__proto__":{"x":1}}' }, 400],
  ['a deep document', { raw: `${'['.repeat(5000)}${']'.repeat(5000)}` }, 400],
  ['a body over 1 MB', { raw: JSON.stringify({ text: 'x'.repeat(1_000_001) }) }, 413],
  ['no body', { raw: '' }, 422],
  ['an unknown field', { body: { text: 'a', more: 1 } }, 422],
  ['a number for a text', { body: { text: 1 } }, 422],
  ['a list', { body: [] }, 422],
  ['a NUL character', { body: { text: 'a\0b' } }, 422],
  ['half a surrogate pair', { raw: String.raw`{"text":"\ud800"}` }, 422],
  ['no Idempotency-Key', { headers: { 'idempotency-key': null } }, 422],
  ['a short Idempotency-Key', { headers: { 'idempotency-key': 'abc' } }, 422],
])('%s is a clear error', async (_name, sent, expected) => {
  const { status, problem } = await refusal(sent);
  expect(status).toBe(expected);
  expect(problem.code).toBe('invalid');
  expect(problem.detail).toMatch(/\.$/);
});

test('a body without length that goes on for ever is cut at 1 MB', async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new TextEncoder().encode(' '.repeat(65_536)));
    },
  });
  expect((await refusal({ raw: endless })).status).toBe(413);
  expect(sent).toBeLessThan(2_000_000);
});

test('signed out is 401, without the right 403, and both name what to do', async () => {
  const out = await refusal({}, echo(null));
  expect([out.status, out.problem.code, out.problem.next]).toEqual([
    401,
    'unauthenticated',
    'Sign in again.',
  ]);
  const refused = await refusal({}, echo(person('stakeholder', 'admin')));
  expect([refused.status, refused.problem.detail]).toEqual([403, 'This needs one of the roles SRE.']);
});

test('a wrong field is named by its path', async () => {
  const { problem } = await refusal({ body: { text: 'x'.repeat(51) } });
  expect(problem.fields).toEqual([{ path: 'text', message: expect.stringContaining('50') }]);
});

test('an unknown error says nothing but its request id', async () => {
  const { status, json } = await send(echo(), { body: { text: 'boom' } });
  expect(status).toBe(500);
  expect(JSON.stringify(json)).not.toContain('secret detail');
  expect((await send(echo(), { body: { text: 'bad answer' } })).status).toBe(500);
});

test('a repeated key gets the first answer, and the work is done once', async () => {
  const headers = { 'idempotency-key': 'key-repeated-1' };
  calls = [];
  const first = await send(echo(), { headers });
  const second = await send(echo(), { headers });
  expect(calls).toHaveLength(1);
  expect([second.status, second.json]).toEqual([first.status, first.json]);
  expect(second.response.headers.get('idempotency-replayed')).toBe('true');
});

test('a write that took place is answered as done, also when its answer cannot be kept', async () => {
  const key = 'key-not-kept';
  const keyed = { actor: crypto.randomUUID(), key, route: 'POST /api/v1/echo', requestHash: 'h' };
  const done = await once(db, keyed, async () => {
    // What keeping the answer finds when the database lost the row or does not take writes any more.
    await db.idempotencyKey.deleteMany({ where: { key } });
    return { status: 201, body: { id: 'c-1' } };
  });
  expect(done).toEqual({ status: 201, body: { id: 'c-1' }, repeated: false });
});

test('a refusal is repeated too, a failure of ours is tried again', async () => {
  calls = [];
  const conflict = { headers: { 'idempotency-key': 'key-conflict' }, body: { text: 'conflict' } };
  const answers = [await send(echo(), conflict), await send(echo(), conflict)];
  expect(answers.map(({ status }) => status)).toEqual([409, 409]);
  expect(answers[1]?.json).toEqual(answers[0]?.json);
  expect(calls).toHaveLength(1);
  const failing = { headers: { 'idempotency-key': 'key-failing' }, body: { text: 'boom' } };
  await send(echo(), failing);
  await send(echo(), failing);
  expect(calls).toHaveLength(3);
});

test('the same key with another body is a conflict', async () => {
  const headers = { 'idempotency-key': 'key-other-body' };
  await send(echo(), { headers });
  const { status, problem } = await refusal({ headers, body: { text: 'other' } });
  expect([status, problem.code]).toEqual([422, 'conflict']);
});

test('the same key of another person is another request', async () => {
  const headers = { 'idempotency-key': 'key-two-people' };
  calls = [];
  await send(echo(), { headers });
  await send(echo(person('sre')), { headers });
  expect(calls).toHaveLength(2);
});

test('twins at the same moment do the work once and get the same answer', async () => {
  const sent = { headers: { 'idempotency-key': 'key-twins' }, body: { text: 'twin', wait: 150 } };
  calls = [];
  const answers = await Promise.all(Array.from({ length: 8 }, () => send(echo(), sent)));
  expect(calls).toHaveLength(1);
  for (const { json } of answers) expect(json).toEqual(answers[0]?.json);
});

test('a write while the database is gone is 503 and does nothing', async () => {
  const gone = createDatabase('postgresql://nobody@127.0.0.1:9/none');
  calls = [];
  const handler = route(
    { audience: 'signed-in', input: null, output: z.null(), handler: async () => void calls.push('done') },
    { ...servicesFor(ada), db: () => gone },
  );
  const { status, json, response } = await send(handler);
  expect([status, Problem.parse(json).detail]).toEqual([503, 'The database does not answer.']);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(calls).toEqual([]);
});

const read = route(
  {
    audience: 'signed-in',
    input: null,
    params: z.object({ id: z.uuid() }),
    query: z.object({ limit: z.coerce.number().int().max(100).default(10), at: z.iso.datetime().optional() }),
    output: z.object({ limit: z.int() }),
    handler: async ({ query }) => ({ limit: query.limit }),
  },
  servicesFor(ada),
);
const get = (search: string, id: string = crypto.randomUUID(), headers: Record<string, string> = {}) =>
  read(new Request(`${own}/api/v1/things/${id}${search}`, { headers }), { params: Promise.resolve({ id }) });

test.each([
  ['?limit=NaN', 422],
  ['?limit=1e999', 422],
  ['?limit=99999999999999999999', 422],
  ['?limit=1&limit=2', 422],
  ['?limit[]=1', 200],
  ['?at=yesterday', 422],
  ['?at=%00', 422],
  ['?__proto__=1', 422],
  ['?limit=7', 200],
])('the query %s gives %i', async (search, status) => {
  expect((await get(search)).status).toBe(status);
});

test.each(['nope', '1', 'x'.repeat(5000), '%00', '../etc'])('the id %s is 404', async (id) => {
  expect((await get('', id)).status).toBe(404);
});

test('a read from another site is refused, a link to it is followed', async () => {
  const site = { 'sec-fetch-site': 'cross-site' };
  expect((await get('', undefined, { ...site, 'sec-fetch-mode': 'cors' })).status).toBe(403);
  expect((await get('', undefined, { ...site, 'sec-fetch-mode': 'navigate' })).status).toBe(200);
});
