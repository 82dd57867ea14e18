import { describe, expect, test } from 'vitest';
import { type Attempt, attemptsPerSlot, dueCopy, retrySeconds } from './decide-copy';

const at = (text: string) => new Date(`2026-${text}:00Z`);
const since = at('03-01T12:00');
const hourly = { cron: '0 * * * *', timeZone: 'UTC' };
const nightly = { cron: '30 2 * * *', timeZone: 'Europe/Berlin' };
const attempt = (slot: string, state: Attempt['state'] = 'kept', finished = slot): Attempt => ({
  state,
  slotAt: at(slot),
  finishedAt: state === 'running' ? null : at(finished),
});
const due = (schedule: typeof hourly, attempts: Attempt[], now: string) => {
  const found = dueCopy(schedule, since, attempts, at(now));
  return found === null
    ? null
    : `${found.cause} ${found.slotAt.toISOString().slice(5, 16)} ${found.missedSlots}`;
};

test('the first copy of all is made at once', () => {
  expect(due(hourly, [], '03-01T12:01')).toBe('schedule 03-01T12:00 0');
});

test('a moment is answered once, and the next one is due when it comes', () => {
  const attempts = [attempt('03-01T12:00')];
  expect(due(hourly, attempts, '03-01T12:59')).toBe(null);
  expect(due(hourly, attempts, '03-01T13:00')).toBe('schedule 03-01T13:00 0');
  expect(due(hourly, [attempt('03-01T13:00', 'running'), ...attempts], '03-01T13:10')).toBe(null);
});

test('what is late catches up, and one copy stands for all that were missed', () => {
  const attempts = [attempt('03-01T12:00')];
  expect(due(hourly, attempts, '03-01T13:06')).toBe('catch-up 03-01T13:00 0');
  expect(due(hourly, attempts, '03-03T12:30')).toBe('catch-up 03-03T12:00 47');
});

describe('a change of the clock', () => {
  test('in spring the time that is missing is made up for right after the gap, once', () => {
    const before = [attempt('03-28T01:30')];
    expect(due(nightly, before, '03-29T00:59')).toBe(null);
    expect(due(nightly, before, '03-29T01:00')).toBe('schedule 03-29T01:00 0');
    expect(due(nightly, [attempt('03-29T01:00'), ...before], '03-29T20:00')).toBe(null);
  });
  test('in autumn the time that is twice makes one copy', () => {
    const before = [attempt('10-24T00:30')];
    expect(due(nightly, before, '10-25T00:30')).toBe('schedule 10-25T00:30 0');
    expect(due(nightly, [attempt('10-25T00:30'), ...before], '10-25T01:31')).toBe(null);
  });
});

test('what failed is tried again after a rest, and not for ever', () => {
  const failed = (finished: string) => attempt('03-01T13:00', 'failed', finished);
  expect(retrySeconds).toBe(600);
  expect(due(hourly, [failed('03-01T13:01')], '03-01T13:10')).toBe(null);
  expect(due(hourly, [failed('03-01T13:01')], '03-01T13:11')).toBe('catch-up 03-01T13:00 0');
  const all = Array.from({ length: attemptsPerSlot }, () => failed('03-01T13:01'));
  expect(due(hourly, all, '03-01T13:59')).toBe(null);
  expect(due(hourly, all, '03-01T14:00')).toBe('schedule 03-01T14:00 0');
});

test('a copy that was deleted since has answered its moment', () => {
  expect(due(hourly, [attempt('03-01T13:00', 'deleted')], '03-01T13:30')).toBe(null);
});

describe('a clock that was ahead once', () => {
  const ahead = [attempt('06-01T00:00'), attempt('06-01T01:00', 'failed')];
  test('holds up no copy by the moments that it recorded', () => {
    expect(due(hourly, [...ahead, attempt('03-01T13:00')], '03-01T14:00')).toBe('schedule 03-01T14:00 0');
    expect(due(hourly, ahead, '03-01T14:00')).toBe('schedule 03-01T14:00 0');
  });
  test('nor by when the schedule was first known', () => {
    const later = (attempts: Attempt[]) => dueCopy(hourly, at('06-01T00:00'), attempts, at('03-01T14:30'));
    expect(later([])).toMatchObject({ slotAt: at('03-01T14:30') });
    expect(later([attempt('03-01T14:30')])).toBe(null);
    expect(later([attempt('03-01T13:30')])).toMatchObject({ slotAt: at('03-01T14:00') });
  });
});

test('after a pause of months the newest moment is found, and the others are counted up to a thousand', () => {
  expect(due({ cron: '* * * * *', timeZone: 'UTC' }, [attempt('03-02T00:00')], '05-02T00:00')).toBe(
    'catch-up 05-02T00:00 999',
  );
});
