import { expect, test } from 'vitest';
import { soon } from './soon';

const never = new Promise<string>(() => {});

test('a rollback waits for no source that is silent; every other plan waits for it', async () => {
  expect(await soon({ kind: 'rollback' }, never, 'late')).toBe('late');
  expect(await soon({ kind: 'rollback' }, Promise.resolve('read'), 'late')).toBe('read');
  const slow = new Promise<string>((resolve) => setTimeout(() => resolve('read'), 1200));
  expect(await soon({ kind: 'deploy' }, slow, 'late')).toBe('read');
});
