import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { holds } from '../math/testing/cases';
import { longestSeconds, snapSpan } from './bounds';

const [hour, day] = [3600, 86_400];
const now = 1_795_000_123;
const clock = { now, hoursKeptSeconds: 400 * day };

const refusal = (from: number, to: number): string => {
  try {
    snapSpan({ from, to }, clock);
  } catch (error) {
    if (isOpsError(error, 'invalid')) return `${error.fields[0]?.path}: ${error.fields[0]?.message}`;
    throw error;
  }
  return 'none';
};

describe('the bounds of a span', () => {
  it('are taken outwards to buckets of 5 minutes, and to hours where only those are left', () => {
    const at = Math.floor(now / 300) * 300 - hour;
    expect(snapSpan({ from: at + 1, to: at + 301 }, clock)).toEqual({ from: at, to: at + 600, size: 300 });
    expect(snapSpan({ from: at, to: at + 300 }, clock)).toEqual({ from: at, to: at + 300, size: 300 });
    const old = Math.floor((now - 60 * day) / hour) * hour;
    expect(snapSpan({ from: old + 5, to: old + 10 }, clock)).toEqual({
      from: old,
      to: old + hour,
      size: hour,
    });
  });

  it('refuse what cannot be priced, in words', () => {
    expect(refusal(now - 10, now - 10)).toBe('to: it ends before it begins.');
    expect(refusal(now - 10, now - 20)).toBe('to: it ends before it begins.');
    expect(refusal(now, now + 10)).toBe('from: it lies in the future.');
    expect(refusal(now - longestSeconds - 10, now - 5)).toBe('to: it is longer than 100 d.');
    expect(refusal(now - 401 * day, now - 400.5 * day)).toBe(
      'from: it begins more than 400 d ago, and single hours are kept no longer.',
    );
  });

  it('hold what was asked for, on whole buckets, and taking them again changes nothing', () => {
    let hourly = 0;
    const cases = fc.tuple(fc.integer({ min: 1, max: 300 * day }), fc.integer({ min: 1, max: 90 * day }));
    holds(cases, ([ago, seconds]) => {
      const asked = { from: now - ago, to: now - ago + seconds };
      const { size, ...span } = snapSpan(asked, clock);
      expect(span.from).toBeLessThanOrEqual(asked.from);
      expect(span.to).toBeGreaterThanOrEqual(asked.to);
      expect(asked.from - span.from).toBeLessThan(hour);
      expect(span.to - asked.to).toBeLessThan(hour);
      expect(span.from % size).toBe(0);
      expect(span.to % 300).toBe(0);
      if (size === hour) hourly += 1;
      if (span.to - span.from <= longestSeconds) expect(snapSpan(span, clock)).toEqual({ ...span, size });
    });
    expect(hourly).toBeGreaterThan(300);
  });
});
