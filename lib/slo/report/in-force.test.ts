import fc from 'fast-check';
import { expect, test } from 'vitest';
import { totalLength } from '../ledger/spans';
import { holds } from '../math/testing/cases';
import { inForce } from './in-force';

const month = { from: 1000, to: 2000 };

test('before the first definition was seen it is that one: its past was filled in', () => {
  expect(inForce([{ id: 1, firstSeen: 1900, retired: null }], month)).toEqual(new Map([[1, [month]]]));
  expect(inForce([{ id: 1, firstSeen: 5000, retired: null }], month)).toEqual(new Map([[1, [month]]]));
});

test('an objective that was edited in the month keeps what its earlier definition counted', () => {
  const edited = [
    { id: 1, firstSeen: 500, retired: 1400 },
    { id: 2, firstSeen: 1400, retired: null },
  ];
  expect(inForce(edited, month)).toEqual(
    new Map([
      [1, [{ from: 1000, to: 1400 }]],
      [2, [{ from: 1400, to: 2000 }]],
    ]),
  );
});

test('one that was edited and put back again has its time before and after', () => {
  const back = [
    { id: 1, firstSeen: 500, retired: null },
    { id: 2, firstSeen: 1200, retired: 1500 },
  ];
  expect(inForce(back, month)).toEqual(
    new Map([
      [
        1,
        [
          { from: 1000, to: 1200 },
          { from: 1500, to: 2000 },
        ],
      ],
      [2, [{ from: 1200, to: 1500 }]],
    ]),
  );
});

test('one that was taken out of the configuration has the time until then, later months have nothing of it', () => {
  const gone = [{ id: 1, firstSeen: 500, retired: 1300 }];
  expect(inForce(gone, month)).toEqual(new Map([[1, [{ from: 1000, to: 1300 }]]]));
  expect(inForce(gone, { from: 2000, to: 3000 })).toEqual(new Map());
  expect(inForce([], month)).toEqual(new Map());
});

test('no moment belongs to two definitions, whatever was edited when', () => {
  const definitions = fc.array(
    fc
      .tuple(fc.integer({ min: 500, max: 2500 }), fc.option(fc.integer({ min: 1, max: 1500 })))
      .map(([firstSeen, lasts]) => ({ firstSeen, retired: lasts === null ? null : firstSeen + lasts })),
    { maxLength: 6 },
  );
  holds(
    definitions,
    (all) => {
      const found = inForce(
        all.map((one, id) => ({ id, ...one })),
        month,
      );
      const spans = [...found.values()].flat().sort((a, b) => a.from - b.from);
      for (const [index, span] of spans.entries()) {
        expect(span.from).toBeLessThan(span.to);
        if (index > 0) expect(span.from).toBeGreaterThanOrEqual(spans[index - 1]?.to ?? 0);
      }
      expect(totalLength(spans)).toBeLessThanOrEqual(month.to - month.from);
      if (all.some(({ firstSeen, retired }) => retired === null && firstSeen < month.to))
        expect(totalLength(spans)).toBeGreaterThan(0);
    },
    500,
  );
});
