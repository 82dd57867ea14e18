import { expect, test } from 'vitest';
import { claim } from '../ledger/testing/claims';
import type { ReportLine } from './contract';
import { monthBounds } from './month';
import { summaryOf } from './summary';
import { failing, line, said } from './testing/lines';
import { coverageText, failuresText, levelText, listText, minutesText, shareText } from './words';

const month = '2026-11';
const { from } = monthBounds(month, 'UTC');
const day = 86_400;
const told = (lines: ReportLine[], more: object = {}) =>
  summaryOf({ month, environment: 'production', timeZone: 'UTC', lines, missing: [], soFar: null, ...more });
const calm = line({ month });
const missed = line({
  month,
  at: (end) => failing(1000, end > from + day && end <= from + day + 3000 ? 1000 : 0),
  claims: [claim('change:12', from + day, from + day + 1500)],
  said: new Map([['change:12', said('change', 'Deploy 2.0.1')]]),
});
const half = line({ month, at: (end) => (end > from + 21 * day ? failing(10, 0) : null) });
const silent = line({ month, at: () => null });

test('a month is told in sentences: how many were met, which missed and by what, what cost most', () => {
  expect(told([calm, missed])).toEqual([
    'In November 2026 (UTC) 1 of 2 objectives in production was met.',
    'Availability missed its target: 99.884 % of 99.95 %; 231.5 % of its budget was spent, 50.0 % of it by change.',
    'What cost most was Deploy 2.0.1 (c-12): 115.7 % of the budget of Availability.',
  ]);
});

test('what is not known is said, and what cannot be judged is named', () => {
  expect(told([half, silent])).toEqual([
    'In November 2026 (UTC) 1 of 1 objective that can be judged in production was met, of which 1 is known for less than half of the time.',
    'Not judged: Availability (no data).',
    'Availability is not known for all of that time; least known is Availability, with 30.0 %. What is not known counts neither as good nor as bad.',
  ]);
  expect(told([silent])[0]).toBe(
    'In November 2026 (UTC) none of the objectives in production can be judged.',
  );
  expect(told([])).toEqual(['In November 2026 (UTC) no objective was recorded in production.']);
});

test('what was excluded is named, and where the figures without it are', () => {
  const excluding = line({ month, excluded: [{ from: from + day, to: from + day + 3600 }] });
  expect(told([calm, excluding])).toEqual([
    'In November 2026 (UTC) 2 of 2 objectives in production were met.',
    'Time was excluded from Availability; the figures without exclusions are below.',
  ]);
});

test('a running month is so far, and a closed one that waited in vain says so', () => {
  expect(told([calm, calm], { soFar: from + 20 * day })[0]).toBe(
    'So far in November 2026, until 2026-11-21 00:00 UTC, 2 of 2 objectives in production are met.',
  );
  expect(told([calm], { missing: ['Availability: the last counts are not final yet.'] }).at(-1)).toMatch(
    /^Frozen after the longest wait/,
  );
});

test('many that missed do not make a wall of sentences', () => {
  const sentences = told(Array.from({ length: 12 }, () => missed));
  expect(sentences.filter((sentence) => sentence.includes('missed its target'))).toHaveLength(5);
  expect(sentences).toContain('7 more missed theirs; the table has all.');
});

test('a service level is cut off, never rounded up to its target', () => {
  expect(levelText(0.999496, '99.95')).toBe('99.949');
  expect(levelText(0.9995, '99.95')).toBe('99.950');
  expect(levelText(0.99999999, '99.95')).toBe('99.999');
  expect(levelText(1, '99.95')).toBe('100.000');
});

test('amounts are written as people read them', () => {
  expect([1296, 1339.2, 1209.6, 0, -90].map(minutesText)).toEqual([
    '21.6 min',
    '22.32 min',
    '20.16 min',
    '0 min',
    '−1.5 min',
  ]);
  expect([0, 0.694, -0.5, 0.00001].map(shareText)).toEqual(['0 %', '69.4 %', '−50.0 %', '<0.01 %']);
  expect([1503, 2.25, 1234.75, -12].map(failuresText)).toEqual(['1,503', '2.3', '1,235', '−12']);
  expect([0, 0.0003, 0.3, 0.29999, 0.9996, 1].map(coverageText)).toEqual([
    '0 %',
    '<0.1 %',
    '30.0 %',
    '29.9 %',
    '99.9 %',
    '100 %',
  ]);
  expect(listText(['a', 'b', 'c'])).toBe('a, b and c');
});
