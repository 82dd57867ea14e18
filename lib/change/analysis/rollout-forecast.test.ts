import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RolloutForecastParts, rolloutForecast } from './rollout-forecast';

const example: RolloutForecastParts = {
  requestsPerSecond: 100,
  budget: { events: 100_000, remaining: 50_000 },
  steps: { rollout: 2, watch: 3 },
  rolloutSeconds: 60,
  watchSeconds: 300,
  guard: { intervalSeconds: 10, maxErrorRatio: 0.05 },
  scrapeSeconds: 5,
  ingestLagSeconds: 8,
};

describe('the forecast of a rollout', () => {
  test('counts what fails until a total failure is seen and rolled back', () => {
    // Seen after 10 + 2 * 5 + 8 + 2 = 30 s; by then half of the pods are new.
    const { steps, worst, ofBudget, ofRemaining, sentence } = rolloutForecast(example);
    expect(steps).toEqual([
      { n: 2, share: 0.5, totalFailure: 100 * 0.5 * (30 + 30), slowBurn: 100 * 60 * 0.05 },
      { n: 3, share: 1, totalFailure: 100 * (30 + 60), slowBurn: 100 * 300 * 0.05 },
    ]);
    expect([worst, ofBudget, ofRemaining]).toEqual([9000, 0.09, 0.18]);
    expect(sentence).toBe(
      'At worst 9,000 failed requests, 9.0 % of the error budget: when all requests of the new version fail after the rollout, until that is seen (about 30 s) and rolled back (about 1 min). That is 18.0 % of what is left of it.',
    );
  });

  test('a long watch may cost more just below the limit', () => {
    const { worst, sentence } = rolloutForecast({ ...example, watchSeconds: 7200 });
    expect(worst).toBe(36_000);
    expect(sentence).toContain("just below the guard's 5.0 % for the whole watch");
  });

  test('is not made up where nobody counts', () => {
    expect(rolloutForecast({ ...example, requestsPerSecond: null })).toMatchObject({
      worst: null,
      steps: [],
      sentence: expect.stringContaining('not known'),
    });
  });

  test('never costs less with more requests or a slower rollout', () => {
    let cases = 0;
    const seconds = fc.integer({ min: 0, max: 3600 });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e5, noNaN: true }), seconds, seconds, (rate, rollout, more) => {
        const at = (parts: Partial<RolloutForecastParts>) =>
          rolloutForecast({ ...example, requestsPerSecond: rate, rolloutSeconds: rollout, ...parts }).worst ??
          0;
        expect(at({ rolloutSeconds: rollout + more })).toBeGreaterThanOrEqual(at({}) - 1e-6);
        expect(at({ requestsPerSecond: rate * 2 })).toBeCloseTo(2 * at({}), 3);
        cases += 1;
      }),
      { numRuns: 500 },
    );
    expect(cases).toBe(500);
  });
});
