import { expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { periodBounds } from '../math/window';
import { windowExprs, windowLength } from './period';
import { readServer, ruleFile } from './rule-file';
import { onlyPair } from './testing/edited-rules';
import { type Asked, counter, type Fed, type Played, testRules, times } from './testing/promtool';

const minute = 60;
const base = { id: 'odd', service: 'mailer', name: 'Odd', objective: '99', groupBy: [] };
const where = 'service="mailer",environment="production"';

function rulesOf(slo: object): string {
  const made = ruleFile(testConfig({}, { slos: [{ ...base, ...slo }] }), {
    server: readServer('2.42'),
    baseUrl: null,
  });
  expect(made.refused).toEqual([]);
  return made.text;
}

async function play(slo: object, plays: Played[]): Promise<void> {
  const { code, output } = await testRules(rulesOf(slo), plays);
  expect(output).toContain('SUCCESS');
  expect(code).toBe(0);
}

const labels = '{environment="production", service="mailer", slo="odd"}';
const recorded = (at: number, total: number, bad: number): Asked[] => [
  { at, expr: 'round(slo:total_events:count5m)', samples: [{ labels, value: total }] },
  { at, expr: 'round(slo:bad_events:count5m)', samples: [{ labels, value: bad }] },
];
const fires = (at: number, ...pairs: string[]): Asked => ({
  at,
  expr: 'count by (pair) (ALERTS{alertstate="firing",alertname="SloBudgetBurn"})',
  samples: pairs.map((pair) => ({ labels: `{pair="${pair}"}`, value: 1 })),
});
const fed = (metric: string, values: (number | null)[], more = ''): Fed => ({
  series: `${metric}{${where}${more}}`,
  values,
});
const steady = (metric: string, rise: number, scrapes: number, more = ''): Fed =>
  fed(metric, counter(times(scrapes, rise)), more);

test('latency counts what is above the bound, whichever way the bound is written', async () => {
  const histogram = (bound: string, slow: number): Fed[] => [
    steady('http_request_duration_seconds_bucket', 20 - slow, 60, `,le="${bound}"`),
    steady('http_request_duration_seconds_bucket', 20, 60, ',le="+Inf"'),
  ];
  const all = ['page-1h', 'page-6h', 'ticket-1d', 'ticket-3d'];
  await play({ indicator: { kind: 'latency', below: '1s' } }, [
    {
      name: '1',
      fed: histogram('1', 4),
      asked: [...recorded(20 * minute, 200, 40), fires(20 * minute, ...all)],
    },
    {
      name: '1.0',
      fed: histogram('1.0', 4),
      asked: [...recorded(20 * minute, 200, 40), fires(20 * minute, ...all)],
    },
    { name: 'fast', fed: histogram('1', 0), asked: [...recorded(20 * minute, 200, 0), fires(20 * minute)] },
    {
      name: 'a bound that is no bucket is missed, and not 100 % slow',
      fed: histogram('0.5', 4),
      asked: [
        fires(20 * minute),
        { at: 20 * minute, expr: 'slo:bad_events:count5m', samples: [] },
        {
          at: 20 * minute,
          expr: 'count(ALERTS{alertstate="firing",alertname="SloMetricsAbsent"})',
          samples: [{ labels: '{}', value: 1 }],
        },
      ],
    },
  ]);
});

test('good events without a series are none, so all is bad', async () => {
  const total = { metric: 'sent_total' };
  await play({ indicator: { kind: 'events', total, good: { metric: 'good_total' } } }, [
    { name: 'none good', fed: [steady('sent_total', 20, 60)], asked: recorded(20 * minute, 200, 200) },
    {
      name: 'most good',
      fed: [steady('sent_total', 20, 60), steady('good_total', 19, 60)],
      asked: recorded(20 * minute, 200, 10),
    },
  ]);
});

test('slices of time are bad by their share of failures, and silent ones are neither', async () => {
  const total = { metric: 'sent_total' };
  const indicator = { kind: 'events', total, bad: { metric: 'bad_total' } };
  // Two scrapes a minute: of each five minutes one fails wholly, so its slice is bad and no other.
  const bursts = Array.from({ length: 80 }, (_, scrape) => (Math.floor(scrape / 2) % 5 === 2 ? 20 : 0));
  const silent = Array.from({ length: 80 }, (_, scrape) => (scrape < 40 ? 20 : 0));
  const of = (all: number[], bad: number[]) => [
    fed('sent_total', counter(all)),
    fed('bad_total', counter(bad)),
  ];
  await play({ indicator, method: { timeslices: '5m', target: '90' } }, [
    {
      name: 'a fifth of the slice failed',
      fed: of(times(80, 20), bursts),
      asked: recorded(30 * minute + 90, 1, 1),
    },
    {
      name: 'a twentieth failed',
      fed: of(times(80, 20), times(80, 1)),
      asked: recorded(30 * minute + 90, 1, 0),
    },
    { name: 'no traffic', fed: of(silent, times(80, 0)), asked: recorded(35 * minute, 0, 0) },
  ]);
});

test('a probe is judged by its worst sample in each slice', async () => {
  const indicator = { kind: 'probe', gauge: { metric: 'probe_success' }, healthy: { op: '==', value: 1 } };
  const down = Array.from({ length: 120 }, (_, scrape) => (scrape >= 60 && scrape < 70 ? 0 : 1));
  const gap = Array.from({ length: 120 }, (_, scrape) => (scrape >= 60 && scrape < 66 ? null : 1));
  await play({ indicator, method: { timeslices: '1m' } }, [
    {
      name: 'down for five minutes',
      fed: [fed('probe_success', down)],
      asked: [
        ...recorded(29 * minute, 5, 0),
        ...recorded(35 * minute, 5, 5),
        ...recorded(50 * minute, 5, 0),
        fires(29 * minute),
        fires(35 * minute, 'page-1h', 'page-6h', 'ticket-1d', 'ticket-3d'),
      ],
    },
    {
      name: 'one of two is down',
      fed: [fed('probe_success', times(120, 1), ',pod="a"'), fed('probe_success', down, ',pod="b"')],
      asked: recorded(34 * minute, 5, 5),
    },
    { name: 'not measured', fed: [fed('probe_success', gap)], asked: recorded(34 * minute, 3, 0) },
  ]);
  for (const [op, healthy, sick] of [
    ['>=', 5, 4],
    ['>', 6, 5],
    ['<=', 5, 6],
    ['<', 4, 5],
  ] as const) {
    const gauge = { kind: 'probe', gauge: { metric: 'depth' }, healthy: { op, value: 5 } };
    const values = [...times(21, healthy), sick, ...times(20, healthy)];
    await play({ indicator: gauge, method: { timeslices: '1m' } }, [
      {
        name: op,
        fed: [fed('depth', values)],
        asked: [
          ...recorded(10 * minute, 5, 0),
          ...recorded(12 * minute, 5, 1),
          ...recorded(20 * minute, 5, 0),
        ],
      },
    ]);
  }
});

test('the pairs of a calendar month follow its days', async () => {
  const total = { metric: 'sent_total' };
  const slo = {
    objective: '99.9',
    indicator: { kind: 'events', total, bad: { metric: 'bad_total' } },
    window: { calendar: 'month', zone: 'UTC' },
  };
  // January 1970 has 31 days: 1h and 5m fire above 0.02 x 31 x 24 = 14.88 and not at 14.6.
  const burn = (rate: number) => [steady('sent_total', 10_000, 40), steady('bad_total', rate * 10, 40)];
  const others = ['guide-1h', 'page-6h', 'ticket-1d', 'ticket-3d'];
  await play(slo, [
    { name: 'burn 14.6', fed: burn(14.6), asked: [fires(20 * minute, ...others)] },
    { name: 'burn 15.2', fed: burn(15.2), asked: [fires(20 * minute, 'page-1h', ...others)] },
  ]);
});

/** Moments of four years from 1970 on, one of them leap; the zones have no summer time then. */
const moments = Array.from({ length: 48 }, (_, index) => index * 30.4 * 86_400 + index * 1234 * 60).map(
  (at) => Math.floor(at / 60) * 60,
);

test('length and beginning of calendar periods are those of the calendar', async () => {
  const asked: Asked[] = [];
  for (const zone of ['UTC', 'Asia/Kolkata', 'Europe/Berlin']) {
    for (const unit of ['week', 'month', 'quarter'] as const) {
      const window = windowExprs({ kind: 'calendar', unit, zone });
      for (const at of moments) {
        const { from, to } = periodBounds(unit, zone, at);
        const value = (expr: string | null, is: number) =>
          asked.push({ at, expr: `${expr} + vector(0)`, samples: [{ labels: '{}', value: is }] });
        value(window.elapsed, at - from);
        value(windowLength(window), to - from);
      }
    }
  }
  expect(asked).toHaveLength(48 * 9 * 2);
  const { code, output } = await testRules('groups: []', [{ name: 'calendar', fed: [], asked }], '1d');
  expect(output).toContain('SUCCESS');
  expect(code).toBe(0);
});

test.each([
  // Of 90, 31 and 7 days at a burn of 16 all is left but the 20 minutes of it.
  ['quarter', '5d 14h 40m 0s'],
  ['month', '1d 22h 10m 0s'],
  ['week', '10h 10m 0s'],
])('the budget of a calendar %s lasts as long as what is left of it', async (unit, lasts) => {
  const total = { metric: 'sent_total' };
  const slo = {
    objective: '99.9',
    indicator: { kind: 'events', total, bad: { metric: 'bad_total' } },
    window: { calendar: unit, zone: 'Europe/Berlin' },
  };
  const burn = [steady('sent_total', 10_000, 40), steady('bad_total', 160, 40)];
  const { output } = await testRules(onlyPair(rulesOf(slo), 'ticket-1d'), [
    {
      name: 'burn 16',
      fed: burn,
      asked: [],
      // What is told instead is printed, and holds the sentence.
      told: [{ at: 20 * minute, alertname: 'SloBudgetBurn', labels: {}, annotations: {} }],
    },
  ]);
  expect(output).toContain(`At this burn what is left of the budget lasts ${lasts}.`);
});
