import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parseBody } from '@/lib/audit/entry';
import type { AuditActor } from '@/lib/audit/stage';
import { Access } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { createDatabase, type Database } from '@/lib/db/client';
import { shiftTime, type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { addAccount, grantRole, killSessions, listAccounts, revokeRole, setDisabled } from './accounts';
import { SignInAttempts } from './attempts';
import { oidcAccount } from './oidc';
import { endSession, readSession } from './session-store';
import { signInWithPassword } from './sign-in';

const settings = Access.parse({ attemptsPerAccount: 3, attemptsPerAddress: 8 });
const password = 'correct horse battery';
const actor: AuditActor = { kind: 'cli', id: 'root@host' };
let scratch: TestDatabase;
let db: Database;
let attempts: SignInAttempts;
let address = 0;

beforeAll(async () => {
  scratch = await testDatabase();
  db = createDatabase(scratch.url);
  attempts = new SignInAttempts(scratch.url, settings);
  await addAccount({ db, actor }, { email: 'Ada@Example.com', name: 'Ada', roles: ['sre'], password });
});
afterAll(async () => {
  await attempts.end();
  await db.$disconnect();
  await scratch.drop();
});
beforeEach(async () => {
  await db.rateLimit.deleteMany();
  address += 1;
});

const signIn = (email: string, typed: string, using = attempts) =>
  signInWithPassword(
    { db, attempts: using, settings },
    { credentials: { email, password: typed }, address: `10.0.0.${address}`, userAgent: 'test' },
  );
const signedIn = async () => {
  const person = await signIn('ada@example.com', password);
  if (person === null) throw new Error('not signed in');
  return person;
};
async function entries(action: string) {
  const rows = await db.auditStaged.findMany({ orderBy: { n: 'asc' } });
  return rows.map(({ body }) => parseBody(body)).filter((body) => body?.action === action);
}

test('signing in makes a session row, an entry, and a person with the roles of now', async () => {
  const person = await signedIn();
  expect(await readSession(db, person.sessionId, settings)).toEqual(person);
  expect(person.roles).toEqual(['sre']);
  await grantRole({ db, actor }, 'ada@example.com', 'cto');
  expect((await readSession(db, person.sessionId, settings))?.roles.toSorted()).toEqual(['cto', 'sre']);
  await revokeRole({ db, actor }, 'ada@example.com', 'cto');
  expect((await readSession(db, person.sessionId, settings))?.roles).toEqual(['sre']);
  expect((await entries('session.started')).at(-1)).toMatchObject({
    target: `account:${person.id}`,
    details: { method: 'password' },
  });
});

test('an unknown account, a wrong password and a disabled account get the same answer and the same record', async () => {
  await addAccount({ db, actor }, { email: 'gone@example.com', name: 'Gone', password });
  await setDisabled({ db, actor }, 'gone@example.com', true);
  const answers = [
    await signIn('ada@example.com', 'wrong'),
    await signIn('nobody@example.com', 'wrong'),
    await signIn('gone@example.com', password),
  ];
  expect(answers).toEqual([null, null, null]);
  const refused = (await entries('session.refused')).slice(-3);
  expect(refused.map((body) => body?.details['cause'])).toEqual(['credentials', 'credentials', 'disabled']);
  expect(JSON.stringify(refused)).not.toContain('nobody@example.com');
});

test.each([
  [undefined],
  [null],
  [{}],
  [{ email: 1, password: [] }],
  [{ email: 'a@b.c', password: '' }],
  [{ email: `${'x'.repeat(400)}@b.c`, password: 'x' }],
  [{ email: 'a\0@b.cc', password: 'x' }],
])('the credentials %j are refused without an error', async (credentials) => {
  expect(
    await signInWithPassword({ db, attempts, settings }, { credentials, address: 'x', userAgent: null }),
  ).toBeNull();
});

test('a burst over two processes counts once, and the right password no longer helps', async () => {
  const other = new SignInAttempts(scratch.url, settings);
  const tries = Array.from({ length: 12 }, (_, index) =>
    signIn('ada@example.com', 'wrong', index % 2 === 0 ? attempts : other),
  );
  const results = await Promise.allSettled(tries);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  const reason = results.find((result) => result.status === 'rejected')?.reason;
  expect(reason instanceof OpsError && reason.code).toBe('limit');
  await expect(signIn('ada@example.com', password)).rejects.toThrow(/Too many attempts/);
  await other.end();
});

test('an address that tries many accounts is stopped, other addresses are not', async () => {
  const tries = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => signIn(`user${index}@example.com`, 'wrong')),
  );
  expect(tries.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  address += 1;
  expect(await signIn('ada@example.com', password)).not.toBeNull();
});

test('signing in well gives the attempts back, and reaching the limit is recorded once', async () => {
  for (let round = 0; round < 6; round += 1) await signedIn();
  const before = (await entries('session.refused')).length;
  await Promise.allSettled(Array.from({ length: 9 }, () => signIn('limit@example.com', 'wrong')));
  const added = (await entries('session.refused')).slice(before).map((body) => body?.details['cause']);
  expect(added.toSorted()).toEqual(['credentials', 'credentials', 'credentials', 'limit', 'limit']);
});

test('a session ends when it idles, when it is too old, when it is signed out, and when it is killed', async () => {
  const idle = await signedIn();
  await shiftTime(scratch.url, (settings.sessionIdle + 1) * 1000);
  expect(await readSession(db, idle.sessionId, settings)).toBeNull();

  const old = await signedIn();
  for (let passed = 0; passed < settings.sessionMax - 1300; passed += 1200) {
    await shiftTime(scratch.url, 1_200_000);
    expect(await readSession(db, old.sessionId, settings)).not.toBeNull();
  }
  await shiftTime(scratch.url, 1_400_000);
  expect(await readSession(db, old.sessionId, settings)).toBeNull();

  const left = await signedIn();
  await endSession(db, left.sessionId);
  await endSession(db, left.sessionId);
  expect(await readSession(db, left.sessionId, settings)).toBeNull();
  expect(await entries('session.ended')).toHaveLength(1);

  const killed = await signedIn();
  expect(await killSessions({ db, actor }, 'ada@example.com')).toBeGreaterThan(0);
  expect(await readSession(db, killed.sessionId, settings)).toBeNull();
  expect((await entries('session.revoked')).at(-1)?.actor).toMatchObject({ kind: 'cli', id: 'root@host' });
});

test('disabling ends sessions at once and enabling does not bring them back', async () => {
  const person = await signedIn();
  expect(await setDisabled({ db, actor }, 'ada@example.com', true)).toBe(true);
  expect(await setDisabled({ db, actor }, 'ada@example.com', true)).toBe(false);
  expect(await readSession(db, person.sessionId, settings)).toBeNull();
  await setDisabled({ db, actor }, 'ada@example.com', false);
  expect(await readSession(db, person.sessionId, settings)).toBeNull();
});

test('accounts: a taken address, a weak password and an unknown account are clear errors', async () => {
  await expect(
    addAccount({ db, actor }, { email: 'ada@example.com', name: 'Other', password }),
  ).rejects.toThrow(/already an account/);
  await expect(
    addAccount({ db, actor }, { email: 'b@example.com', name: 'B', password: 'short' }),
  ).rejects.toThrow(/12 characters/);
  await expect(grantRole({ db, actor }, 'nobody@example.com', 'sre')).rejects.toThrow(/no account/);
  expect(await grantRole({ db, actor }, 'ada@example.com', 'sre')).toBe(false);
});

test('the last administrator stays, also when two are removed at once', async () => {
  for (const email of ['one@example.com', 'two@example.com'])
    await addAccount({ db, actor }, { email, name: email, roles: ['admin'], password });
  const results = await Promise.allSettled([
    revokeRole({ db, actor }, 'one@example.com', 'admin'),
    setDisabled({ db, actor }, 'two@example.com', true),
  ]);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const left = (await listAccounts(db)).filter(
    (account) => account.roles.includes('admin') && !account.disabled,
  );
  expect(left).toHaveLength(1);
});

test('an identity of the provider gets one account without roles, found again by issuer and subject', async () => {
  const issuer = 'https://id.example.com';
  const profile = { sub: 'subject-1', email: 'Grace@example.com', name: 'Grace' };
  const made = await Promise.all([oidcAccount(db, issuer, profile), oidcAccount(db, issuer, profile)]);
  expect(new Set(made).size).toBe(1);
  expect(await oidcAccount(db, issuer, { sub: 'subject-1', email: 'new@example.com' })).toBe(made[0]);
  const account = (await listAccounts(db)).find(({ id }) => id === made[0]);
  expect(account).toMatchObject({ roles: [], sso: true, email: 'grace@example.com' });
  expect(
    await oidcAccount(db, 'https://other.example.com', { sub: 'subject-1', email: 'grace@example.com' }),
  ).toBeNull();
  expect(await oidcAccount(db, issuer, { sub: 'subject-2', email: 'ada@example.com' })).toBeNull();
  await setDisabled({ db, actor }, 'grace@example.com', true);
  expect(await oidcAccount(db, issuer, profile)).toBeNull();
  expect(await oidcAccount(db, issuer, { email: 'x@example.com' })).toBeNull();
});
