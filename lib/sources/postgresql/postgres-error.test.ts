import { expect, test } from 'vitest';
import { OpsError } from '@/lib/core/errors';
import { SourceError } from '../source-error';
import { isRefusal } from './client';
import { postgresError } from './postgres-error';

const server = (code: string, message: string) =>
  Object.assign(new Error(message), { code, severity: 'ERROR' });
const socket = (code: string) => Object.assign(new Error(`connect ${code} 10.0.0.1:5432`), { code });

test.each<[unknown, string, string]>([
  [
    server('28P01', 'password authentication failed for user "app"'),
    'unauthorised',
    'Database shop refuses our password (28P01).',
  ],
  [
    server('3D000', 'database "x" does not exist'),
    'bad-response',
    'Database shop has no database of the name in its URL (3D000).',
  ],
  [
    server('53300', 'too many clients'),
    'unreachable',
    'Database shop has no connection left for us (53300).',
  ],
  [
    server('57014', 'canceling statement'),
    'timeout',
    'Database shop did not finish a question in time (57014).',
  ],
  [
    server('42703', 'column "hunter2" does not exist'),
    'bad-response',
    'Database shop refused a question with SQLSTATE 42703.',
  ],
  [
    server('55000', 'database "shop" is not currently accepting connections'),
    'unreachable',
    'Database shop lets nobody in: it does not accept connections now (55000).',
  ],
  [
    server('55000', 'pg_stat_statements must be loaded'),
    'bad-response',
    'Database shop refused a question with SQLSTATE 55000.',
  ],
  [socket('ECONNREFUSED'), 'unreachable', 'Database shop refuses connections.'],
  [socket('ENOTFOUND'), 'unreachable', 'Database shop has a host name that cannot be resolved.'],
  [new Error('timeout expired'), 'timeout', 'Database shop did not answer in time.'],
  [new Error('Query read timeout'), 'timeout', 'Database shop did not answer in time.'],
  [new Error('Connection terminated unexpectedly'), 'unreachable', 'Database shop cut the connection.'],
  [
    new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
    'unauthorised',
    'Database shop refuses our password, or its URL has none.',
  ],
  [
    new Error('surprise with hunter2'),
    'bad-response',
    'Database shop answered something that is not understood.',
  ],
])('%s', (error, reason, message) => {
  const said = postgresError(error, 'Database shop', 4);
  expect([said.reason, said.message]).toEqual([reason, message]);
});

test('what is known already is passed on, and a secret that cannot be read is named by its place', () => {
  const known = new SourceError('timeout', 'Known.');
  expect(postgresError(known, 'Database shop', 4)).toBe(known);
  const secret = new OpsError('unavailable', 'The secret file /run/shop.url cannot be read.');
  expect(postgresError(secret, 'Database shop', 4)).toMatchObject({
    reason: 'not-configured',
    message: 'The secret file /run/shop.url cannot be read.',
  });
});

test('a refusal of one question leaves the others, a connection that is gone takes all', () => {
  const of = (error: unknown) => isRefusal(postgresError(error, 'Database shop', 4));
  expect(['42501', '55000', '55P03', '57014', '42703'].map((code) => of(server(code, '')))).toEqual(
    Array(5).fill(true),
  );
  expect(['57P01', '57P03', '53300'].map((code) => of(server(code, '')))).toEqual(Array(3).fill(false));
  expect([socket('ECONNRESET'), new Error('Query read timeout')].map(of)).toEqual([false, false]);
});
