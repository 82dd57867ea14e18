import { describe, expect, test } from 'vitest';
import { type PoolInput, poolLines, worstPoolState } from './pool';

const pooler = { maxClients: 200, poolSize: 25, reserve: 5 };
const given = (more: Partial<PoolInput> = {}): PoolInput => ({
  pods: 6,
  size: 20,
  overflow: 10,
  pooler,
  usable: 97,
  ...more,
});
const told = (input: PoolInput) =>
  poolLines(input).map(({ border, state, sum, sentence }) => [border, state, sum, sentence]);

describe('the contradictions of the guides (X-22)', () => {
  test('10 pods with 20 + 10 are 300, and the pooler takes 200', () => {
    expect(told(given({ pods: 10 }))[0]).toEqual([
      'pods to pooler',
      'over',
      '10 pods × (20 + 10) = 300 of 200',
      '100 more than the limit of the pooler allows. 200 carry 6 pods.',
    ]);
  });

  test('6 pods are 180, which fit, as do the servers of the pooler', () => {
    const [first, second] = poolLines(given());
    expect([first?.wanted, first?.allowed, first?.state]).toEqual([180, 200, 'fits']);
    expect([second?.wanted, second?.allowed, second?.state]).toEqual([30, 97, 'fits']);
  });

  test('a pool of 40 makes 500 of 10 pods', () => {
    expect(poolLines(given({ pods: 10, size: 40 }))[0]?.wanted).toBe(500);
  });

  test('50 in each of 3 pods without a pooler do not fit in 100 connections less 3', () => {
    expect(told(given({ pods: 3, size: 50, overflow: 0, pooler: null }))).toEqual([
      [
        'pods to server',
        'over',
        '3 pods × (50 + 0) = 150 of 97',
        '53 more than the limit of the server allows. 97 carry 1 pod.',
      ],
    ]);
  });
});

test.each([
  [180, 'fits'],
  [181, 'tight'],
  [200, 'tight'],
  [201, 'over'],
] as const)('%i of 200 is %s', (wanted, state) => {
  expect(poolLines(given({ pods: wanted, size: 1, overflow: 0 }))[0]?.state).toBe(state);
});

test('what is absent is unknown and never 0', () => {
  expect(told(given({ pods: null, size: null, usable: null }))).toEqual([
    [
      'pods to pooler',
      'unknown',
      '? pods × (? + 10) = ? of 200',
      'It is not known how many pods run and what the pool of a pod is.',
    ],
    ['pooler to server', 'unknown', '25 + 5 = 30 of ?', 'It is not known what the limit of the server is.'],
  ]);
  expect(told(given({ size: null, pooler: null, usable: null }))).toEqual([
    [
      'pods to server',
      'unknown',
      '6 pods × (? + 10) = ? of ?',
      'It is not known what the pool of a pod and the limit of the server are.',
    ],
  ]);
});

test('no pod opens nothing, and that fits', () => {
  expect(poolLines(given({ pods: 0 }))[0]).toMatchObject({ wanted: 0, state: 'fits' });
});

test('the worst border is over before tight, and unknown before a fit', () => {
  expect(worstPoolState(poolLines(given({ pods: 10 })))).toBe('over');
  expect(worstPoolState(poolLines(given({ usable: null })))).toBe('unknown');
  expect(worstPoolState(poolLines(given()))).toBe('fits');
});
