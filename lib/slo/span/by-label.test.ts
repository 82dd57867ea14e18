import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../math/testing/cases';
import { failedByLabel, mostSeries } from './by-label';

const one = (value: number, labels: Record<string, string>) => ({ value, labels });

test('the labels that tell most come first, with the values that failed most', () => {
  const found = failedByLabel(
    [
      one(60, { __name__: 'x', le: '1', service: 'shop', status: '503', path: '/pay', version: '2' }),
      one(30, { service: 'shop', status: '503', path: '/cart', version: '2' }),
      one(10, { service: 'shop', status: '500', path: '/', version: '2' }),
      one(Number.NaN, { service: 'shop', status: '501' }),
      one(0, { service: 'shop', status: '502' }),
    ],
    ['service'],
  );
  expect(found).toEqual({
    series: 3,
    labels: [
      { label: 'version', values: [{ value: '2', part: 1 }], others: 0 },
      {
        label: 'status',
        values: [
          { value: '503', part: 0.9 },
          { value: '500', part: 0.1 },
        ],
        others: 0,
      },
      {
        label: 'path',
        values: [
          { value: '/pay', part: 0.6 },
          { value: '/cart', part: 0.3 },
          { value: '/', part: 0.1 },
        ],
        others: 0,
      },
    ],
  });
});

test('nothing failed is no label, and of many values the first are listed', () => {
  expect(failedByLabel([], [])).toEqual({ series: 0, labels: [] });
  const many = Array.from({ length: mostSeries }, (_, index) => one(1, { pod: `p${index}` }));
  const { labels } = failedByLabel(many, []);
  expect(labels[0]?.values).toHaveLength(5);
  expect(labels[0]?.others).toBe(mostSeries - 5);
});

test('the parts of each label are shares of all failures', () => {
  let several = 0;
  const series = fc.record({
    value: fc.double({ min: 0.1, max: 1e6, noNaN: true }),
    labels: fc.record(
      { a: fc.constantFrom('1', '2', '3'), b: fc.constantFrom('x', 'y') },
      { requiredKeys: [] },
    ),
  });
  holds(fc.array(series, { minLength: 1, maxLength: 40 }), (all) => {
    for (const { values, others } of failedByLabel(all, []).labels) {
      expect(others).toBe(0);
      expect(values.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 9);
      if (values.length > 1) several += 1;
    }
  });
  expect(several).toBeGreaterThan(1000);
});
