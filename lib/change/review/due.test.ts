import { expect, test } from 'vitest';
import { reminderDue, reviewDue, tellNow } from './due';

const days = { timeZone: 'UTC', holidays: [] };

test.each([
  ['on a Monday', '2026-11-16T14:00:00.000Z', '2026-11-17T14:00:00.000Z'],
  ['on a Thursday night', '2026-11-19T23:59:59.999Z', '2026-11-20T23:59:59.999Z'],
  ['on a Friday', '2026-11-20T09:00:00.000Z', '2026-11-23T09:00:00.000Z'],
  // Until the end of Monday: what happens later is not due earlier.
  ['on a Saturday', '2026-11-21T03:00:00.000Z', '2026-11-24T00:00:00.000Z'],
  ['on a Sunday', '2026-11-22T03:00:00.000Z', '2026-11-24T00:00:00.000Z'],
])('what happens %s is looked at within a working day', (_, at, due) => {
  expect(reviewDue(new Date(at), days).toISOString()).toBe(due);
});

test('the calendar and the zone are those of the configuration', () => {
  const at = new Date('2026-12-24T22:30:00.000Z');
  expect(reviewDue(at, days).toISOString()).toBe('2026-12-25T22:30:00.000Z');
  const holidays = ['2026-12-25', '2026-12-28'];
  expect(reviewDue(at, { timeZone: 'UTC', holidays }).toISOString()).toBe('2026-12-29T22:30:00.000Z');
  // In Berlin it is Thursday, 23:30; in Auckland Friday, 11:30.
  expect(reviewDue(at, { timeZone: 'Europe/Berlin', holidays }).toISOString()).toBe(
    '2026-12-29T22:30:00.000Z',
  );
  expect(reviewDue(at, { timeZone: 'Pacific/Auckland', holidays: [] }).toISOString()).toBe(
    '2026-12-27T22:30:00.000Z',
  );
});

test.each([
  ['2026-11-17T14:00:00.000Z', '2026-11-17T02:00:00.000Z'],
  ['2026-11-23T09:00:00.000Z', '2026-11-20T21:00:00.000Z'],
  ['2026-11-24T00:00:00.000Z', '2026-11-23T12:00:00.000Z'],
])('of what is due at %s a lead is reminded half a working day before', (due, reminder) => {
  expect(reminderDue(new Date(due), days).toISOString()).toBe(reminder);
});

test('each of both is told once, and what is overdue is not reminded of any more', () => {
  const dueAt = new Date('2026-11-17T14:00:00.000Z');
  const at = (time: string) => new Date(`2026-11-17T${time}:00.000Z`);
  const open = { dueAt, remindedAt: null, overdueToldAt: null };
  const reminded = { ...open, remindedAt: at('02:00') };
  expect(tellNow(open, at('01:59'), days)).toBe(null);
  expect(tellNow(open, at('02:00'), days)).toBe('due');
  expect(tellNow(reminded, at('13:59'), days)).toBe(null);
  expect(tellNow(reminded, at('14:00'), days)).toBe('overdue');
  expect(tellNow(open, at('14:00'), days)).toBe('overdue');
  expect(tellNow({ ...open, overdueToldAt: at('14:00') }, at('15:00'), days)).toBe(null);
});
