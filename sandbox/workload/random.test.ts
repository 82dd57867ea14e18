import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Random, seedFor } from './random';
import { isPlausible } from './test-world';

test('the same seed gives the same numbers, another name another seed', () => {
  const draw = (seed: number) => Array.from({ length: 20 }, () => new Random(seed).next());
  expect(draw(7)).toEqual(draw(7));
  expect(seedFor(1, 'a')).not.toBe(seedFor(1, 'b'));
  expect(seedFor(1, 'a')).not.toBe(seedFor(2, 'a'));
});

test.each([0.00008, 0.004, 0.08, 0.5])('a chance of %d comes true that often', (share) => {
  const random = new Random(11);
  const draws = 400_000;
  let hits = 0;
  // The draws between keep the two apart, as latency draws do in the workload.
  for (let index = 0; index < draws; index++) {
    random.logNormal(1, 0.5);
    if (random.chance(share)) hits += 1;
  }
  expect(isPlausible(hits, draws, share)).toBe(true);
});

test('counts of Poisson and binomial draws have their mean', () => {
  const random = new Random(5);
  for (const mean of [0.3, 4, 49, 80]) {
    let sum = 0;
    for (let index = 0; index < 20_000; index++) sum += random.poisson(mean);
    expect(Math.abs(sum - 20_000 * mean)).toBeLessThan(5 * Math.sqrt(20_000 * mean) + 20_000 * 0.02);
  }
  let sum = 0;
  for (let index = 0; index < 5000; index++) sum += random.binomial(1000, 0.2);
  expect(isPlausible(sum, 5_000_000, 0.2)).toBe(true);
});

test('a binomial draw never leaves its range', () => {
  let cases = 0;
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 5000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, trials, share) => {
        cases += 1;
        const hits = new Random(seed).binomial(trials, share);
        expect(Number.isInteger(hits) && hits >= 0 && hits <= trials).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
  expect(cases).toBe(500);
});

test('a weight of nothing is never chosen', () => {
  const random = new Random(3);
  for (let index = 0; index < 2000; index++) expect(random.weighted([0, 1, -2, 3, 0])).toBeOneOf([1, 3]);
  expect(random.weighted([0, 0])).toBe(-1);
  expect(random.weighted([])).toBe(-1);
});
