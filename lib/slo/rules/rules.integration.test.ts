import { expect, test } from 'vitest';
import { testConfig } from '@/lib/service/testing/config';
import { readServer, ruleFile } from './rule-file';
import { onlyPair } from './testing/edited-rules';
import {
  type Asked,
  counter,
  type Fed,
  type Played,
  scrapeSeconds,
  testRules,
  times,
} from './testing/promtool';

const minute = 60;
const hour = 3600;
const scrapes = (seconds: number) => seconds / scrapeSeconds;

const slo = {
  id: 'shop',
  service: 'shop-api',
  name: 'Availability',
  objective: '99.95',
  minFailures: 5,
};
const rulesOf = (slos: object[], version = '2.42') => {
  const made = ruleFile(testConfig({}, { slos }), {
    server: readServer(version, ['native-histograms']),
    baseUrl: 'https://console.example.com',
  });
  expect(made.refused).toEqual([]);
  return made.text;
};

/** Requests of one region: the failed ones are a part of all. */
function requests(region: string, all: readonly number[], failed: readonly number[]): Fed[] {
  const series = (status: string) =>
    `http_requests_total{service="shop-api",environment="production",region="${region}",status="${status}"}`;
  return [
    { series: series('200'), values: counter(all.map((count, index) => count - (failed[index] ?? 0))) },
    { series: series('500'), values: counter(failed) },
  ];
}

/** Region and pair of the burn alerts that fire, in order. */
const fires = (at: number, ...alerts: string[]): Asked => ({
  at,
  expr: 'count by (region, pair) (ALERTS{alertstate="firing",alertname="SloBudgetBurn"})',
  samples: alerts.map((one) => {
    const [region, pair] = one.split(' ');
    return { labels: `{pair="${pair}", region="${region}"}`, value: 1 };
  }),
});

async function play(rules: string, plays: Played[]): Promise<void> {
  const { code, output } = await testRules(rules, plays);
  expect(output).toContain('SUCCESS');
  expect(code).toBe(0);
}

/** A steady share of failures in the west, and none in the east. */
const steady = (seconds: number, failed: number): Fed[] => [
  ...requests('us-east-1', times(scrapes(seconds), 10_000), times(scrapes(seconds), failed)),
  ...requests('eu-west-1', times(scrapes(seconds), 10_000), times(scrapes(seconds), 0)),
];

test('each pair fires above its burn and not below, for the group that burns', async () => {
  const us = 'us-east-1';
  // Of 10,000 requests 5 may fail: so many failures are a fifth of it as a burn rate.
  const cases: [name: string, failed: number, alerts: string[]][] = [
    ['within the budget', 4.5, []],
    ['burn 1.5', 7.5, ['ticket-3d']],
    ['burn 2.5', 12.5, ['guide-4h', 'ticket-3d']],
    ['burn 4', 20, ['guide-4h', 'ticket-1d', 'ticket-3d']],
    ['burn 7', 35, ['guide-4h', 'page-6h', 'ticket-1d', 'ticket-3d']],
    ['burn 16', 80, ['guide-4h', 'page-1h', 'page-6h', 'ticket-1d', 'ticket-3d']],
    ['burn 24', 120, ['guide-1h', 'guide-4h', 'page-1h', 'page-6h', 'ticket-1d', 'ticket-3d']],
  ];
  await play(
    rulesOf([slo]),
    cases.map(([name, failed, alerts]) => ({
      name,
      fed: steady(30 * minute, failed),
      asked: [fires(30 * minute, ...alerts.map((pair) => `${us} ${pair}`))],
    })),
  );
});

/** Failures by scrape: none, then all for a while, then none. */
const outage = (before: number, during: number, after: number, count: number): number[] => [
  ...times(scrapes(before), 0),
  ...times(scrapes(during), count),
  ...times(scrapes(after), 0),
];

test('an outage pages within two minutes, its short span ends the page, its long one the alerts without one', async () => {
  const us = 'us-east-1';
  const failed = outage(hour, 5 * minute, 85 * minute, 1000);
  const all = ['guide-1h', 'guide-4h', 'page-1h', 'page-6h', 'ticket-1d', 'ticket-3d'];
  const named = (...pairs: string[]) => pairs.map((pair) => `${us} ${pair}`);
  await play(rulesOf([slo]), [
    {
      name: 'outage',
      fed: requests(us, times(failed.length, 1000), failed),
      asked: [
        fires(hour),
        fires(hour + 2 * minute, ...named(...all)),
        fires(hour + 5 * minute, ...named(...all)),
        // The last failure is five minutes ago, so 1h and 5m no longer agree; 6h and 30m do.
        fires(hour + 11 * minute, ...named(...all.filter((pair) => pair !== 'page-1h'))),
        fires(hour + 45 * minute, ...named('guide-1h', 'guide-4h', 'ticket-1d', 'ticket-3d')),
        fires(2.5 * hour, ...named('guide-4h', 'ticket-1d', 'ticket-3d')),
        // Nothing is rounded away or counted twice: 10 scrapes of 1000 failures.
        {
          at: 2.5 * hour,
          expr: 'round(sum(sum_over_time(slo:bad_events:count5m[2h])) / 10)',
          samples: [{ labels: '{}', value: 10_000 }],
        },
      ],
    },
  ]);
});

test('fewer failures than asked for raise nothing, and as many as asked for do', async () => {
  const us = 'us-east-1';
  const quiet = (failures: number) => {
    const failed = [...times(scrapes(30 * minute), 0), ...times(failures, 1), ...times(20, 0)];
    return requests(us, times(failed.length, 1), failed);
  };
  const soon = 34 * minute;
  const later = 38 * minute;
  const named = (...pairs: string[]) => pairs.map((pair) => `${us} ${pair}`);
  await play(rulesOf([slo]), [
    { name: 'four of five', fed: quiet(4), asked: [fires(soon), fires(later)] },
    {
      name: 'five of five',
      fed: quiet(5),
      asked: [
        fires(soon, ...named('guide-1h', 'page-1h', 'page-6h')),
        // Tickets wait until the failures are in all of the overlapping counts.
        fires(later, ...named('guide-1h', 'guide-4h', 'page-6h', 'ticket-1d', 'ticket-3d')),
      ],
    },
  ]);
});

test('a restart is no failure, no series of failures is none, and no traffic is not 100 % failed', async () => {
  const us = 'us-east-1';
  const where = `service="shop-api",environment="production",region="${us}"`;
  const half = times(scrapes(20 * minute), 50);
  const recorded = (metric: string, at: number, value: number): Asked => ({
    at,
    expr: `round(${metric})`,
    samples: [{ labels: `{environment="production",region="${us}",service="shop-api",slo="shop"}`, value }],
  });
  await play(rulesOf([slo]), [
    {
      name: 'restart',
      fed: [
        {
          series: `http_requests_total{${where},status="200"}`,
          values: [...counter(half), ...counter(half)],
        },
        { series: `http_requests_total{${where},status="500"}`, values: times(scrapes(40 * minute), 40_000) },
      ],
      asked: [
        recorded('slo:bad_events:count5m', 22 * minute, 0),
        recorded('slo:total_events:count5m', 40 * minute, 500),
        fires(22 * minute),
        fires(40 * minute),
      ],
    },
    {
      name: 'no series of failures',
      fed: [{ series: `http_requests_total{${where},status="200"}`, values: counter(half) }],
      asked: [
        recorded('slo:bad_events:count5m', 20 * minute, 0),
        recorded('slo:total_events:count5m', 20 * minute, 500),
        fires(20 * minute),
      ],
    },
    {
      name: 'no traffic',
      fed: requests(us, times(40, 0), times(40, 0)),
      asked: [recorded('slo:total_events:count5m', 20 * minute, 0), fires(20 * minute)],
    },
  ]);
});

const named = (alertname: string, at: number, ...samples: Asked['samples']): Asked => ({
  at,
  expr: `count by (region, severity) (ALERTS{alertstate="firing",alertname="${alertname}"})`,
  samples,
});

test('absent series are missed by region after the wait, and come back', async () => {
  const gone = [...times<number | null>(20, 1), ...times(20, null), ...times(20, 1)];
  const there = times(60, 1);
  const series = (region: string, values: (number | null)[]): Fed => ({
    series: `http_requests_total{service="shop-api",environment="production",region="${region}",status="200"}`,
    values,
  });
  const missed = { labels: '{region="eu-west-1", severity="page"}', value: 1 };
  await play(rulesOf([slo]), [
    {
      name: 'gone',
      fed: [series('us-east-1', there), series('eu-west-1', gone)],
      asked: [
        named('SloMetricsAbsent', 10 * minute),
        // The last sample is looked back to for five minutes, then the wait of one minute begins.
        named('SloMetricsAbsent', 15 * minute),
        named('SloMetricsAbsent', 17 * minute, missed),
        named('SloMetricsAbsent', 25 * minute),
      ],
    },
    {
      name: 'never there',
      fed: [series('us-east-1', there)],
      asked: [named('SloMetricsAbsent', 0), named('SloMetricsAbsent', 2 * minute, missed)],
    },
  ]);
});

test('counts that contradict one another are told', async () => {
  const good = { id: 'odd', service: 'mailer', name: 'Odd', objective: '99', groupBy: [] };
  const total = { metric: 'sent_total' };
  const of = (indicator: object) => rulesOf([{ ...good, indicator }]);
  const where = 'service="mailer",environment="production"';
  const fed = (rises: Record<string, number>): Fed[] =>
    Object.entries(rises).map(([metric, rise]) => ({
      series: `${metric}{${where}}`,
      values: counter(times(scrapes(40 * minute), rise)),
    }));
  const told = { labels: '{severity="ticket"}', value: 1 };
  await play(of({ kind: 'events', total, good: { metric: 'good_total' } }), [
    {
      name: 'all good',
      fed: fed({ sent_total: 50, good_total: 50 }),
      asked: [named('SloCountsImpossible', 40 * minute)],
    },
    {
      name: 'too good',
      fed: fed({ sent_total: 50, good_total: 60 }),
      asked: [named('SloCountsImpossible', 40 * minute, told)],
    },
  ]);
  await play(of({ kind: 'events', total, bad: { metric: 'bad_total' } }), [
    {
      name: 'too bad',
      fed: fed({ sent_total: 50, bad_total: 60 }),
      asked: [named('SloCountsImpossible', 40 * minute, told)],
    },
  ]);
});

test('an alert says which pair fired, how fast it burns, when the budget ends and where to read on', async () => {
  const rules = rulesOf([{ ...slo, window: '30d', service: 'shop-api' }]);
  const labels = {
    slo: 'shop',
    service: 'shop-api',
    environment: 'production',
    region: 'us-east-1',
    severity: 'page',
    pair: 'page-6h',
    window: '6h and 30m',
  };
  // Only one alert of the name may be given, so the others are kept from firing: a burn of 7 over two hours.
  await play(onlyPair(rules, 'page-6h'), [
    {
      name: 'burn 7',
      fed: requests('us-east-1', times(scrapes(hour), 10_000), times(scrapes(hour), 35)),
      asked: [],
      told: [
        {
          at: hour,
          alertname: 'SloBudgetBurn',
          labels,
          annotations: {
            summary:
              'Availability of Shop API in production (region us-east-1) spends its error budget 7.0 times as fast as it may',
            // An hour is 1/720 of 30 days: 7/720 of the budget is gone, and the rest lasts 713/720 * 30 d / 7.
            description:
              'The rule page-6h fired: over 6h and 30m the burn rate was above 6 (5 % of the budget in 6 h), now it is 7.0; the objective is 99.95 % over 30d. At this burn what is left of the budget lasts 4d 5h 51m 25s.',
            console_url: 'https://console.example.com/slos/shop',
          },
        },
      ],
    },
  ]);
});
