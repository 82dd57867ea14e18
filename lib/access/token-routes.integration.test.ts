import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, expectTypeOf, test, vi } from 'vitest';
import { stringify } from 'yaml';
import { routes } from '@/app/api/v1/openapi.json/routes';
import { handlerOf } from '@/cli/testing/console-server';
import type { cancelChange } from '@/lib/change/cancel-change';
import type { rejectChange } from '@/lib/change/reject-change';
import type { requestChange } from '@/lib/change/request-change';
import type { signChange } from '@/lib/change/sign-change';
import type { startChange } from '@/lib/change/start-change';
import type { abortChange, pauseChange, resumeChange } from '@/lib/change/steer-change';
import type { pullSwitch } from '@/lib/change/switch/pull-switch';
import type { releaseSwitch } from '@/lib/change/switch/release-switch';
import type { withdrawSignOff } from '@/lib/change/withdraw-sign-off';
import { newId } from '@/lib/core/ids';
import { createDatabase, type Database } from '@/lib/db/client';
import { Problem } from '@/lib/http/contract';
import { openApiDocument } from '@/lib/http/openapi';
import type { publishMessage } from '@/lib/status/publish-message';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import { person } from '@/worker/testing/people';
import { type Person, type Pipeline, roles } from './model';
import { createToken } from './tokens';

/** What a token may write. A route that is added here lets pipelines do more than ask: look at issue and design first. */
const mayAsk = ['POST /api/v1/changes', 'POST /api/v1/plans'];
/** GET routes of a person's own affairs, the stream that lives with a session, and what tools said of a database. */
const personal = [
  '/api/v1/approvals',
  '/api/v1/backups/copies/[copy]',
  '/api/v1/live',
  '/api/v1/me',
  '/api/v1/views',
];

let database: TestDatabase;
let db: Database;
let folder: string;
const token = { both: '', read: '' };

beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tokens-'));
  const file = path.join(folder, 'signalbox.yaml');
  fs.writeFileSync(
    file,
    stringify(
      testConfigInput({ kubeconfig: path.join(folder, 'none.yaml'), prometheus: 'http://127.0.0.1:9' }),
    ),
  );
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('SIGNALBOX_CONFIG', file);
  vi.stubEnv('LOG_LEVEL', 'silent');
  // The owner holds every role there is: what a token is refused, it is refused as a token.
  const owner = await person(db, 'Olga Every', [...roles]);
  const made = { owner: owner.email, roles: [...roles], expiresSeconds: 3600 };
  const context = { db, actor: { kind: 'cli', id: 'test' } } as const;
  token.both = (await createToken(context, { ...made, name: 'all', scopes: ['read', 'plan'] })).text;
  token.read = (await createToken(context, { ...made, name: 'looks', scopes: ['read'] })).text;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await db.$disconnect();
  await globalThis.signalboxAttempts?.end();
  await database.drop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const listed = routes.flatMap(({ path: template, methods }) =>
  Object.entries(methods).map(([method, { contract }]) => ({
    name: `${method} ${template}`,
    template,
    method,
    contract,
    handler: handlerOf(methods, method),
  })),
);
type Listed = (typeof listed)[number];

const values: Record<string, string> = {
  change: 'c-999999',
  month: '2026-10',
  service: 'fraiseql-api',
  slo: 'fraiseql',
};

let callers = 0;
/** Every call comes from an address of its own, so that no limit stands before what is tried here. */
async function call(
  { template, method, handler }: Listed,
  text: string,
  headers: Record<string, string> = {},
) {
  const params: Record<string, string> = {};
  const pathname = template.replaceAll(/\[([^\]]+)\]/g, (_, name: string) => {
    params[name] = values[name] ?? newId();
    return params[name];
  });
  callers += 1;
  const request = new Request(`https://console.example.com${pathname}`, {
    method,
    headers: {
      authorization: `Bearer ${text}`,
      'content-type': 'application/json',
      'idempotency-key': newId(),
      'x-forwarded-for': `10.0.${callers >> 8}.${callers & 255}`,
      ...headers,
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  if (handler === undefined) throw new Error(`${method} ${template} has no handler.`);
  return handler(request, { params: Promise.resolve(params) });
}

const signedIn = listed.filter(({ contract }) => contract.audience === 'signed-in');

test('the routes that let a token in are these', () => {
  const writes = signedIn.filter(({ method, contract }) => method !== 'GET' && contract.tokens !== null);
  expect(writes.map(({ name }) => name).sort()).toEqual(mayAsk);
  expect(writes.every(({ contract }) => contract.tokens === 'plan')).toBe(true);
  const closed = signedIn.filter(({ method, contract }) => method === 'GET' && contract.tokens === null);
  expect(
    closed
      .map(({ template }) => template)
      .filter((one) => personal.includes(one))
      .sort(),
  ).toEqual(personal);
  expect(signedIn.filter(({ method, contract }) => method === 'GET' && contract.tokens === 'plan')).toEqual(
    [],
  );
});

test('every other route refuses a token of somebody with every role, in a sentence, and it is recorded', async () => {
  const refusing = signedIn.filter(({ contract }) => contract.tokens === null);
  expect(refusing.length).toBeGreaterThan(20);
  for (const one of refusing) {
    const response = await call(one, token.both);
    const problem = Problem.parse(await response.json());
    expect([one.name, response.status, problem.detail]).toEqual([
      one.name,
      403,
      'A token may look and ask for changes, and nothing else: this is for signed-in people.',
    ]);
  }
  const entries = (await db.auditStaged.findMany()).map(({ body }) => JSON.parse(body));
  const refused = entries.filter(({ action }) => action === 'token.refused');
  expect(refused).toHaveLength(refusing.length);
  expect(refused[0]).toMatchObject({
    actor: { kind: 'pipeline', name: 'pipeline all' },
    result: 'refused',
    details: { cause: 'scope' },
  });
  expect(await db.command.count()).toBe(0);
});

test('every other GET lets a token that reads in', async () => {
  const open = signedIn.filter(({ method, contract }) => method === 'GET' && contract.tokens === 'read');
  expect(open.length).toBeGreaterThan(20);
  for (const one of open) {
    const response = await call(one, token.read);
    await response.body?.cancel();
    expect([401, 403, 500], `${one.name} ${response.status}`).not.toContain(response.status);
  }
});

test('the scope read does not plan', async () => {
  for (const name of mayAsk) {
    const one = listed.find((route) => route.name === name);
    if (one === undefined) throw new Error(`${name} is gone.`);
    const response = await call(one, token.read);
    expect([response.status, Problem.parse(await response.json()).detail]).toEqual([
      403,
      'This token has no scope plan.',
    ]);
    // With it, the body is looked at.
    expect((await call(one, token.both)).status).toBe(422);
  }
});

test('a request with a token and a session is refused; a header of a proxy is not a token', async () => {
  const [changes] = listed.filter(({ name }) => name === 'GET /api/v1/changes');
  if (changes === undefined) throw new Error('The list of changes is gone.');
  for (const cookie of ['next-auth.session-token=x', 'a=b; __Secure-next-auth.session-token.0=x']) {
    const both = await call(changes, token.read, { cookie });
    expect([both.status, Problem.parse(await both.json()).detail]).toEqual([
      400,
      'The request carries a token and a session.',
    ]);
  }
  expect((await call(changes, token.read, { cookie: 'theme=dark' })).status).toBe(200);
});

test('the document names tokens where they count', () => {
  const document = openApiDocument(routes, '/');
  expect(document.components?.securitySchemes?.['token']).toMatchObject({ type: 'http', scheme: 'bearer' });
  expect(document.paths?.['/api/v1/plans']?.post?.security).toEqual([{ session: [] }, { token: ['plan'] }]);
  expect(document.paths?.['/api/v1/changes/{change}']?.get?.security).toEqual([
    { session: [] },
    { token: ['read'] },
  ]);
  expect(document.paths?.['/api/v1/changes/{change}/sign-offs']?.post?.security).toEqual([{ session: [] }]);
});

type ActorOf<Verb extends (asked: never, ...rest: never[]) => unknown> = Parameters<Verb>[0]['actor'];

test('the compiler keeps pipelines from verbs that decide, steer or publish', () => {
  expectTypeOf<ActorOf<typeof signChange>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof rejectChange>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof withdrawSignOff>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof startChange>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof cancelChange>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof abortChange>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof pauseChange>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof resumeChange>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof pullSwitch>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof releaseSwitch>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof publishMessage>>().toEqualTypeOf<Person>();
  expectTypeOf<ActorOf<typeof requestChange>>().toEqualTypeOf<Person | Pipeline>();
});
