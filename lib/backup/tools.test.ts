import { expect, test } from 'vitest';
import { chooseReader } from './tools';

const tools = (version: string) => ({ folder: version, version, major: Number.parseInt(version, 10) });
const copy = { server: { version: '15.4', major: 15 }, dumpVersion: '17.2' };

test('a copy is read by tools no older than those that wrote it, though older ones fit its server', () => {
  expect(chooseReader([tools('15.9'), tools('16.1'), tools('17.0')], copy, undefined).version).toBe('17.0');
  expect(() => chooseReader([tools('15.9'), tools('16.1')], copy, undefined)).toThrow(
    'The copy was written by pg_dump 17.2, and pg_restore 16.1 is older',
  );
});

test('a copy is read by tools no older than its server', () => {
  const older = { server: { version: '16.2', major: 16 }, dumpVersion: '16.9' };
  expect(chooseReader([tools('15.9'), tools('18.1')], older, undefined).version).toBe('18.1');
});
