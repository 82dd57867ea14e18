import { describe, expect, it } from 'vitest';
import { cellText, cellWords, dayWords, paceOf, paces, paceText } from './day-heat';
import { moved } from './fleet-days';

describe('a day of a budget', () => {
  it.each([
    [null, 'unknown', '–'],
    [0, 'none', '·'],
    [0.0005, 'even', '<.1'],
    [1 / 30, 'even', '3.3'],
    [0.05, 'over', '5.0'],
    [0.1999, 'over', '20'],
    [0.2, 'fast', '20'],
    [0.0996, 'over', '10'],
    [0.5, 'gone', '50'],
    [2.345, 'gone', '235'],
    [12, 'gone', '>999'],
  ] as const)('that spent %j of 30 days is %s and reads %j', (spent, pace, text) => {
    expect([paceOf(spent, 30), cellText(spent)]).toEqual([pace, text]);
    // A cell has room for four signs.
    expect(cellText(spent).length).toBeLessThanOrEqual(4);
  });

  it('weighs against the window: what is much of a month is even in a week', () => {
    expect([paceOf(0.1, 30), paceOf(0.1, 7)]).toEqual(['over', 'even']);
  });

  it('is told in words with its name and date, in UTC wherever it is read', () => {
    expect(dayWords('2026-11-21')).toBe('Sat 21 Nov');
    expect(cellWords('API', '2026-11-21', 0.25, 30)).toBe(
      'API, Sat 21 Nov: 25.0\u00a0% of the budget, 6 times the even pace or more',
    );
    expect(cellWords('API', '2026-11-21', 0, 30)).toBe('API, Sat 21 Nov: nothing of the budget');
    expect(cellWords('API', '2026-11-21', null, 30)).toBe('API, Sat 21 Nov: not known');
    expect(new Set(Object.values(paceText)).size).toBe(paces.length);
  });
});

describe('keys among days', () => {
  const size = { rows: 3, columns: 30 };
  it.each([
    ['ArrowRight', { row: 1, column: 11 }],
    ['ArrowLeft', { row: 1, column: 9 }],
    ['j', { row: 2, column: 10 }],
    ['k', { row: 0, column: 10 }],
    ['Home', { row: 1, column: 0 }],
    ['End', { row: 1, column: 29 }],
    ['Enter', null],
    ['toString', null],
  ])('%s leads to %j', (key, to) => expect(moved(key, { row: 1, column: 10 }, size)).toEqual(to));

  it('never lead out of the table', () => {
    expect(moved('ArrowUp', { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 0 });
    expect(moved('ArrowLeft', { row: 0, column: 0 }, size)).toEqual({ row: 0, column: 0 });
    expect(moved('ArrowDown', { row: 2, column: 29 }, size)).toEqual({ row: 2, column: 29 });
  });
});
