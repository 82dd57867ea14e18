import { describe, expect, test } from 'vitest';
import { driverConfig, parseTarget, toolEnvironment } from './connection';
import type { CopyView } from './contract';
import { objectName } from './folder';
import { daysOf, missedRuns } from './missed';
import { standingLevel } from './model';
import { recoveryPointOf, worstGap } from './recovery-point';
import { redact } from './run-tool';
import { copyOfScratch, scratchName } from './scratch';
import { sizeEvidence } from './size';
import { chooseTools, versionOf } from './tools';

const check = (level: number, result: 'passed' | 'failed' | 'unknown') => ({ level, result });

test.each([
  [[], null],
  [[check(0, 'passed')], 0],
  [[check(0, 'passed'), check(1, 'passed'), check(2, 'unknown'), check(3, 'passed')], 1],
  [[check(0, 'passed'), check(1, 'failed'), check(2, 'passed'), check(3, 'passed'), check(4, 'passed')], 0],
  [[check(1, 'passed'), check(2, 'passed')], null],
  [[0, 1, 2, 3, 4].map((level) => check(level, 'passed')), 4],
])('%j stands at %j', (latest, level) => expect(standingLevel(latest)).toBe(level));

describe('tools', () => {
  const tools = (version: string) => ({ folder: version, version, major: Number.parseInt(version, 10) });
  const server = { version: '16.2', major: 16 };
  test('those of the version of the server, else the next newer ones', () => {
    expect(chooseTools([tools('18.1'), tools('16.9'), tools('15.2')], server, undefined).version).toBe(
      '16.9',
    );
    expect(chooseTools([tools('18.1'), tools('17.0'), tools('15.2')], server, undefined).version).toBe(
      '17.0',
    );
  });
  test('older ones are refused with what to do', () => {
    expect(() => chooseTools([tools('14.1'), tools('15.2')], server, undefined)).toThrow(
      'pg_dump 15.2 is older than the server, which is PostgreSQL 16.2',
    );
    expect(() => chooseTools([], server, '/opt/bin')).toThrow('are not all in /opt/bin');
  });
  test.each([
    ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', '15.18'],
    ['pg_dump (PostgreSQL) 19beta1', '19beta1'],
    ['something else', null],
  ])('%s is of version %s', (said, version) => expect(versionOf(said)).toBe(version));
});

describe('addresses', () => {
  test('a URL becomes an environment, and nothing of it an argument', () => {
    const target = parseTarget('postgresql://a%40b:p%2Fw@[::1]:6432/my%20db?sslmode=verify-full', 'x');
    expect(toolEnvironment(target, 'app')).toEqual({
      PGHOST: '::1',
      PGPORT: '6432',
      PGUSER: 'a@b',
      PGPASSWORD: 'p/w',
      PGDATABASE: 'my db',
      PGAPPNAME: 'app',
      PGCONNECT_TIMEOUT: '10',
      PGSSLMODE: 'verify-full',
    });
  });
  test.each([
    'no url',
    'mysql://u:hunter2@h/d',
    'postgresql://u:hunter2@h',
    'postgresql://h/d?password=hunter2',
    'postgresql://u:hunter2@h/d?options=-c',
    'postgresql://u:hunter2%@h/d',
    'postgresql://u%:hunter2@h/d',
    'postgresql://u:hunter2@h/d%',
  ])('%s is refused and not repeated', (text) => {
    const refuse = () => parseTarget(text, 'the copies of Shop');
    expect(refuse).toThrow(/^The secret of the copies of Shop/);
    expect(refuse).not.toThrow(/hunter2/);
  });
  test('the driver takes TLS as the tools do', () => {
    const target = parseTarget('postgresql://u:p@h/d?sslmode=require', 'x');
    expect(driverConfig(target, 'app').connectionString).toBe(
      'postgresql://u:p@h:5432/d?sslmode=require&uselibpqcompat=true',
    );
  });
  test('a password leaves no log', () => {
    expect(redact('said s3cret+ and postgresql://u:other@h/d', ['s3cret+'])).toBe(
      'said [redacted] and postgresql://u:[redacted]@h/d',
    );
  });
});

test('names of objects sort by time, and those of scratch databases lead back to their copy', () => {
  const id = '0f6a9e3c-1111-4222-8333-444455556666';
  expect(objectName('shop', id, new Date('2026-11-22T00:10:05.123Z'))).toBe(
    'shop-20261122T001005Z-0f6a9e3c.dump',
  );
  expect(scratchName(id).length).toBeLessThanOrEqual(63);
  expect(copyOfScratch(scratchName(id))).toBe(id);
  expect(copyOfScratch('signalbox_scratch_mine')).toBe(null);
});

test.each([
  [100, [100, 100], null],
  [100, [100, 90, 110], false],
  [131, [100, 100, 100], true],
  [130, [100, 100, 100], false],
  [60, [100, 90, 110, 95], true],
])('a size of %i after %j is unusual: %s', (bytes, before, unusual) => {
  expect(sizeEvidence(bytes, before)?.isUnusual ?? null).toBe(unusual);
});

const hour = 3_600_000;
describe('what may be lost', () => {
  const good = [0, 1, 2].map((n) => ({ snapshotMs: n * hour, finishedMs: n * hour + 60_000 }));
  const point = {
    newestMs: 2 * hour,
    good,
    nowMs: 2.5 * hour,
    sinceMs: 0,
    objective: { seconds: 3600, isOfTier: true },
    pause: 3600,
    runs: [60, 120],
  };
  test('is counted from the snapshot of the newest good copy', () => {
    expect(recoveryPointOf(point)).toMatchObject({
      state: 'within',
      ageSeconds: 1800,
      worstSeconds: 3660,
      achievableSeconds: 3720,
      canReach: false,
    });
    expect(recoveryPointOf(point).sentence).toMatch(/can lose up to 1 h 2 min: dumps cannot keep 1 h/);
  });
  test('is not what a copy had that is gone', () => {
    expect(recoveryPointOf({ ...point, newestMs: 0 })).toMatchObject({
      state: 'over',
      ageSeconds: 9000,
      worstSeconds: 3660,
    });
  });
  test('is over the objective when it is older', () => {
    expect(recoveryPointOf({ ...point, nowMs: 3.1 * hour }).state).toBe('over');
  });
  test('is unknown while the newest good copy is of later than now', () => {
    const ahead = recoveryPointOf({ ...point, nowMs: 1.9 * hour });
    expect(ahead).toMatchObject({ state: 'unknown', ageSeconds: null });
    expect(ahead.sentence).toMatch(/^The newest good copy is of later than now/);
  });
  test('is unknown without a good copy, and never good', () => {
    const none = recoveryPointOf({ ...point, newestMs: null, good: [] });
    expect(none).toMatchObject({ state: 'unknown', ageSeconds: null, worstSeconds: null });
    expect(none.sentence).toMatch(/not known/);
  });
  test('the worst of 30 days forgets what was before', () => {
    const old = [{ snapshotMs: -90 * 24 * hour, finishedMs: -89 * 24 * hour }];
    expect(worstGap({ ...point, good: [...old, ...good], sinceMs: -1e12 })).toBe(90 * 24 * 3600 + 60);
    expect(worstGap({ ...point, good: [...old, ...good], nowMs: 31 * 24 * hour, sinceMs: 0 })).toBe(
      31 * 24 * 3600 - 2 * 3600,
    );
  });
});

const copy = (slot: string, more: Partial<CopyView> = {}): CopyView => ({
  id: '0f6a9e3c-1111-4222-8333-444455556666',
  database: 'shop',
  change: null,
  cause: 'schedule',
  state: 'kept',
  object: 'o',
  slotAt: `2026-11-${slot}:00.000Z`,
  missedSlots: 0,
  startedAt: `2026-11-${slot}:00.000Z`,
  snapshotAt: null,
  finishedAt: null,
  bytes: 1,
  sha256: null,
  serverVersion: null,
  dumpVersion: null,
  job: null,
  level: 3,
  isSpoilt: false,
  provenAt: null,
  isUnusualSize: false,
  error: null,
  pins: [],
  deleteAfter: null,
  deletedAt: null,
  ...more,
});

describe('runs that were missed', () => {
  const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
  const since = new Date('2026-11-20T00:00:00Z');
  const missed = (copies: CopyView[], now: string) =>
    missedRuns(hourly, { since, copies, now: new Date(`2026-11-${now}:00Z`) });
  test('are those after the newest copy, once the grace is over', () => {
    expect(missed([copy('20T04:00')], '20T05:14')).toBe(null);
    expect(missed([copy('20T04:00')], '20T07:20')).toMatchObject({
      slots: 3,
      firstAt: '2026-11-20T05:00:00.000Z',
      lastAt: '2026-11-20T07:00:00.000Z',
      sentence: '3 runs have no copy, for 2 h 20 min. No worker has begun it: look whether one runs.',
    });
  });
  test('name what failed, and are none while a copy of them is made', () => {
    const failed = copy('20T05:00', { state: 'failed', error: 'The folder has no space left.' });
    expect(missed([failed, copy('20T04:00')], '20T05:20')?.sentence).toMatch(/no space left/);
    expect(missed([copy('20T05:00', { state: 'running' }), copy('20T04:00')], '20T05:20')).toBe(null);
  });
  test('are not answered by a copy that a change asked for and no worker has begun', () => {
    const wanted = copy('20T05:10', { state: 'wanted' });
    expect(missed([wanted, copy('20T04:00')], '20T05:20')).toMatchObject({ slots: 1 });
  });
  test('are not answered by what a clock recorded that was ahead', () => {
    const ahead = copy('29T04:00');
    expect(missed([ahead, copy('20T04:00')], '20T07:20')).toMatchObject({ slots: 3 });
    const later = { since: new Date('2026-11-29T00:00:00Z'), copies: [ahead, copy('20T04:00')] };
    expect(missedRuns(hourly, { ...later, now: new Date('2026-11-20T07:20:00Z') })).toMatchObject({
      slots: 3,
    });
  });
  test('are counted up to a thousand, from the first one', () => {
    const schedule = { cron: '* * * * *', timeZone: 'UTC' };
    const now = new Date('2026-11-21T00:15:00Z');
    expect(missedRuns(schedule, { since, copies: [], now })).toMatchObject({
      slots: 1000,
      firstAt: '2026-11-20T00:01:00.000Z',
      lastAt: '2026-11-21T00:00:00.000Z',
      sentence: expect.stringMatching(/^1000 or more runs have no copy, for 1 d/),
    });
  });
  test('stand in the calendar on their day of the zone', () => {
    const copies = [
      copy('20T23:30', { level: 4, missedSlots: 2 }),
      copy('20T22:00', { state: 'failed', level: null }),
    ];
    const days = daysOf('Europe/Berlin', { copies, missed: null, now: new Date('2026-11-21T12:00:00Z') });
    expect(days).toHaveLength(35);
    expect(days.at(-1)).toEqual({ day: '2026-11-21', kept: 1, failed: 0, missed: 2, level: 4 });
    expect(days.at(-2)).toEqual({ day: '2026-11-20', kept: 0, failed: 1, missed: 0, level: null });
  });
});
