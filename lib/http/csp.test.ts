import { expect, test } from 'vitest';
import { contentSecurityPolicy, isOpen, newNonce } from './csp';

test('the policy of production runs no script without the nonce and no eval', () => {
  const policy = contentSecurityPolicy({ nonce: 'abc', frameOrigin: null, development: false });
  const directives = new Map(
    policy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
  );
  expect(directives.get('script-src')).toBe("'self' 'nonce-abc' 'strict-dynamic'");
  expect(directives.get('style-src')).toBe("'self' 'nonce-abc'");
  expect(policy).not.toContain('unsafe-eval');
  for (const name of ['object-src', 'base-uri', 'frame-ancestors', 'frame-src'])
    expect(directives.get(name)).toBe("'none'");
});

test('only the page of the notice may be framed', () => {
  expect(
    contentSecurityPolicy({ nonce: 'a', frameOrigin: 'http://127.0.0.1:4010', development: false }),
  ).toContain('frame-src http://127.0.0.1:4010;');
});

test('no two nonces are alike', () => {
  const many = new Set(Array.from({ length: 1000 }, newNonce));
  expect(many.size).toBe(1000);
  for (const nonce of many) expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
});

test.each([
  ['/', false],
  ['/audit', false],
  ['/services/fraiseql-api', false],
  ['/status-page', false],
  ['/signing', false],
  ['/status', true],
  ['/status/history', true],
  ['/sign-in', true],
  ['/api/v1/me', true],
  ['/ready', true],
  ['/icon.svg', true],
])('%s may be opened signed out: %s', (pathname, open) => {
  expect(isOpen(pathname)).toBe(open);
});
