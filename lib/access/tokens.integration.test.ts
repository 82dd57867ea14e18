import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Access } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { person } from '@/worker/testing/people';
import { revokeRole, setDisabled } from './accounts';
import { SignInAttempts } from './attempts';
import type { Person } from './model';
import { parseToken, tokenText } from './token';
import { readToken, type TokenDoor, tokenDoor } from './token-door';
import { type CreateToken, createToken, listTokens, revokeToken } from './tokens';

const LIMIT = 3;
const DAY = 86_400;
const settings = Access.parse({ attemptsPerAddress: LIMIT });
const actor = { kind: 'cli', id: 'root@ops' } as const;

let database: TestDatabase;
let db: Database;
let attempts: SignInAttempts;
let door: TokenDoor;
let sam: Person;

beforeAll(async () => {
  database = await testDatabase();
  db = createDatabase(database.url);
  attempts = new SignInAttempts(database.url, settings);
  door = tokenDoor(() => ({ db, attempts, settings }));
});
afterAll(async () => {
  await attempts.end();
  await db.$disconnect();
  await database.drop();
});
let people = 0;
beforeEach(async () => {
  people += 1;
  sam = await person(db, `Sam ${people}`, ['sre', 'cto']);
});

const make = (changed: Partial<CreateToken> = {}) =>
  createToken(
    { db, actor },
    {
      name: `deploys-${people}`,
      scopes: ['read', 'plan'],
      roles: ['sre'],
      owner: sam.email,
      expiresSeconds: 90 * DAY,
      ...changed,
    },
  );
const entries = async (action: string) =>
  (await db.auditStaged.findMany({ orderBy: { stagedAt: 'asc' } }))
    .map(({ body }) => JSON.parse(body))
    .filter((entry) => entry.action === action);

test('a token is stored as a hash, and its use, its owner and its end are known', async () => {
  const { id, text, expiresAt } = await make();
  const row = await db.apiToken.findUniqueOrThrow({ where: { id } });
  expect(row.hash).toMatch(/^[0-9a-f]{64}$/);
  const secret = parseToken(text)?.secret ?? '';
  const stored = JSON.stringify([row, await db.auditStaged.findMany()], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(secret).toHaveLength(43);
  expect(stored).not.toContain(secret);
  expect(row.lastUsedAt).toBeNull();
  expect(await readToken(db, text)).toEqual({
    cause: null,
    pipeline: {
      kind: 'pipeline',
      id,
      name: `pipeline deploys-${people}`,
      roles: ['sre'],
      scopes: ['read', 'plan'],
      owner: { id: sam.id, name: sam.name, email: sam.email },
    },
  });
  const [listed] = (await listTokens(db)).filter((one) => one.id === id);
  expect(listed).toMatchObject({ state: 'good', owner: sam.email, createdBy: 'root@ops', expiresAt });
  expect(listed?.lastUsedAt).not.toBeNull();
  expect((await entries('token.created')).at(-1)).toMatchObject({
    actor: { kind: 'cli', id: 'root@ops' },
    target: `pipeline:${id}`,
    details: { owner: sam.id, scopes: 'read plan', roles: 'sre', expires: expiresAt.toISOString() },
  });
});

const refusals: [string, Partial<CreateToken>, RegExp][] = [
  ['a role that the owner does not hold', { roles: ['sre', 'security_lead'] }, /does not hold security_lead/],
  ['plan without read', { scopes: ['plan'] }, /of no use without read/],
  ['plan without a role that plans', { roles: ['cto'] }, /needs a role that may plan: SRE/],
  ['no scope', { scopes: [] }, /at least one scope/],
  ['no end', { expiresSeconds: Number.POSITIVE_INFINITY }, /expiresSeconds/],
  ['an end after more than a year', { expiresSeconds: 367 * DAY }, /at most 366 days/],
  ['an unknown owner', { owner: 'nobody@example.com' }, /no account/],
  ['a name with a line break', { name: 'a\nb' }, /name must be/],
];
test.each(refusals)('a token with %s is not made', async (_, changed, message) => {
  const before = await db.apiToken.count();
  await expect(make(changed)).rejects.toThrow(message);
  expect(await db.apiToken.count()).toBe(before);
});

test('the table itself refuses what the code never writes', async () => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const insert = (scopes: string[], days: number, hash = 'a'.repeat(64)) =>
    client.query(
      `INSERT INTO api_token (name, scopes, roles, owner_id, hash, created_by, expires_at)
       VALUES ($1, $2, '{}', $3, $4, 'x', app.now() + $5 * interval '1 day')`,
      [`raw-${people}`, scopes, sam.id, hash, days],
    );
  await expect(insert(['read', 'sign'], 1)).rejects.toThrow('api_token_scopes');
  await expect(insert([], 1)).rejects.toThrow('api_token_scopes');
  await expect(insert(['read'], 367)).rejects.toThrow('api_token_ends');
  await expect(insert(['read'], 1, 'secret')).rejects.toThrow('api_token_hash');
  await insert(['read'], 1);
  await client.end();
});

test('two tokens in use never have one name; a revoked one gives it free', async () => {
  await make();
  await expect(make({ name: `DEPLOYS-${people}` })).rejects.toMatchObject({ code: 'conflict' });
  await revokeToken({ db, actor }, `deploys-${people}`);
  await expect(revokeToken({ db, actor }, `deploys-${people}`)).rejects.toMatchObject({ code: 'not-found' });
  expect((await make()).text).toMatch(/^sbx_/);
});

let callers = 0;
/** From an address of its own each time, unless one is named. */
function asks(text: string, address?: string) {
  callers += 1;
  const headers = { authorization: `Bearer ${text}`, 'x-forwarded-for': address ?? `10.1.0.${callers}` };
  return door.current(new Request('https://ops.example.com/api/v1/changes', { headers }), '/api/v1/changes');
}

test('a token has no role that its owner has lost, and counts for nothing while the owner is disabled', async () => {
  await person(db, `Ada ${people}`, ['admin']);
  const { text } = await make({ roles: ['sre', 'cto'] });
  await revokeRole({ db, actor }, sam.email, 'sre');
  expect((await asks(text))?.roles).toEqual(['cto']);
  await setDisabled({ db, actor }, sam.email, true);
  await expect(asks(text)).rejects.toThrow('The account that this token belongs to is disabled.');
  await setDisabled({ db, actor }, sam.email, false);
  expect((await asks(text))?.name).toBe(`pipeline deploys-${people}`);
});

test('who has the secret hears why it does not count; who has not, nothing', async () => {
  const { id, text } = await make({ expiresSeconds: DAY });
  const forged = tokenText({ id, secret: 'A'.repeat(43) });
  const nobody = tokenText({ id: crypto.randomUUID(), secret: 'A'.repeat(43) });
  for (const wrong of [forged, nobody, 'sbx_', 'sbx_1_2'])
    await expect(asks(wrong)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: 'This token is not known here.',
    });
  await shiftTime(database.url, (DAY + 60) * 1000);
  await expect(asks(text)).rejects.toThrow('This token has expired.');
  await revokeToken({ db, actor }, id);
  await expect(asks(text)).rejects.toThrow('This token was revoked.');
  await expect(asks(forged)).rejects.toThrow('This token is not known here.');
  const last = (await entries('token.refused')).slice(-3);
  expect(last.map(({ actor: by, target, details }) => [by.kind, target, details.cause])).toEqual([
    ['pipeline', `pipeline:${id}`, 'expired'],
    ['pipeline', `pipeline:${id}`, 'revoked'],
    ['anonymous', 'pipeline:unknown', 'unknown'],
  ]);
});

test('refusals are recorded until the limit of the address; a good token goes on working there', async () => {
  const { text } = await make();
  const before = (await entries('token.refused')).length;
  for (let n = 0; n < LIMIT; n += 1)
    await expect(asks('sbx_x', '10.9.9.9')).rejects.toMatchObject({ code: 'unauthenticated' });
  for (let n = 0; n < LIMIT; n += 1)
    await expect(asks('sbx_x', '10.9.9.9')).rejects.toMatchObject({ code: 'limit' });
  expect((await entries('token.refused')).slice(before).map(({ details }) => details.cause)).toEqual([
    ...Array.from({ length: LIMIT }, () => 'unknown'),
    'limit',
  ]);
  expect((await asks(text, '10.9.9.9'))?.name).toBe(`pipeline deploys-${people}`);
  await expect(asks('sbx_x', '10.9.9.10')).rejects.toMatchObject({ code: 'unauthenticated' });
});
