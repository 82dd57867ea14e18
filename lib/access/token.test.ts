import { expect, test } from 'vitest';
import { withoutSecrets } from '@/lib/audit/secrets';
import { newId } from '@/lib/core/ids';
import { can, type Pipeline, roles, rolesFor } from './model';
import { bearerOf, hashSecret, newSecret, parseToken, secretFits, tokenText } from './token';

test('a token is read back as it was written, and holds 256 random bits', () => {
  const seen = new Set<string>();
  for (let made = 0; made < 200; made += 1) {
    const id = newId();
    const { secret, hash } = newSecret();
    const text = tokenText({ id, secret });
    expect(text).toMatch(/^sbx_[0-9a-f]{32}_[\w-]{43}$/);
    expect(parseToken(text)).toEqual({ id, secret });
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect([secretFits(secret, hash), hash.includes(secret)]).toEqual([true, false]);
    seen.add(secret);
  }
  expect(seen.size).toBe(200);
});

test('another secret, a changed one and no row do not fit', () => {
  const { secret, hash } = newSecret();
  expect(secretFits(newSecret().secret, hash)).toBe(false);
  expect(secretFits(`${secret.slice(0, -1)}${secret.endsWith('A') ? 'B' : 'A'}`, hash)).toBe(false);
  expect(secretFits(secret, null)).toBe(false);
  expect(secretFits(secret, hashSecret(`${secret}A`))).toBe(false);
});

test.each([
  ['', null],
  ['Basic dXNlcjpwYXNz', null],
  ['Bearer eyJhbGciOiJIUzI1NiJ9.e30.x', null],
  ['Bearer sbx_1', 'sbx_1'],
  ['bearer   sbx_1  ', 'sbx_1'],
  ['Bearer sbx_1 sbx_2', null],
])('of the header %j the token is %j', (header, token) => {
  expect(bearerOf(header)).toBe(token);
});

test.each([
  'sbx_',
  'sbx_1_2',
  `sbx_${'a'.repeat(32)}_${'b'.repeat(42)}`,
  `sbx_${'A'.repeat(32)}_${'b'.repeat(43)}`,
  `sbx_${'a'.repeat(32)}_${'b'.repeat(43)}\n`,
])('%j is not written like a token', (text) => {
  expect(parseToken(text)).toBeNull();
});

test('a token that somebody types into a reason is not recorded', () => {
  const text = tokenText({ id: newId(), secret: newSecret().secret });
  expect(withoutSecrets(`We used ${text} for it.`)).toBe('We used [redacted] for it.');
});

test('a pipeline with every role may plan and nothing else', () => {
  const pipeline: Pipeline = {
    kind: 'pipeline',
    id: newId(),
    name: 'pipeline all',
    roles: [...roles],
    scopes: ['read', 'plan'],
    owner: { id: newId(), name: 'Sam', email: 'sam@example.com' },
  };
  const permissions = [
    'change.plan',
    'change.steer',
    'change.stop',
    'status.publish',
    'slo.account',
    'slo.exclude',
    'report.correct',
    'view.curate',
    'backup.pin',
    'backup.let_go',
    'backup.drill',
    'account.manage',
  ] as const;
  expect(permissions.filter((permission) => can(pipeline, permission))).toEqual(['change.plan']);
  expect(permissions.every((permission) => rolesFor(permission).length > 0)).toBe(true);
  expect(can({ ...pipeline, roles: ['stakeholder'] }, 'change.plan')).toBe(false);
});
