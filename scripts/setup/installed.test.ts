import { expect, test } from 'vitest';
import { installedMatchesLock } from './installed.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  },
};
const a = { version: '1.0.0', integrity: 'sha512-a' };

test.each([
  [
    'the same packages',
    { 'node_modules/a': a, 'node_modules/b': { version: '2.0.0', integrity: 'sha512-b' } },
    true,
  ],
  ['without an optional one', { 'node_modules/a': a }, true],
  ['another version', { 'node_modules/a': { ...a, version: '1.0.1' } }, false],
  ['another content', { 'node_modules/a': { ...a, integrity: 'sha512-x' } }, false],
  ['one missing', {}, false],
  ['one that the lock no longer has', { 'node_modules/a': a, 'node_modules/c': { version: '1.0.0' } }, false],
])('%s', (_name, packages, expected) => {
  expect(installedMatchesLock(lock, { packages })).toBe(expected);
});
