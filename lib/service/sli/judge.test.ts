import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guideSlis, type Levels, type levelSliIds } from '@/lib/config/sli-guide';
import { baselineWeeks, meanOfHour, median, sameHours } from './baseline';
import { changeAgainst, judgeChange, judgeLevel } from './judge';
import type { SliState } from './model';

const runs = 2000;
const of = (id: (typeof levelSliIds)[number], value: number | null) =>
  judgeLevel(value, guideSlis[id].limits);

test.each<[(typeof levelSliIds)[number], [number, SliState][]]>([
  [
    'latency-p95',
    [
      [0, 'ok'],
      [0.0999, 'ok'],
      [0.1, 'off-target'],
      [0.15, 'off-target'],
      [0.1501, 'warning'],
      [0.3, 'warning'],
      [0.3001, 'critical'],
    ],
  ],
  [
    'latency-p99',
    [
      [0.299, 'ok'],
      [0.3, 'off-target'],
      [0.5, 'off-target'],
      [0.51, 'warning'],
      [1, 'warning'],
      [1.01, 'critical'],
    ],
  ],
  [
    'error-rate',
    [
      [0, 'ok'],
      [0.0001, 'off-target'],
      [0.0005, 'off-target'],
      [0.00051, 'warning'],
      [0.001, 'warning'],
      [0.0011, 'critical'],
    ],
  ],
  [
    'cpu',
    [
      [0, 'under-used'],
      [0.399, 'under-used'],
      [0.4, 'ok'],
      [0.6, 'ok'],
      [0.61, 'off-target'],
      [0.7, 'off-target'],
      [0.71, 'warning'],
      [0.85, 'warning'],
      [0.86, 'critical'],
    ],
  ],
  [
    'memory',
    [
      [0.49, 'under-used'],
      [0.5, 'ok'],
      [0.7, 'ok'],
      [0.8, 'off-target'],
      [0.9, 'warning'],
      [0.91, 'critical'],
    ],
  ],
  [
    'disk-io-wait',
    [
      [0.049, 'ok'],
      [0.05, 'off-target'],
      [0.1, 'off-target'],
      [0.2, 'warning'],
      [0.21, 'critical'],
    ],
  ],
  [
    'connections',
    [
      [0.49, 'under-used'],
      [0.5, 'ok'],
      [0.7, 'ok'],
      [0.8, 'off-target'],
      [0.9, 'warning'],
      [0.91, 'critical'],
    ],
  ],
  [
    'cache-hits',
    [
      [1, 'ok'],
      [0.951, 'ok'],
      [0.95, 'off-target'],
      [0.9, 'off-target'],
      [0.899, 'warning'],
      [0.85, 'warning'],
      [0.849, 'critical'],
      [0, 'critical'],
    ],
  ],
])('the boundaries of %s are those of the guide', (id, cases) => {
  expect(cases.map(([value]) => [value, of(id, value)])).toEqual(cases);
});

/** How bad a state is; under-used and on target are both no trouble. */
const trouble: Record<SliState, number> = {
  ok: 0,
  'under-used': 0,
  'off-target': 1,
  warning: 2,
  critical: 3,
  'no-data': -1,
};

/** Limits in their order, of each kind, with equal target and warning among them. */
const anyLevels: fc.Arbitrary<Levels> = fc
  .tuple(
    fc.constantFrom('below', 'band', 'above'),
    fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 4, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([kind, numbers, gapless]) => {
    const [low = 0, target = 0, next = 0, critical = 0] = [...numbers].sort((a, b) => a - b);
    const warning = gapless ? target : next;
    if (kind === 'above') {
      return { kind, low: null, target: critical, warning: gapless ? critical : next, critical: target };
    }
    return { kind, low: kind === 'band' ? low : null, target, warning, critical };
  });
const anyValue = fc.oneof(
  fc.double({ min: -10, max: 1100, noNaN: true }),
  // The limits themselves are met often.
  fc.integer({ min: 0, max: 1000 }),
);

function counted<T>(arbitrary: fc.Arbitrary<T>, check: (one: T) => void): number {
  let cases = 0;
  fc.assert(
    fc.property(arbitrary, (one) => {
      cases++;
      check(one);
    }),
    { numRuns: runs },
  );
  return cases;
}

test('a worse value never has a better state, and every number has one', () => {
  const worse = (levels: Levels, value: number) => (levels.kind === 'above' ? -value : value);
  const cases = counted(fc.tuple(anyLevels, anyValue, anyValue), ([levels, one, other]) => {
    const [good, bad] = [one, other].sort((a, b) => worse(levels, a) - worse(levels, b));
    const states = [judgeLevel(good ?? 0, levels), judgeLevel(bad ?? 0, levels)];
    expect(states).not.toContain('no-data');
    const [left = 'no-data', right = 'no-data'] = states;
    expect(trouble[left]).toBeLessThanOrEqual(trouble[right]);
  });
  expect(cases).toBe(runs);
});

test('where lower is worse everything is the mirror image', () => {
  const plain = anyLevels.filter(({ kind }) => kind === 'below');
  const cases = counted(fc.tuple(plain, anyValue), ([levels, value]) => {
    const mirror: Levels = {
      kind: 'above',
      low: null,
      target: -levels.target,
      warning: -levels.warning,
      critical: -levels.critical,
    };
    expect(judgeLevel(-value, mirror)).toBe(judgeLevel(value, levels));
  });
  expect(cases).toBe(runs);
});

test('only a band knows under-use, and what is under-used is neither red nor off target', () => {
  const cases = counted(fc.tuple(anyLevels, anyValue), ([levels, value]) => {
    const under = judgeLevel(value, levels) === 'under-used';
    expect(under).toBe(levels.kind === 'band' && levels.low !== null && value < levels.low);
  });
  expect(cases).toBe(runs);
});

test('what is no number has no state', () => {
  const nothing = fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  const cases = counted(fc.tuple(anyLevels, nothing), ([levels, value]) => {
    expect(judgeLevel(value, levels)).toBe('no-data');
  });
  expect(cases).toBe(runs);
  expect(judgeChange(Number.NaN, guideSlis.requests.limits)).toBe('no-data');
  expect(judgeChange(null, guideSlis.requests.limits)).toBe('no-data');
});

test.each<[number | null, SliState]>([
  [0, 'ok'],
  [0.5, 'ok'],
  [0.51, 'warning'],
  [1, 'warning'],
  [1.01, 'critical'],
  [-0.49, 'ok'],
  [-0.5, 'warning'],
  [-0.99, 'warning'],
  [-1, 'critical'],
])('a change of %s is %s: a fall reaches its limit, a rise passes it', (change, state) => {
  expect(judgeChange(change, guideSlis.requests.limits)).toBe(state);
});

test('the limits up and down are apart', () => {
  const limits = {
    kind: 'baseline',
    up: { warning: 2, critical: 4 },
    down: { warning: 0.1, critical: 0.2 },
  } as const;
  expect([1.9, 2.1, 4.1, -0.05, -0.1, -0.2].map((change) => judgeChange(change, limits))).toEqual([
    'ok',
    'warning',
    'critical',
    'ok',
    'warning',
    'critical',
  ]);
});

test('a change needs traffic in the hour before, and none now is a fall of all', () => {
  expect([changeAgainst(15, 10), changeAgainst(0, 10), changeAgainst(20, 10)]).toEqual([0.5, -1, 1]);
  expect([
    changeAgainst(5, 0),
    changeAgainst(null, 10),
    changeAgainst(5, null),
    changeAgainst(Number.NaN, 10),
    changeAgainst(-1, 10),
    changeAgainst(1e300, 1e-300),
  ]).toEqual([null, null, null, null, null, null]);
});

test('the same hours are whole hours of the clock, full weeks ago', () => {
  const at = Date.UTC(2026, 10, 21, 14, 37, 12) / 1000;
  const hours = sameHours(at);
  expect(hours).toHaveLength(baselineWeeks);
  expect(hours.map(({ from, to }) => [new Date(from * 1000).toISOString(), to - from])).toEqual([
    ['2026-11-14T14:00:00.000Z', 3600],
    ['2026-11-07T14:00:00.000Z', 3600],
    ['2026-10-31T14:00:00.000Z', 3600],
    ['2026-10-24T14:00:00.000Z', 3600],
  ]);
});

test('an hour of which less than half is known has no mean', () => {
  expect(meanOfHour(Array.from({ length: 12 }, (_, index) => index))).toBe(5.5);
  expect(meanOfHour([2, 4, 2, 4, 2, 4])).toBe(3);
  expect(meanOfHour([2, 4, 2, 4, 2])).toBeNull();
  expect(meanOfHour([2, 4, 2, 4, 2, Number.NaN, -1, Number.POSITIVE_INFINITY])).toBeNull();
  expect(meanOfHour([])).toBeNull();
  expect(meanOfHour(Array.from({ length: 12 }, () => 1.7e308))).toBeNull();
});

test('a median is between its neighbours, whatever their order', () => {
  expect([median([]), median([3]), median([5, 1]), median([9, 1, 5]), median([8, 1, 2, 100])]).toEqual([
    null,
    3,
    3,
    5,
    5,
  ]);
  expect(median([5e-324, 5e-324])).toBe(5e-324);
  expect(median([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.MAX_VALUE);
  const some = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 4 });
  const cases = counted(some, (values) => {
    const middle = median(values) ?? Number.NaN;
    expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
    expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
    expect(median([...values].reverse())).toBe(middle);
  });
  expect(cases).toBe(runs);
});
