import { expect, test } from 'vitest';
import { SloExclusion } from './slo-exclusion';

const once = {
  reason: 'Move of the data centre',
  from: '2026-11-20T02:00:00Z',
  to: '2026-11-20T05:00:00+02:00',
};
const weekly = {
  reason: 'Patch window',
  rule: 'FREQ=WEEKLY;BYDAY=SU',
  starts: '2026-01-04T02:00',
  zone: 'Europe/Berlin',
  lasts: '2h',
};
const problems = (line: object) =>
  SloExclusion.safeParse(line).error?.issues.map(({ path, message }) =>
    `${path.join('.')} ${message}`.trim(),
  );

test('a single span and a recurring one', () => {
  expect(SloExclusion.parse(once)).toEqual({
    kind: 'once',
    reason: once.reason,
    from: Date.parse(once.from) / 1000,
    to: Date.parse(once.from) / 1000 + 3600,
  });
  const { lasts, ...rest } = weekly;
  expect(SloExclusion.parse(weekly)).toEqual({ kind: 'recurring', ...rest, seconds: 7200 });
  expect(lasts).toBe('2h');
});

test('what is wrong is said at the field', () => {
  expect(problems({ reason: 'None at all' })).toEqual([
    'must have either from and to, or rule, starts, zone and lasts',
  ]);
  expect(problems({ ...weekly, ...once })).toHaveLength(1);
  expect(problems({ ...once, to: undefined })).toEqual(['to is missing']);
  expect(problems({ ...once, to: once.from })).toEqual(['to must be after from']);
  expect(problems({ ...once, from: 'yesterday' })).toEqual([
    'from must be an instant such as 2026-11-20T02:00:00Z',
  ]);
  expect(problems({ ...weekly, zone: undefined })).toEqual(['zone is missing']);
  expect(problems({ ...weekly, lasts: '8d' })).toEqual([
    'lasts must be longer than nothing and at most 7 days',
  ]);
  expect(problems({ ...weekly, rule: 'FREQ=HOURLY' })).toEqual(['rule FREQ=HOURLY is not valid']);
  expect(problems({ ...weekly, starts: '2026-03-29T02:30' })).toEqual([
    'starts is a time that does not exist in Europe/Berlin',
  ]);
});
