import { expect, test } from 'vitest';
import { reviewDue } from './due';

test.each([
  ['on a Monday', '2026-11-16T14:00:00.000Z', '2026-11-17T14:00:00.000Z'],
  ['on a Thursday night', '2026-11-19T23:59:59.999Z', '2026-11-20T23:59:59.999Z'],
  ['on a Friday', '2026-11-20T09:00:00.000Z', '2026-11-23T09:00:00.000Z'],
  ['on a Saturday', '2026-11-21T03:00:00.000Z', '2026-11-23T03:00:00.000Z'],
  ['on a Sunday', '2026-11-22T03:00:00.000Z', '2026-11-23T03:00:00.000Z'],
])('what happens %s is looked at within a working day', (_, at, due) => {
  expect(reviewDue(new Date(at)).toISOString()).toBe(due);
});
