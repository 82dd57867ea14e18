import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Background, chooseBackground, outageSpans } from './background';
import { sumCells } from './cells';
import { incompleteBeta, negativeBinomialQuantile } from './distribution';
import { costOf, priceOf, priceOfSpan } from './price';
import { poisson, row, seeded, times } from './testing/cells';

const background = (bad: number, total: number, dispersion = 1): Background => ({
  kind: 'clean',
  from: 0,
  to: 3600,
  bad,
  total,
  knownSeconds: 3600,
  dispersion,
});
const sum = (bad: number, total: number) => ({ bad, total, known: 300, all: 300 });
const counts = fc
  .tuple(fc.nat({ max: 5000 }), fc.nat({ max: 100_000 }))
  .map(([bad, good]) => ({ bad, total: bad + good }));
const stretch = counts.filter(({ total }) => total > 0);

/** Runs a property and says how many cases it saw. */
function holds<T>(runs: number, arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  let cases = 0;
  fc.assert(
    fc.property(arbitrary, (value) => {
      property(value);
      cases += 1;
    }),
    { numRuns: runs },
  );
  expect(cases).toBe(runs);
}

describe('properties of a price', () => {
  test('it is never negative, and lies in its interval, between nothing and all that failed', () => {
    holds(
      500,
      fc.tuple(counts, stretch, fc.double({ min: 1, max: 20, noNaN: true })),
      ([span, base, burst]) => {
        const price = priceOf(sum(span.bad, span.total), background(base.bad, base.total, burst));
        expect(price.failed).toBeGreaterThanOrEqual(0);
        expect(price.low).toBeGreaterThanOrEqual(0);
        expect(price.low).toBeLessThanOrEqual(price.failed);
        expect(price.high).toBeGreaterThanOrEqual(price.failed);
        expect(price.high).toBeLessThanOrEqual(span.bad);
      },
    );
  });

  test('more failures in the span never make it cheaper, more failures before it never dearer', () => {
    holds(300, fc.tuple(counts, stretch, fc.nat({ max: 500 })), ([span, base, more]) => {
      const price = (extra: number, before: number) =>
        priceOf(
          sum(span.bad + extra, span.total + extra),
          background(base.bad + before, base.total + before),
        );
      expect(price(more, 0).failed).toBeGreaterThanOrEqual(price(0, 0).failed - 1e-9);
      expect(price(0, more).failed).toBeLessThanOrEqual(price(0, 0).failed + 1e-9);
    });
  });

  test('it is nothing when the ratio does not change', () => {
    holds(300, fc.tuple(stretch, fc.integer({ min: 1, max: 50 })), ([base, factor]) => {
      const span = sum(base.bad * factor, base.total * factor);
      const { failed, low } = priceOf(span, background(base.bad, base.total));
      expect(failed).toBeLessThan(1e-6 * (1 + span.bad));
      expect(low).toBeLessThanOrEqual(failed);
    });
  });

  test('the excess of disjoint spans adds up, and no span is dearer than its parts', () => {
    holds(300, fc.tuple(counts, counts, stretch), ([a, b, base]) => {
      const before = background(base.bad, base.total);
      const parts = [priceOf(sum(a.bad, a.total), before), priceOf(sum(b.bad, b.total), before)];
      const both = priceOf(sum(a.bad + b.bad, a.total + b.total), before);
      const added = (key: 'excess' | 'failed') => parts.reduce((all, part) => all + part[key], 0);
      expect(both.excess).toBeCloseTo(added('excess'), 6);
      expect(both.failed).toBeLessThanOrEqual(added('failed') + 1e-6);
    });
  });
});

/** Plays spans of which the caused failures are known; gives the share of intervals that hold them. */
function coverage(runs: number, seed: number, { ratio, caused, requests = 2000, hours = 6 }: Played): number {
  const random = seeded(seed);
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    const quiet = () => [poisson(ratio * requests, random), requests] as [number, number];
    const before = Array.from({ length: hours * 12 }, quiet);
    const truth = Array.from({ length: 6 }, () => poisson(caused / 6, random));
    const after = truth.map((extra) => {
      const [bad, total] = quiet();
      return [bad + extra, total] as [number, number];
    });
    const cells = row([...before, ...after]);
    const start = hours * 3600;
    const { price } = priceOfSpan(cells, { from: start, to: start + 1800 });
    const all = truth.reduce((total, extra) => total + extra, 0);
    if (all >= price.low - 1e-9 && all <= price.high + 1e-9) held += 1;
  }
  return held / runs;
}
type Played = { ratio: number; caused: number; requests?: number; hours?: number };

describe('the interval holds the truth', () => {
  test.each<Played>([
    { ratio: 0.0005, caused: 300 },
    { ratio: 0.0005, caused: 0 },
    { ratio: 0.01, caused: 60 },
    { ratio: 0.00002, caused: 5 },
    { ratio: 0, caused: 40 },
    { ratio: 0.001, caused: 20, requests: 50, hours: 1 },
  ])('in at least about 95 of 100 spans: %o', (played) => {
    const runs = 600;
    const share = coverage(runs, 20_261_121, played);
    // Three standard errors of a share of 0.95 below it: whole numbers make intervals hold more, not less.
    expect(share).toBeGreaterThanOrEqual(0.95 - 3 * Math.sqrt((0.95 * 0.05) / runs));
  });

  test('and is no wider than the background makes it', () => {
    const price = priceOf(sum(1300, 1_000_000), background(3000, 10_000_000));
    // 300 expected, sd sqrt(300 + 300^2 / 3000) = 18.2; two-sided 95 %.
    expect(price.failed).toBeCloseTo(1000, 0);
    expect([price.low, price.high].map(Math.round)).toEqual([964, 1035]);
  });

  test('bursts in the background widen it', () => {
    const calm = priceOf(sum(1300, 1_000_000), background(3000, 10_000_000));
    const wild = priceOf(sum(1300, 1_000_000), background(3000, 10_000_000, 25));
    expect((wild.high - wild.low) / (calm.high - calm.low)).toBeCloseTo(5, 0);
  });
});

test('the quantiles are those of the distributions', () => {
  expect(incompleteBeta(0.3, 2, 5)).toBeCloseTo(0.579825, 6);
  expect(incompleteBeta(0.5, 400, 400)).toBeCloseTo(0.5, 9);
  // Geometric (shape 1): P(X <= k) = 1 - (m / (1 + m))^(k + 1); m = 9, q = 0.975 -> k = 35.
  expect(negativeBinomialQuantile(0.975, 1, 9)).toBe(35);
  // A rate known almost exactly: Poisson(100), 0.025 and 0.975.
  expect([0.025, 0.975].map((q) => negativeBinomialQuantile(q, 1e9, 100))).toEqual([81, 120]);
  expect(negativeBinomialQuantile(0.5, 1e6, 4e6)).toBeGreaterThan(3.99e6);
  expect(negativeBinomialQuantile(0.975, 0.5, 0)).toBe(0);
});

describe('where the background is counted', () => {
  const calm: [number, number] = [1, 1000];
  const day = row(times(288, calm));

  test('24 h when all is clean, and nothing from the cell in which the change began', () => {
    expect(chooseBackground([...day, ...row([[900, 1000]], { from: 86_400 })], 86_400, [[]])).toMatchObject({
      kind: 'clean',
      from: 0,
      to: 86_400,
      bad: 288,
      total: 288_000,
      dispersion: 1,
    });
  });

  test('the longest stretch that nobody claims; of equal ones the latest', () => {
    const claim = { from: 10 * 3600, to: 11 * 3600 };
    expect(chooseBackground(day, 86_400, [[claim]])).toMatchObject({ kind: 'clean', from: 11 * 3600 });
    const middle = { from: 11.5 * 3600, to: 12.5 * 3600 };
    expect(chooseBackground(day, 86_400, [[middle]])).toMatchObject({ from: 12.5 * 3600, to: 86_400 });
  });

  test('pieces, then a narrower list of claims, then everything', () => {
    const combed = Array.from({ length: 48 }, (_, n) => ({ from: n * 1800, to: n * 1800 + 900 }));
    expect(chooseBackground(day, 86_400, [combed])).toMatchObject({ kind: 'pieces', knownSeconds: 43_200 });
    const all = [{ from: 0, to: 86_400 }];
    expect(chooseBackground(day, 86_400, [all, combed])).toMatchObject({ kind: 'pieces' });
    expect(chooseBackground(day, 86_400, [all, all])).toMatchObject({ kind: 'unclean', bad: 288 });
  });

  test('what is clean of a service that has just begun, short as it is', () => {
    const young = row([[80, 100], ...times(6, calm), [50, 100]]);
    const outage = { from: 0, to: 300 };
    expect(chooseBackground(young, 2100, [[outage]])).toMatchObject({ kind: 'short', bad: 6, total: 6000 });
    expect(chooseBackground(young, 2100, [[{ from: 0, to: 2100 }], [outage]])).toMatchObject({
      kind: 'short',
      bad: 6,
    });
  });

  test('none without traffic: all failures are the most it can have cost', () => {
    const cells = [...row(times(12, null)), ...row([[30, 100]], { from: 3600 })];
    const { price, background: found } = priceOfSpan(cells, { from: 3600, to: 3900 });
    expect(found).toBeNull();
    expect(price).toMatchObject({ basis: 'gross', failed: 30, low: 0, high: 30 });
  });

  test('an outage before the change is no background', () => {
    const cells = row([
      ...times(144, calm),
      ...times(12, [300, 1000] as [number, number]),
      ...times(132, calm),
    ]);
    const outages = outageSpans(cells, 0.0005);
    // The outage itself; the hour after it has a high long window but a calm short one.
    expect(outages).toEqual([{ from: 144 * 300, to: 156 * 300 }]);
    expect(chooseBackground(cells, 86_400, [outages])).toMatchObject({ kind: 'clean', from: 0, bad: 144 });
    expect(outageSpans(cells, 0.0005, 10_000)).toEqual([]);
  });

  test('failures that come in bursts are said to', () => {
    const bursts = row(
      Array.from({ length: 288 }, (_, n) => [n % 10 === 0 ? 40 : 0, 1000] as [number, number]),
    );
    expect(chooseBackground(bursts, 86_400, [[]])?.dispersion).toBeGreaterThan(20);
  });
});

test('costs as the guides count them (SLO-09): minutes of outage and share of the budget', () => {
  const month = { budgetRatio: 0.0005, total: 30 * 1440 * 100, seconds: 30 * 86_400 };
  const of = (minutes: number, ratio = 1) => costOf(minutes * 100 * ratio, month);
  expect(of(15).share).toBeCloseTo(0.6944, 4);
  expect(of(15).outageSeconds).toBeCloseTo(900, 9);
  expect(of(10).share).toBeCloseTo(0.463, 3);
  expect(of(10, 0.05).share).toBeCloseTo(0.0231, 4);
  expect(costOf(5, { ...month, total: 0 })).toEqual({ failed: 5, share: null, outageSeconds: null });
});

test('a change that begins inside a cell takes that cell whole', () => {
  const cells = row([...times(12, [0, 100] as [number, number]), [40, 100], [60, 100], [0, 100]]);
  const { price } = priceOfSpan(cells, { from: 3700, to: 4000 });
  expect(price).toMatchObject({ gross: 100, allSeconds: 600 });
  expect(sumCells(cells)).toMatchObject({ bad: 100, total: 1500, all: 4500 });
});
