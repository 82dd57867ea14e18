import { expect, test } from 'vitest';
import type { Correction } from './contract';
import { correctedOf } from './corrected';
import { monthBounds } from './month';
import { failing, line } from './testing/lines';

const { from } = monthBounds('2026-11', 'UTC');
/** 5,000 failures where 4,320 are allowed. */
const missed = line({
  month: '2026-11',
  at: (end) => failing(1000, end > from && end <= from + 1500 ? 1000 : 0),
});
const correction = (more: Partial<Correction> = {}): Correction => ({
  id: '7c1e0f0a-6f3b-4f7e-9a43-2f6f0c6a5d11',
  objective: 'shop-availability',
  definition: 'abc',
  what: 'Failures of a load test',
  why: 'They were ours.',
  failures: -700.1,
  seconds: null,
  by: 'Nora Lind',
  at: '2026-12-03T10:00:00.000Z',
  ...more,
});

test('corrections add up beside the frozen figure, to the thousandth, and the target is judged anew', () => {
  const frozen = structuredClone(missed);
  const all = [correction(), correction({ failures: 0.2, seconds: -210.03 })];
  expect(correctedOf([missed], all)).toEqual([
    {
      objective: 'shop-availability',
      definition: 'abc',
      failures: 4300.1,
      seconds: 1289.97,
      isMet: true,
      count: 2,
    },
  ]);
  expect(missed).toEqual(frozen);
  expect(missed.isMet).toBe(false);
});

test('a correction belongs to one line, and one without amounts changes no figure', () => {
  expect(correctedOf([missed], [correction({ definition: 'other' })])).toEqual([]);
  expect(correctedOf([missed], [])).toEqual([]);
  expect(correctedOf([missed], [correction({ failures: null })])).toMatchObject([
    { failures: 5000, seconds: 1500, isMet: false, count: 1 },
  ]);
});

test('a line without a figure stays one that cannot be judged', () => {
  const silent = line({ month: '2026-11', at: () => null });
  expect(correctedOf([silent], [correction({ failures: 12, seconds: 3 })])).toMatchObject([
    { failures: 12, seconds: 3, isMet: null },
  ]);
});
