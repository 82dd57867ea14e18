import { describe, expect, it } from 'vitest';
import { byDay, dayName, filterOf, isoOf } from './filter-url';
import { auditRow } from './test-rows';

describe('filterOf', () => {
  it('keeps what is set and drops the rest', () => {
    expect(filterOf(new URLSearchParams('actor=Ana&action=&target=+&rubbish=1&change=c-2'))).toEqual({
      actor: 'Ana',
      change: 'c-2',
    });
  });
});

describe('isoOf', () => {
  it.each([
    ['2026-11-21 14:03', '2026-11-21T14:03:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    [' 2026-11-21T14:03:09.5+01:00 ', '2026-11-21T13:03:09.500Z'],
  ])('reads %s as UTC unless it says otherwise', (text, iso) => {
    expect(isoOf(text, 'utc')).toBe(iso);
  });
  it.each(['', 'yesterday', '2026-13-01', '14:03', '2026-11-21 25:00'])('refuses %j', (text) => {
    expect(isoOf(text, 'utc')).toBeNull();
  });
  it('reads local time in the zone of the browser', () => {
    expect(isoOf('2026-11-21 14:03', 'local')).toBe(new Date('2026-11-21T14:03').toISOString());
  });
});

describe('byDay', () => {
  it('puts one header over the entries of a day', () => {
    const rows = [
      auditRow(3, { at: '2026-11-21T00:00:01.000Z' }),
      auditRow(2, { at: '2026-11-20T23:59:59.000Z' }),
      auditRow(1, { at: '2026-11-20T10:00:00.000Z' }),
    ];
    expect(byDay(rows, (at) => dayName(at, 'utc')).map((day) => [day.day, day.entries.length])).toEqual([
      ['Saturday 21 November 2026', 1],
      ['Friday 20 November 2026', 2],
    ]);
  });
});
