import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DrillAttempt, dueDrill } from './due-drill';
import { drillStates } from './model';

const weekly = { cron: '0 4 * * 0', timeZone: 'UTC' };
const since = new Date('2026-11-02T00:00:00Z');
const at = (text: string) => new Date(`2026-11-${text}:00Z`);
const attempt = (slot: string, more: Partial<DrillAttempt> = {}): DrillAttempt => ({
  state: 'done',
  slotAt: at(slot),
  finishedAt: at(slot),
  isFaultOfCopy: false,
  ...more,
});
const due = (attempts: DrillAttempt[], now: string) =>
  dueDrill(weekly, since, attempts, at(now))?.toISOString().slice(8, 16) ?? null;

describe('a drill by schedule', () => {
  test('waits for its first moment, and stands for all that passed', () => {
    expect(due([], '07T04:00')).toBe(null);
    expect(due([], '08T04:00')).toBe('08T04:00');
    expect(due([], '16T00:00')).toBe('15T04:00');
  });

  test('is answered by one that passed, and by one that showed a spoilt copy', () => {
    expect(due([attempt('08T04:00')], '14T00:00')).toBe(null);
    expect(due([attempt('08T04:00', { state: 'failed', isFaultOfCopy: true })], '14T00:00')).toBe(null);
    expect(due([attempt('08T04:00')], '15T04:01')).toBe('15T04:00');
  });

  test.each(['failed', 'cancelled'] as const)(
    'that %s for another reason is tried again, three times',
    (state) => {
      const first = attempt('08T04:00', { state });
      expect(due([first], '08T04:09')).toBe(null);
      expect(due([first], '08T04:10')).toBe('08T04:00');
      const again = attempt('08T04:00', { state, finishedAt: at('08T04:20') });
      expect(due([first, again, again], '08T06:00')).toBe(null);
      expect(due([first, again, again], '15T04:00')).toBe('15T04:00');
    },
  );

  test('does not begin beside another one', () => {
    const asked = attempt('08T04:00', { state: 'running', slotAt: null, finishedAt: null });
    expect(due([asked], '08T04:00')).toBe(null);
  });

  test('is held up by no moment that a clock recorded which was ahead', () => {
    expect(due([attempt('29T04:00', { finishedAt: null })], '08T04:01')).toBe('08T04:00');
  });
});

test('a moment that is due is one of the schedule, since it is known and not of later than now', () => {
  const minutes = fc.integer({ min: 0, max: 60 * 24 * 40 });
  const attempts = fc.array(
    fc.record({
      state: fc.constantFrom(...drillStates),
      slotAt: minutes.map((n) => new Date(since.getTime() + n * 60_000)),
      finishedAt: minutes.map((n) => new Date(since.getTime() + n * 60_000)),
      isFaultOfCopy: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  let cases = 0;
  fc.assert(
    fc.property(attempts, minutes, (past, n) => {
      cases += 1;
      const now = new Date(since.getTime() + n * 60_000);
      const slot = dueDrill(weekly, since, past, now);
      if (slot === null) return;
      expect(slot.getTime()).toBeLessThanOrEqual(now.getTime());
      expect(slot.getTime()).toBeGreaterThan(since.getTime());
      expect(past.some(({ state }) => state === 'wanted' || state === 'running')).toBe(false);
    }),
    { numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});
