import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StagedStep } from '../staged/contract';
import { timeToEvidence } from './evidence';
import { abortWriteSeconds, detectionSeconds, type ForecastParts, forecastOf } from './forecast';
import { analysis } from './testing/analysis';

const holdAt = (share: number, seconds: number): StagedStep => ({
  do: 'hold',
  region: analysis.region,
  share,
  seconds,
  minRequests: 300,
});

/** The worked example of 2.8: 200 requests a second, 99.9 % over 28 days, seen and undone in 3 min. */
const example: ForecastParts = {
  steps: [
    { do: 'write', object: 'a', set: {} },
    holdAt(0.05, 600),
    { do: 'prove', region: analysis.region, share: 0.25 },
    holdAt(0.25, 1200),
    { do: 'watch', seconds: 1800 },
  ],
  shares: [{ region: analysis.region, before: 0, after: 1 }],
  analysis: [{ ...analysis, settleSeconds: 70 }],
  requestsPerSecond: 200,
  budget: { events: 483_840, remaining: 241_920 },
  drainSeconds: 180 - 3 * 30 - 70 - abortWriteSeconds,
};

describe('the worked example of change-engine.md 2.8', () => {
  test('the budget is a thousandth of 28 days of requests', () => {
    expect(example.budget?.events).toBe(Math.round(200 * 28 * 86_400 * 0.001));
  });

  test('5 % costs 1 800, 25 % 9 000, 100 % 36 000, or 7.4 % of the budget', () => {
    const forecast = forecastOf(example);
    const costs = forecast.steps.map(({ n, share, totalFailure }) => [n, share, Math.round(totalFailure)]);
    expect(costs).toEqual([
      [2, 0.05, 1800],
      [4, 0.25, 9000],
      [5, 1, 36_000],
    ]);
    const parts = forecast.steps.map((step) => ((step.totalFailure / 483_840) * 100).toPrecision(2));
    expect(parts).toEqual(['0.37', '1.9', '7.4']);
    expect(forecast).toMatchObject({
      worst: 36_000,
      ofBudget: 36_000 / 483_840,
      ofRemaining: 36_000 / 241_920,
    });
    expect(forecast.sentence).toBe(
      'At worst 36,000 failed requests, 7.4 % of the error budget: when all requests of the new version fail at 100 % ' +
        'until that is seen and undone (about 3 min). That is 14.9 % of what is left of it.',
    );
  });

  test('the slow burn is what the analysis lets through for the whole step', () => {
    const slow = forecastOf(example).steps.map(({ slowBurn }) => Math.round(slowBurn));
    expect(slow).toEqual([0.05 * 600 * 200 * 0.01, 0.25 * 1200 * 200 * 0.01, 1800 * 200 * 0.01]);
    const long = forecastOf({ ...example, steps: [holdAt(0.5, 86_400)] });
    expect(long.sentence).toContain('fails just below the limits at 50 % for the whole step');
  });
});

describe('what is not known is not forecast', () => {
  test('without a rate there are no figures', () => {
    const { sentence, ...rest } = forecastOf({ ...example, requestsPerSecond: null });
    expect(rest).toEqual({
      requestsPerSecond: null,
      steps: [],
      worst: null,
      ofBudget: null,
      ofRemaining: null,
    });
    expect(sentence).toBe('What it may cost is not known: nobody counts the requests of this service.');
  });

  test('without an objective there is no share of a budget', () => {
    const forecast = forecastOf({ ...example, budget: null });
    expect(forecast).toMatchObject({ ofBudget: null, ofRemaining: null });
    expect(forecast.sentence).toMatch(/The service has no error budget to compare with\.$/);
  });

  test('of a spent budget nothing is left', () => {
    const forecast = forecastOf({ ...example, budget: { events: 483_840, remaining: -10 } });
    expect(forecast.ofRemaining).toBe(null);
    expect(forecast.sentence).toMatch(/Nothing of the budget is left\.$/);
  });

  test('a plan that is never judged says so', () => {
    expect(forecastOf({ ...example, steps: [], analysis: [] }).sentence).toMatch(/nothing to forecast from/);
  });
});

test('regions share the requests alike unless their own are known, and the watch is on all of them', () => {
  const two = [
    example.analysis[0] ?? analysis,
    { ...(example.analysis[0] ?? analysis), region: 'us-east-1' },
  ];
  const shares = two.map(({ region }) => ({ region, before: 0, after: 1 }));
  const parts = { ...example, analysis: two, shares };
  const costs = (more: Partial<ForecastParts>) =>
    forecastOf({ ...parts, ...more }).steps.map(({ totalFailure }) => Math.round(totalFailure));
  expect(costs({})).toEqual([900, 4500, 36_000]);
  expect(costs({ regionsPerSecond: { 'eu-west-1': 150, 'us-east-1': 50 } })).toEqual([1350, 6750, 36_000]);
  expect(costs({ regionsPerSecond: { 'us-east-1': 50 } })).toEqual([1350, 6750, 36_000]);
});

test('it grows with the share, the rate, the interval, settling, draining and the length of a step', () => {
  let cases = 0;
  const amount = fc.double({ min: 0, max: 1000, noNaN: true });
  const more = fc.double({ min: 0, max: 100, noNaN: true });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const anyCase = fc.record({ share, other: share, rate: amount, seconds: amount, drain: amount, more });
  fc.assert(
    fc.property(anyCase, (given) => {
      cases += 1;
      const [low, high] = [Math.min(given.share, given.other), Math.max(given.share, given.other)];
      const worst = (parts: Partial<ForecastParts>) =>
        forecastOf({
          ...example,
          steps: [holdAt(low, given.seconds)],
          requestsPerSecond: given.rate,
          drainSeconds: given.drain,
          ...parts,
        }).worst ?? Number.NaN;
      const base = worst({});
      const larger = [
        worst({ steps: [holdAt(high, given.seconds)] }),
        worst({ steps: [holdAt(low, given.seconds + given.more)] }),
        worst({ requestsPerSecond: given.rate + given.more }),
        worst({ drainSeconds: given.drain + given.more }),
        worst({ analysis: [{ ...analysis, intervalSeconds: 30 + given.more, settleSeconds: 70 }] }),
        worst({ analysis: [{ ...analysis, settleSeconds: 70 + given.more }] }),
        worst({ steps: [holdAt(low, given.seconds), holdAt(high, given.seconds)] }),
      ];
      for (const one of larger) expect(one).toBeGreaterThanOrEqual(base - 1e-9);
    }),
    { seed: 49, numRuns: 1000 },
  );
  expect(cases).toBe(1000);
});

test('seeing it takes as many intervals as measurements must fail', () => {
  const seconds = (failsInRow: number) => detectionSeconds({ ...analysis, failsInRow }, 0);
  expect(seconds(4) - seconds(3)).toBe(analysis.intervalSeconds);
});

test.each([
  [300, 0.05, 2, 3000, '300 requests take about 50 min at 5 % of the requests.'],
  [300, 0.25, 200, 6, '300 requests take about 6 s at 25 % of the requests.'],
  [300, 0.05, 0, null, '5 % of the requests are none, so 300 never come.'],
  [300, 0.05, null, null, 'How long 300 requests take is not known: nobody counts them.'],
])('the time to evidence of %i at %d of %j a second', (min, share, rate, seconds, sentence) => {
  expect(timeToEvidence(min, share, rate)).toEqual({ seconds, sentence });
});
