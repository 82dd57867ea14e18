import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Config } from '@/lib/config/schema';
import { validateConfig } from '@/lib/config/validate';
import { testConfig } from '@/lib/service/testing/config';
import { quote } from '@/lib/sources/prometheus/queries';
import { demoConfig } from '@/sandbox/demo/signalbox.yaml';
import { escapeUnprintable } from './promql';
import { readServer, ruleFile } from './rule-file';
import { generatedConfig, nasty } from './testing/configurations';
import { onlyPair } from './testing/edited-rules';
import { checkRules, counter, testRules, times } from './testing/promtool';

const root = path.resolve(import.meta.dirname, '../../..');
const urls = {
  kubernetes: {},
  loki: 'http://127.0.0.1:1',
  prometheus: 'http://127.0.0.1:2',
  alertmanager: 'http://127.0.0.1:3',
  control: 'http://127.0.0.1:4',
  metrics: 'http://127.0.0.1:5',
  registry: 'http://127.0.0.1:6',
};

function configOf(text: string): Config {
  const { config, problems } = validateConfig(text, 'signalbox.yaml');
  expect(problems).toEqual([]);
  if (config === null) throw new Error('The configuration is not valid.');
  return config;
}

const made = (config: Config, version: string) =>
  ruleFile(config, {
    server: readServer(version, ['native-histograms']),
    baseUrl: 'https://console.example.com/{{ .Labels }}',
  });

test('promtool takes the rules of the demo, of the example and of every generated configuration', async () => {
  const generated = [1, 2, 3].map((seed) => generatedConfig(100, seed));
  const kinds = generated.flatMap(({ slos }) =>
    slos.map(({ indicator }) => (indicator === 'availability' ? indicator : indicator.kind)),
  );
  expect(new Set(kinds).size).toBe(5);
  const written = [
    configOf(demoConfig(urls, '/data')),
    configOf(readFileSync(path.join(root, 'signalbox.example.yaml'), 'utf8')),
  ];
  const files = [...written, ...generated].flatMap((config) => [made(config, '2.42'), made(config, '3.8')]);
  // Not one objective is left out, and each has its two counts and what misses its series.
  expect(files.flatMap(({ refused }) => refused)).toEqual([]);
  for (const [index, { slos }] of generated.entries()) {
    const text = files[written.length * 2 + index * 2]?.text ?? '';
    expect(text.match(/record: slo:total_events:count5m/g)).toHaveLength(slos.length);
    expect(text.match(/alert: SloMetricsAbsent/g)).toHaveLength(slos.length);
  }
  const { code, output } = await checkRules(files.map(({ text }) => text));
  const counted = [...output.matchAll(/SUCCESS: (\d+) rules found/g)].map(([, count]) => Number(count));
  expect(output).not.toContain('FAILED');
  expect([code, counted]).toEqual([0, files.map(({ rules }) => rules)]);
  expect(counted.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3000);
});

test('every label value picks its own series and no other', async () => {
  const slos = nasty.map((value, index) => {
    const series = { metric: 'odd_total', matchers: [{ label: 'value', op: '=', value }] };
    return {
      id: `odd-${index}`,
      service: 'mailer',
      name: value,
      objective: '99.9',
      scope: 'written',
      indicator: { kind: 'events', total: series, bad: series },
    };
  });
  const { text, refused } = made(testConfig({}, { slos }), '2.42');
  expect(refused).toEqual([]);
  const fed = nasty.map((value, index) => ({
    series: escapeUnprintable(`odd_total{value=${quote(value)}}`),
    values: counter(times(30, index + 1)),
  }));
  const asked = nasty.map((_, index) => ({
    at: 600,
    expr: `round(slo:total_events:count5m{slo="odd-${index}"})`,
    samples: [
      {
        labels: `{environment="production", service="mailer", slo="odd-${index}"}`,
        value: 10 * (index + 1),
      },
    ],
  }));
  const { code, output } = await testRules(text, [{ name: 'values', fed, asked }]);
  expect(output).toContain('SUCCESS');
  expect([code, asked.length]).toEqual([0, nasty.length]);
});

test('names are words in the annotations and never a template', async () => {
  const name = 'Odd {{ $value }} }} "x" \\ %d {{ "{{" }}';
  const slo = { id: 'odd', service: 'mailer', name, objective: '99.9', groupBy: [] };
  const { text } = made(testConfig({}, { slos: [slo] }), '2.42');
  const told = {
    at: 600,
    alertname: 'SloMetricsAbsent',
    labels: { slo: 'odd', service: 'mailer', environment: 'production', severity: 'page' },
    annotations: {
      summary: `${name} of Mailer in production is not measured`,
      description:
        'Prometheus has no series of http_requests_total{service="mailer",environment="production"}. Nothing can be said about the objective until they are back: either nothing is running, or it is not scraped, or the series have other names now.',
      console_url: 'https://console.example.com/%7B%7B .Labels }}/slos/odd',
    },
  };
  const { code, output } = await testRules(text, [{ name: 'names', fed: [], asked: [], told: [told] }]);
  expect(output).toContain('SUCCESS');
  expect(code).toBe(0);
  expect(parse(text)).toBeTruthy();
});

test('a group of any name is found again when its alert tells how long the budget lasts', async () => {
  const slo = { id: 'odd', service: 'mailer', name: 'Odd', objective: '99.9', scope: 'written' };
  const total = { metric: 'odd_total' };
  const indicator = { kind: 'events', total, bad: { metric: 'odd_bad_total' } };
  const { text } = made(
    testConfig({}, { slos: [{ ...slo, groupBy: ['customer', 'path'], indicator }] }),
    '2.42',
  );
  const fed = nasty.flatMap((value) => {
    const labels = escapeUnprintable(`customer=${quote(value)},path="/"`);
    return [
      { series: `odd_total{${labels}}`, values: counter(times(40, 1000)) },
      { series: `odd_bad_total{${labels}}`, values: counter(times(40, 16)) },
    ];
  });
  // One alert of each customer is told, so what promtool prints in place of none holds all of them.
  const told = { at: 1200, alertname: 'SloBudgetBurn', labels: {}, annotations: {} };
  const { output } = await testRules(onlyPair(text, 'ticket-1d'), [
    { name: 'groups', fed, asked: [], told: [told] },
  ]);
  // 30 days at a burn of 16, less the 20 minutes of it.
  const lasts = 'At this burn what is left of the budget lasts 1d 20h 40m 0s.';
  expect(output.split(lasts)).toHaveLength(nasty.length + 1);
});
