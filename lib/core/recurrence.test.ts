import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { occurrences, type Recurrence, recurrenceProblems, ruleProblem, startsProblem } from './recurrence';

const at = (text: string) => Date.parse(text) / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16);
const nightly: Recurrence = {
  rule: 'FREQ=DAILY',
  starts: '2026-01-01T02:30',
  zone: 'Europe/Berlin',
  seconds: 3600,
};
const starts = (recurrence: Recurrence, from: string, to: string) =>
  occurrences(recurrence, at(from), at(to)).map((span) => iso(span.from));

describe('changes of the clock', () => {
  test('in spring the wall-clock time that does not exist makes no occurrence, and the others keep theirs', () => {
    expect(starts(nightly, '2026-03-28T00:00Z', '2026-03-31T00:00Z')).toEqual([
      '2026-03-28T01:30',
      '2026-03-30T00:30',
    ]);
  });

  test('in autumn the wall-clock time that comes twice happens the first time, for as long as always', () => {
    const spans = occurrences(nightly, at('2026-10-24T12:00Z'), at('2026-10-26T12:00Z'));
    expect(spans.map(({ from, to }) => [iso(from), iso(to)])).toEqual([
      ['2026-10-25T00:30', '2026-10-25T01:30'],
      ['2026-10-26T01:30', '2026-10-26T02:30'],
    ]);
  });

  test('a weekly window in New York keeps its wall-clock time over both changes', () => {
    const weekly = { ...nightly, rule: 'FREQ=WEEKLY;BYDAY=SU', starts: '2026-01-04T04:00' };
    const newYork = { ...weekly, zone: 'America/New_York' };
    expect(starts(newYork, '2026-03-01T00:00Z', '2026-03-16T00:00Z')).toEqual([
      '2026-03-01T09:00',
      '2026-03-08T08:00',
      '2026-03-15T08:00',
    ]);
    expect(starts(newYork, '2026-10-25T00:00Z', '2026-11-02T00:00Z')).toEqual([
      '2026-10-25T08:00',
      '2026-11-01T09:00',
    ]);
  });

  test('a first time that the zone does not have is refused', () => {
    expect(startsProblem('2026-03-29T02:30', 'Europe/Berlin')).toContain('does not exist');
    expect(startsProblem('2026-02-30T02:30', 'Europe/Berlin')).toContain('does not exist');
    expect(startsProblem('2026-03-29T02:30', 'UTC')).toBeNull();
  });
});

describe('ends', () => {
  test('what began before the range and reaches into it counts, what only touches its edge does not', () => {
    const long = { ...nightly, zone: 'UTC', starts: '2026-01-01T22:00', seconds: 6 * 3600 };
    expect(starts(long, '2026-02-02T03:00Z', '2026-02-02T22:00Z')).toEqual(['2026-02-01T22:00']);
    expect(starts(long, '2026-02-02T04:00Z', '2026-02-02T22:00Z')).toEqual([]);
  });

  test('COUNT, UNTIL, the last day of a month and a rule a quarter of a century old', () => {
    const month = (rule: string, first = '2026-01-31T02:00') => ({ ...nightly, rule, starts: first });
    const all = ['2026-01-01T00:00Z', '2027-01-01T00:00Z'] as const;
    expect(starts(month('FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3'), ...all)).toEqual([
      '2026-01-31T01:00',
      '2026-02-28T01:00',
      '2026-03-31T00:00',
    ]);
    expect(starts(month('FREQ=MONTHLY;UNTIL=20260401T000000Z'), ...all)).toEqual([
      '2026-01-31T01:00',
      '2026-03-31T00:00',
    ]);
    const old = month('FREQ=DAILY', '2000-01-01T02:00');
    expect(starts(old, '2026-11-20T00:00Z', '2026-11-21T00:00Z')).toEqual(['2026-11-20T01:00']);
  });

  test('nothing lies in an empty range, and more than ten years are refused', () => {
    expect(occurrences(nightly, 100, 100)).toEqual([]);
    expect(() => occurrences(nightly, 0, 4e8)).toThrow(RangeError);
  });
});

describe('what is refused', () => {
  test.each([
    ['', 'NAME=VALUE'],
    ['BYDAY=MO', 'FREQ'],
    ['FREQ=HOURLY', 'FREQ=HOURLY is not valid'],
    ['FREQ=DAILY;BYHOUR=1,2', 'BYHOUR is not supported'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL=0'],
    ['FREQ=DAILY;COUNT=x', 'COUNT=x'],
    ['FREQ=DAILY;UNTIL=20260101', 'UNTIL'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20260101T000000Z', 'not both'],
    ['FREQ=DAILY;COUNT=400', 'COUNT=400'],
    ['FREQ=WEEKLY;BYDAY=2MO', 'by the month'],
    ['FREQ=MONTHLY;BYYEARDAY=1', 'FREQ=YEARLY'],
    ['FREQ=WEEKLY;BYMONTHDAY=1', 'does not go'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'another BY part'],
    ['FREQ=DAILY;FREQ=DAILY', 'twice'],
    ['FREQ=DAILY\nEXDATE:20260101T000000Z', 'NAME=VALUE'],
    [`FREQ=DAILY;BYMONTHDAY=${'1,'.repeat(200)}1`, 'at most 200'],
  ])('case %#', (rule, problem) => {
    expect(ruleProblem(rule)).toContain(problem);
  });

  test('every field is named', () => {
    const wrong = { rule: 'DAILY', starts: 'monday', zone: 'UTC', seconds: 0 };
    expect(recurrenceProblems(wrong).map(({ path }) => path)).toEqual(['rule', 'starts', 'seconds']);
    expect(recurrenceProblems({ ...nightly, zone: 'Mars/Olympus' }).map(({ path }) => path)).toEqual([
      'zone',
    ]);
    expect(recurrenceProblems({ ...nightly, zone: '+02:00' }).map(({ path }) => path)).toEqual(['zone']);
    expect(() => occurrences(wrong, 0, 86_400)).toThrow('rule');
    const said = (rule: string) => recurrenceProblems({ ...nightly, rule }).map(({ message }) => message);
    expect(said('FREQ=DAILY;UNTIL=20269999T999999Z')).toEqual([expect.stringContaining('cannot be read')]);
    expect(said('FREQ=DAILY;UNTIL=20251231T000000Z')).toEqual(['never happens']);
    expect(said('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30')).toEqual(['never happens']);
    expect(said('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31;COUNT=5')).toEqual(['never happens']);
    expect(said('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=5')).toEqual([]);
  });
});

test('any range gives what a longer one gives inside it', () => {
  let cases = 0;
  const rules = ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=MO,FR', 'FREQ=MONTHLY;BYDAY=2TU', 'FREQ=DAILY;INTERVAL=3'];
  fc.assert(
    fc.property(
      fc.constantFrom(...rules),
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
      fc.integer({ min: 60, max: 3 * 86_400 }),
      fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-06-01T00:00Z') }),
      fc.integer({ min: 1, max: 60 * 86_400 }),
      (rule, zone, seconds, from, length) => {
        const recurrence = { ...nightly, rule, zone, seconds };
        const inside = occurrences(recurrence, from, from + length);
        const around = occurrences(recurrence, from - 40 * 86_400, from + length + 40 * 86_400);
        expect(inside).toEqual(around.filter((span) => span.to > from && span.from < from + length));
        cases += 1;
      },
    ),
    { numRuns: 200 },
  );
  expect(cases).toBe(200);
});
