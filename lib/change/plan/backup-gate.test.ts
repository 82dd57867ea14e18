import { describe, expect, test } from 'vitest';
import { ready } from '@/lib/backup/testing/ready';
import { backupFinding, type DataRisk, dataRiskOf } from './backup-gate';

const old = { newest: { snapshotMs: ready().nowMs - 3 * 3_600_000, level: 3 } };
const risks: DataRisk[] = ['none', 'reversible', 'forward-only', 'destructive'];
const results = (more: Parameters<typeof ready>[0]) =>
  risks.map((risk) => backupFinding(ready(more), risk).result);

describe('copies and what a deploy does to the data', () => {
  test.each([
    ['all is well', {}, ['pass', 'pass', 'pass', 'pass']],
    ['the newest copy is too old', old, ['warn', 'fail', 'fail', 'fail']],
    ['no copy was read in full', { newest: null }, ['warn', 'fail', 'fail', 'fail']],
    ['no restore proved one in 7 days', { isProven: false }, ['pass', 'pass', 'pass', 'fail']],
    ['the last drill failed', { failedDrill: 'It was cut.' }, ['pass', 'pass', 'pass', 'fail']],
    ['nobody here makes copies', { isBackedUp: false, newest: null }, ['warn', 'warn', 'warn', 'warn']],
  ])('%s', (_, more, expected) => expect(results(more)).toEqual(expected));

  test('what a restore would lose stands there whatever the result (RBK-07)', () => {
    for (const risk of risks)
      for (const more of [{}, old, { isProven: false }])
        expect(backupFinding(ready(more), risk).detail).toMatch(
          /^Shop: Restoring the newest copy \(L\d\) loses what was written since \d\d:\d\d UTC: RPO now .*RTO about 4 min/,
        );
  });

  test('what blocks says what to do first', () => {
    expect(backupFinding(ready(old), 'reversible').detail).toMatch(
      /3 h old, more than the 1 h 15 min that its schedule can keep .*Before the migration: wait for the next copy, or look on the page Backups why there is none\.$/,
    );
    expect(backupFinding(ready({ isProven: false }), 'destructive').detail).toMatch(
      /Before the migration: rehearse a restore on the page Backups\.$/,
    );
    expect(backupFinding(ready({ ...old, isProven: false }), 'destructive').detail).toMatch(
      /why there is none; then rehearse a restore on the page Backups\.$/,
    );
  });

  test('a deploy that changes no tables is told that it is not held up', () => {
    expect(backupFinding(ready(old), 'none').detail).toMatch(/changes no tables and is not held up\.$/);
  });

  test('copies that others make are looked after by hand', () => {
    const { detail } = backupFinding(ready({ isBackedUp: false }), 'destructive');
    expect(detail).toMatch(
      /^This console makes no copies of Shop, .*Make sure by hand .*databases\[\]\.backup\.$/,
    );
    expect(backupFinding(ready({ isBackedUp: false }), 'none').detail).not.toContain('by hand');
  });
});

test('a plan without steps over colours migrates nothing', () => {
  expect(dataRiskOf({})).toBe('none');
});
