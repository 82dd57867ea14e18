import { describe, expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { judgeSlo } from '../fleet/figures';
import type { FleetState, Known } from '../fleet/state';
import { fleetOfPast, type Past } from '../fleet/testing/state';
import type { Counts } from '../model';
import { SloData } from './contract';
import { sloDataOf } from './data';
import { definitionOf, earlierWords } from './definition';
import { endsOf, stepOf } from './series';
import { count, definitionWords, exhaustionWords, percent, sentenceOf, times } from './words';

const day = 86_400;
const to = 1_795_256_100 - (1_795_256_100 % 300);
const counts = (total: number, bad: number): Counts => ({ good: total - bad, bad, total });
const latency = { kind: 'latency', below: '300ms' };
const config = testConfig(
  {},
  {
    slos: [
      { id: 'rolling', service: 'shop-api', name: 'Rolling', objective: '99.9', window: '7d' },
      {
        id: 'calendar',
        service: 'shop-api',
        name: 'Calendar',
        objective: '99.9',
        window: { calendar: 'week', zone: 'Europe/Berlin' },
      },
      { id: 'slow', service: 'shop-api', name: 'Slow', objective: '99', indicator: latency, groupBy: [] },
      {
        id: 'slices',
        service: 'shop-api',
        name: 'Slices',
        objective: '99.9',
        window: '7d',
        method: { timeslices: '5m', target: '99.5' },
      },
    ],
  },
);
const knownOf = (state: FleetState, id: string): Known => {
  const known = state.known.find(({ slo }) => slo.id === id);
  if (known === undefined) throw new Error(`no ${id}`);
  return known;
};

function dataOf(id: string, at: Past['at']) {
  const state = fleetOfPast(config, to, [{ labels: { region: 'us-east-1' }, at }]);
  const known = knownOf(state, id);
  const judged = judgeSlo(known, known.whole);
  const recorded = state.recordedOf(id);
  const queries = ['sum(increase(a[7d]))'];
  const data = SloData.parse(sloDataOf({ known, judged, recorded, lastChange: null, queries, invalid: [] }));
  return { data, judged, known };
}

const valuesOf = (line: SloData['burn']) => line.flatMap(([, value]) => value ?? []);

describe('the charts', () => {
  test('fixed starts full, only falls, breaks at gaps and ends at the tile', () => {
    const { data, judged } = dataOf('rolling', (end) =>
      end > to - 4 * day && end <= to - 3 * day ? null : counts(1000, end % 3600 === 0 ? 2 : 0),
    );
    const { budget, numbers, stepSeconds } = data.fixed;
    const values = valuesOf(budget);
    expect(values[0]).toBe(1);
    expect(values).toEqual(values.toSorted((a, b) => b - a));
    expect(budget.at(-1)).toEqual([to, numbers.budgetLeft]);
    expect(numbers.budgetLeft).toBe(judged.figures.budgetLeft);
    expect(budget.filter(([, left]) => left === null)).toHaveLength(day / stepSeconds);
    expect(data.burn.filter(([, burn]) => burn === null)).toHaveLength(day / stepSeconds);
  });

  test('rolling recovers as failures age, and starts where it was', () => {
    const { data } = dataOf('rolling', (end) =>
      counts(1000, end > to - 9 * day && end <= to - 8 * day ? 5 : 0),
    );
    const values = valuesOf(data.rolling.budget);
    expect(values[0]).toBeCloseTo(1 - 5 / 7, 2);
    expect(values.at(-1)).toBe(1);
    expect(data.fixed.budget.every(([, left]) => left === 1)).toBe(true);
  });

  test('the fan begins at the tile, and a rolling budget ends where its pace leads', () => {
    const { data } = dataOf('rolling', (end) => counts(1000, end > to - 3.5 * day ? 1 : 0));
    const fan = data.fixed.forecast;
    const left = data.fixed.numbers.budgetLeft ?? Number.NaN;
    for (const line of [fan?.soonest, fan?.likely, fan?.latest]) {
      expect(line?.[0]).toEqual([to, expect.closeTo(left, 9)]);
    }
    const { soonest } = data.fixed;
    expect(soonest.kind).toBe('in');
    // A quarter of the window further half of what was left is gone.
    expect(fan?.likely.at(-1)?.[1]).toBeCloseTo(0.25, 1);
  });

  test('a calendar period is projected to its end, where its fan ends', () => {
    const { data, known } = dataOf('calendar', (end) => counts(1000, end > to - 3 * 3600 ? 4 : 0));
    const { fixed, rolling } = data;
    expect([fixed.from, fixed.to, fixed.end]).toEqual([known.bounds.from, to, known.bounds.end]);
    expect(fixed.label).toBe('2026-W47');
    expect(fixed.forecast?.likely.at(-1)).toEqual([
      known.bounds.end,
      expect.closeTo(fixed.projection?.budgetLeft ?? Number.NaN, 9),
    ]);
    expect(fixed.ideal).toEqual([
      [known.bounds.from, 1],
      [known.bounds.end, 0],
    ]);
    expect(rolling.to - rolling.from).toBe(7 * day);
    expect(rolling.numbers.total).toBe(2016 * 1000);
    expect(fixed.numbers.total).toBe(((to - known.bounds.from) / 300) * 1000);
  });

  test.each([7, 28, 30, 90])('a window of %i days has at most 750 steps and ends now', (days) => {
    const bounds = { from: to - days * day, to };
    const ends = endsOf(bounds, stepOf(days * day));
    expect(ends.length).toBeLessThanOrEqual(751);
    expect(ends.at(-1)).toBe(to);
    expect(ends).toEqual([...new Set(ends)].toSorted((a, b) => a - b));
  });
});

test('how the tiles are computed is told with their numbers', () => {
  const { data } = dataOf('rolling', (end) => counts(1000, end > to - 3600 ? 7 : 0));
  const { how } = data.fixed;
  expect(how.sli.filled).toBe('(2,016,000 − 84) / 2,016,000 = 99.9958 %');
  expect(how.budget.filled).toBe('1 − 84 / (0.1000 % × 2,016,000) = 1 − 84 / 2,016 = 95.83 %');
  expect(how.budget.notes).toContain('0.1000 % of 7 d are 10 min 4 s of full outage at constant traffic.');
  expect(how.burn.filled).toBe('(84 / 12,000) / 0.1000 % = 7×');
  expect(how.exhaustion.filled).toMatch(
    /^1 h pace of 7×: in .*; 6 h pace of 1\.167×: .*; 3 d pace of 0\.097×: never$/,
  );
  expect(how.sli.queries).toEqual(['sum(increase(a[7d]))']);
  expect(how['last-change'].filled).toBe('No change was carried out in the window.');
});

test('without traffic nothing is computed, and it is said why', () => {
  const { data } = dataOf('rolling', () => counts(0, 0));
  expect(data.fixed.how.sli.filled).toBe('Nothing was asked in the window, and 0/0 is not 100 %.');
  expect(data.fixed.how.burn.filled).toBe('Nothing was asked in the last hour.');
  expect(data.fixed.budget.every(([, left]) => left === null)).toBe(true);
});

test('slices are counted as slices', () => {
  const { data } = dataOf('slices', (end) => counts(1000, end === to - 300 ? 6 : 4));
  expect(data.fixed.numbers).toMatchObject({ total: 2016, bad: 1 });
  expect(data.fixed.how.budget.notes[1]).toBe('One failed slice costs 49.60 % of it.');
});

test('rules say their thresholds, what a single failure does and what they can never do', () => {
  const { data } = dataOf('rolling', () => counts(1000, 0));
  expect(data.pairs.map(({ words }) => words)).toEqual([
    '1 h and 5 min above 3.36×',
    '6 h and 30 min above 1.4×',
    '1 d and 2 h above 0.7×',
    '3 d and 6 h above 0.233×',
  ]);
  expect(data.guides.map(({ words, severity }) => [words, severity])).toEqual([
    ['below 99.0 % over 1 h', 'page'],
    ['below 99.9 % over 4 h', 'ticket'],
  ]);
  expect(data.pairs[0]?.minimumEvents).toBeCloseTo(1 / (3.36 * 0.001), 6);
});

describe('words', () => {
  const wordsOf = (id: string) => {
    const slo = config.slos.find((one) => one.id === id);
    const service = config.services[0];
    if (slo === undefined || service === undefined) throw new Error(id);
    return definitionWords(service, slo);
  };

  test('an objective in a sentence', () => {
    expect(wordsOf('rolling')).toBe('99.9 % of the requests to Shop API succeed, over the last 7 d.');
    expect(wordsOf('calendar')).toBe(
      '99.9 % of the requests to Shop API succeed, over each calendar week, Europe/Berlin.',
    );
    expect(wordsOf('slow')).toBe(
      '99 % of the requests to Shop API are answered within 300ms, over the last 30 d.',
    );
    expect(wordsOf('slices')).toBe(
      'In 99.9 % of the slices of 5 min, 99.5 % of the requests to Shop API succeed, over the last 7 d.',
    );
  });

  test('the queries are those of the indicator, for the whole window', () => {
    const state = fleetOfPast(config, to, []);
    const { queries, grouping } = definitionOf(config, knownOf(state, 'slow').slo, 'production', state);
    expect(queries.map(({ role }) => role)).toEqual(['total', 'good']);
    expect(queries[0]?.promql).toMatch(
      /^sum.*\(increase\(http_request_duration_seconds_bucket\{.*le="\+Inf".*\}\[2592000s\]\)\)$/,
    );
    expect(grouping).toBe('One figure; nothing is grouped.');
  });

  test('an edited definition is told from what is kept of it', () => {
    expect(earlierWords({ indicator: 'availability', groupBy: ['region'] })).toBe(
      "Availability of the service's requests. Grouped by region.",
    );
    expect(
      earlierWords({ indicator: { kind: 'events', total: { metric: 'a' }, bad: { metric: 'b' } } }),
    ).toBe('events of a and b.');
    expect(earlierWords('garbage')).toBe('A definition of an earlier release.');
  });

  test('the judgement names the pair, the rest and when it is gone', () => {
    const { judged } = dataOf('rolling', (end) => counts(1000, end > to - 2 * 3600 ? 20 : 0));
    const { lead, rest } = sentenceOf(judged.word, judged);
    expect(lead).toBe('The budget burns fast.');
    expect(rest).toMatch(
      /^Over 1 h it burns at 20× \(threshold 3\.36×\)\. .* % of the error budget is left\. .* it is gone in /,
    );
  });

  test.each([
    [
      { kind: 'spent', recoversInSeconds: 7200 },
      { kind: 'never' },
      'The budget is spent; at this pace it comes back in 2 h.',
    ],
    [
      { kind: 'spent', recoversInSeconds: null },
      { kind: 'never' },
      'The budget is spent and does not come back at this pace.',
    ],
    [
      { kind: 'in', seconds: 3600 },
      { kind: 'never' },
      'At the fastest pace of the last days it is gone in 1 h, at the slowest never.',
    ],
    [{ kind: 'in', seconds: 3600 }, { kind: 'in', seconds: 7200 }, 'It is gone in 1 h to 2 h.'],
    [{ kind: 'never' }, { kind: 'never' }, 'At no pace of the last days is it used up.'],
    [{ kind: 'unknown' }, { kind: 'unknown' }, ''],
  ] as const)('%j to %j', (soonest, latest, words) => {
    expect(exhaustionWords(soonest, latest)).toBe(words);
  });

  test('numbers', () => {
    expect([percent(0.5), percent(-0.0000469), percent(0.000001, 1)]).toEqual([
      '50.00 %',
      '-0.0047 %',
      '0.00010 %',
    ]);
    expect([times(14.4), times(0.2333333), times(1000.4)]).toEqual(['14.4×', '0.233×', '1000×']);
    expect([count(1204), count(3.24), count(1234.5)]).toEqual(['1,204', '3.2', '1,235']);
  });
});
