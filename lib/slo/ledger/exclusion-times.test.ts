import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SloExclusion } from '@/lib/config/slo-exclusion';
import { excludedSpans, spansOf } from './exclusion-times';
import { totalLength } from './spans';

const at = (text: string) => Date.parse(text) / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16);
const shown = (exclusions: SloExclusion[], from: string, to: string) =>
  excludedSpans(exclusions, at(from), at(to)).map((span) => `${iso(span.from)}/${iso(span.to).slice(5)}`);
const sundays: SloExclusion = {
  kind: 'recurring',
  reason: 'Patch window',
  rule: 'FREQ=WEEKLY;BYDAY=SU',
  starts: '2026-01-04T03:00',
  zone: 'Europe/Berlin',
  seconds: 7200,
};
const once = (from: string, to: string): SloExclusion => ({
  kind: 'once',
  reason: 'Move',
  from: at(from),
  to: at(to),
});

test('a weekly window keeps its wall clock and its length over both changes of the clock', () => {
  // 29 March: 02:00 becomes 03:00; 25 October: 03:00 becomes 02:00.
  expect(shown([sundays], '2026-03-21T00:00Z', '2026-04-01T00:00Z')).toEqual([
    '2026-03-22T02:00/03-22T04:00',
    '2026-03-29T01:00/03-29T03:00',
  ]);
  expect(shown([sundays], '2026-10-17T00:00Z', '2026-11-02T00:00Z')).toEqual([
    '2026-10-18T01:00/10-18T03:00',
    '2026-10-25T02:00/10-25T04:00',
    '2026-11-01T02:00/11-01T04:00',
  ]);
});

test('spans are cut at the ends of the range, and those that overlap or touch become one', () => {
  expect(shown([sundays], '2026-03-22T03:00Z', '2026-03-29T02:00Z')).toEqual([
    '2026-03-22T03:00/03-22T04:00',
    '2026-03-29T01:00/03-29T02:00',
  ]);
  const joined = [
    sundays,
    once('2026-03-22T04:00Z', '2026-03-22T05:00Z'),
    once('2026-03-22T03:00Z', '2026-03-22T03:30Z'),
  ];
  expect(shown(joined, '2026-03-21T00:00Z', '2026-03-23T00:00Z')).toEqual(['2026-03-22T02:00/03-22T05:00']);
  expect(
    shown([once('2026-01-01T00:00Z', '2026-01-02T00:00Z')], '2026-02-01T00:00Z', '2026-03-01T00:00Z'),
  ).toEqual([]);
});

test('together they take at most what each takes, and nothing outside the range', () => {
  let cases = 0;
  const start = at('2026-03-20T00:00Z');
  const single = fc.tuple(fc.nat({ max: 20 * 86_400 }), fc.integer({ min: 1, max: 86_400 })).map(
    ([from, length]): SloExclusion => ({
      kind: 'once',
      reason: '',
      from: start + from,
      to: start + from + length,
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(single, fc.constant(sundays)), { maxLength: 6 }),
      fc.nat({ max: 15 * 86_400 }),
      fc.integer({ min: 1, max: 10 * 86_400 }),
      (exclusions, offset, length) => {
        const range = { from: start + offset, to: start + offset + length };
        const all = excludedSpans(exclusions, range.from, range.to);
        const each = exclusions.map((one) => totalLength(spansOf(one, range)));
        expect(totalLength(all)).toBeLessThanOrEqual(each.reduce((sum, part) => sum + part, 0));
        expect(totalLength(all)).toBeGreaterThanOrEqual(Math.max(0, ...each));
        all.forEach((span, index) => {
          expect(span.from).toBeGreaterThanOrEqual(range.from);
          expect(span.to).toBeLessThanOrEqual(range.to);
          expect(span.from).toBeGreaterThan(all[index - 1]?.to ?? Number.NEGATIVE_INFINITY);
        });
        cases += 1;
      },
    ),
    { numRuns: 200 },
  );
  expect(cases).toBe(200);
});
