import { describe, expect, test } from 'vitest';
import { fresh, missing, stale } from '@/lib/core/reading';
import { hiddenQuery, type Session } from '@/lib/sources/postgresql/activity';
import type { Server } from '@/lib/sources/postgresql/server';
import type { Statement } from '@/lib/sources/postgresql/statements';
import { connectionsView, quoted, serverView, sessionsView, statementsView } from './describe';
import { failoverView } from './failover';
import { judge } from './judge';
import { poolLines } from './pool';
import { pauseAfter, type Statements } from './read';
import { databaseView, readAt } from './testing/database-view';

const server: Server = {
  version: '15.18',
  versionNumber: 150_018,
  standby: false,
  account: 'reader',
  database: 'shop',
  seesAll: true,
  startedSecondsAgo: 60,
};
const session = (more: Partial<Session> = {}): Session => ({
  pid: 1,
  startedAt: '2026-11-22T00:00:00.000001Z',
  user: 'app',
  application: 'api',
  address: null,
  state: 'active',
  waitType: null,
  waitEvent: null,
  stateSeconds: 1,
  transactionSeconds: null,
  query: 'SELECT 1',
  blockedBy: [],
  ...more,
});
const today = new Date('2026-11-22T00:00:00Z');

describe('a server', () => {
  test('without pg_monitor it says the GRANT, with the name quoted where it must be', () => {
    expect(serverView(server, today).grant).toBeNull();
    const grant = serverView({ ...server, seesAll: false, account: 'Ops "x"' }, today).grant;
    expect(grant).toBe('GRANT pg_monitor TO "Ops ""x""";');
    expect(quoted('reader_2')).toBe('reader_2');
  });

  test('15 is enough for guides 001 to 003 and not for 000 (X-27)', () => {
    const met = serverView(server, today).guideVersions.filter((one) => one.met);
    expect(met.map(({ guide }) => guide)).toEqual(['002', '003', '001']);
  });
});

describe('sessions', () => {
  test('values never leave, and what is hidden is counted and not called idle', () => {
    const view = sessionsView([
      session({ query: "SELECT * FROM t WHERE card = '4111'" }),
      session({ pid: 2, state: null, query: hiddenQuery }),
    ]);
    expect(JSON.stringify(view)).not.toContain('4111');
    expect(view.hidden).toBe(1);
    expect(view.rows[1]).toMatchObject({ state: null, query: null });
  });

  test('waiting for the next question is no wait, waiting for a lock is', () => {
    const rows = sessionsView([
      session({ state: 'idle', waitType: 'Client', waitEvent: 'ClientRead' }),
      session({ waitType: 'Lock', waitEvent: 'transactionid', blockedBy: [7] }),
    ]).rows;
    expect(rows.map(({ wait }) => wait)).toEqual([null, 'Lock: transactionid']);
  });
});

test('connections of the whole server count against its limit', () => {
  const view = connectionsView({ max: 100, reserved: 3 }, [
    { state: 'idle', own: true, count: 5 },
    { state: 'idle', own: false, count: 20 },
    { state: 'hidden', own: true, count: 2 },
  ]);
  expect([view.used, view.hidden, view.states[0]]).toEqual([27, 2, { state: 'idle', own: 5, others: 20 }]);
});

describe('top queries', () => {
  const absent = { version: null, schema: null, available: true, preloaded: false };
  const present = { version: '1.10', schema: 'public', available: true, preloaded: true };
  const row = (more: Partial<Statement> = {}): Statement => ({
    id: '1',
    user: 'app',
    calls: 1,
    meanSeconds: 1,
    totalSeconds: 1,
    rows: 1,
    query: "ALTER ROLE app PASSWORD 'hunter2'",
    byMean: 1,
    byTotal: 1,
    byCalls: 1,
    ...more,
  });
  const of = (extension: object, problem: Statements['problem'] = null, rows: Statement[] = []) =>
    statementsView({ extension: { ...absent, ...extension }, problem, rows }, server);

  test.each<[string, object, number, RegExp, Statements['problem']?]>([
    ['neither loaded nor created', {}, 2, /not installed in this database/],
    ['loaded and not created', { preloaded: true }, 1, /not installed in this database/],
    ['created and not loaded', { ...present, preloaded: null }, 1, /does not load its library/, 'not-loaded'],
    ['created where our account may not look', present, 1, /the account reader may not read it/, 'no-right'],
    ['not among the files of the server', { available: false }, 3, /no files of pg_stat_statements/],
  ])('%s: the steps that are left', (_, extension, count, why, problem) => {
    const view = of(extension, problem);
    if (view.state !== 'absent') throw new Error('It is there.');
    expect(view.steps).toHaveLength(count);
    expect(view.why).toMatch(why);
  });

  test('what the extension did not normalise is shown without values all the same', () => {
    const view = of(present, null, [row()]);
    expect(view).toMatchObject({ state: 'listed', column: 'mean_exec_time' });
    expect(JSON.stringify(view)).not.toContain('hunter2');
  });
});

describe('the judgement', () => {
  const known = databaseView();
  const judged = (more: Partial<Parameters<typeof judge>[0]> = {}) => judge({ ...known, pool: [], ...more });

  test('a database of which all is well says nothing', () => {
    expect(judged()).toEqual({ tone: 'ok', sentences: [] });
  });

  test('one that does not answer is never well', () => {
    expect(judged({ server: missing('unreachable', 'Gone.') })).toEqual({
      tone: 'unknown',
      sentences: ['Gone.'],
    });
    if (known.server.state === 'missing') throw new Error('The fixture is fresh.');
    const old = stale(known.server.value, readAt.toISOString(), 'timeout', 'Silent.');
    expect(judged({ server: old })).toEqual({ tone: 'warn', sentences: ['Silent.'] });
    expect(judged({ connections: missing('timeout') })).toMatchObject({ tone: 'unknown' });
  });

  test('one that a change has closed says which change', () => {
    const closedBy = 'c-12 restores Shop and lets nobody in while a copy is loaded.';
    expect(judged({ server: missing('unreachable', 'Closed.'), closedBy }).sentences).toEqual([
      closedBy,
      'Closed.',
    ]);
    expect(judged({ closedBy: null })).toEqual({ tone: 'ok', sentences: [] });
  });

  test('the worst comes first', () => {
    const view = judged({
      connections: fresh({ max: 100, reserved: 3, used: 97, hidden: 0, states: [] }, readAt),
      sessions: fresh(sessionsView([session({ pid: 4, blockedBy: [9], transactionSeconds: 3600 })]), readAt),
      pool: poolLines({ pods: 10, size: 20, overflow: 10, usable: 97, pooler: null }),
    });
    expect(view).toEqual({
      tone: 'crit',
      sentences: [
        'All 97 connections are taken.',
        'A session waits for a lock.',
        'The transaction of process 4 is open for 1 h.',
        'Pools do not fit, pods to server: 10 pods × (20 + 10) = 300 of 97.',
      ],
    });
  });

  test('a version past its end is said', () => {
    const ended = serverView({ ...server, versionNumber: 140_023 }, today);
    expect(judged({ server: fresh(ended, readAt) })).toEqual({
      tone: 'crit',
      sentences: ['PostgreSQL 14 has had no corrections since 2026-11-12.'],
    });
  });
});

describe('conditions of a failover (X-25)', () => {
  const known = databaseView();
  const seen = (...of: Parameters<typeof failoverView>) =>
    failoverView(...of).conditions.map((one) => one.seen);

  test('a primary that answers is not down, and fencing is never seen from here', () => {
    expect(seen(known.server, known.replication)).toEqual(['not met', 'met', 'unknown', 'unknown']);
  });

  test('no answer is one observer and no proof, and old lag proves nothing', () => {
    if (known.server.state === 'missing' || known.replication.state === 'missing') throw new Error('fresh');
    const server = stale(known.server.value, readAt.toISOString(), 'timeout');
    const replication = stale(known.replication.value, readAt.toISOString(), 'timeout');
    expect(seen(server, replication)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
});

test('a server that refuses is asked less and less, once a minute at least', () => {
  expect([1, 2, 3, 4, 5, 50].map(pauseAfter)).toEqual([0, 10_000, 20_000, 40_000, 60_000, 60_000]);
});
