import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { OpsError } from '@/lib/core/errors';
import { testConfig } from '@/lib/service/testing/config';
import { readServer, ruleFile } from './rule-file';
import { generatedConfig } from './testing/configurations';

const Rules = z.strictObject({
  groups: z.array(
    // No field that 2.42 does not know: labels, limit by version, query_offset.
    z.strictObject({
      name: z.string(),
      interval: z.enum(['30s', '2m']),
      rules: z.array(
        z.union([
          z.strictObject({
            record: z.string(),
            expr: z.string(),
            labels: z.strictObject({ slo: z.string(), service: z.string(), environment: z.string() }),
          }),
          z.strictObject({
            alert: z.string(),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.record(z.string(), z.string()),
            annotations: z.record(z.string(), z.string()),
          }),
        ]),
      ),
    }),
  ),
});

const ask = (more: object = {}) => ({ server: readServer('2.42'), baseUrl: null, ...more });
const slo = { id: 'a', service: 'shop-api', name: 'A', objective: '99.95' };
const fileOf = (slos: object[], more: object = {}, settings: object = {}) =>
  ruleFile(testConfig({}, { slos, ...settings }), ask(more));
const ruleList = (text: string) => Rules.parse(parse(text)).groups.flatMap(({ rules }) => rules);
const pairs = (text: string) =>
  ruleList(text).flatMap(({ labels }) => ('pair' in labels ? [labels['pair']] : []));

/** Whether the grammar of Prometheus 3 reads all of it. */
function isPromql(text: string): boolean {
  let wrong = false;
  parser.parse(text).iterate({
    enter: ({ type }) => {
      wrong ||= type.isError;
    },
  });
  return !wrong;
}

test('the grammar of Prometheus 3 reads every expression of generated configurations', () => {
  let cases = 0;
  for (const seed of [11, 12]) {
    const { text } = ruleFile(generatedConfig(100, seed), ask({ server: readServer('3.8') }));
    for (const { expr } of ruleList(text)) {
      expect(isPromql(expr), expr).toBe(true);
      expect(expr).not.toMatch(/\b(anchored|smoothed|fill|fill_left|fill_right)\b(?![^"]*")/);
      cases++;
    }
  }
  expect(cases).toBeGreaterThan(1200);
  expect(isPromql('sum by (a) (rate(x[5m]')).toBe(false);
});

test('an objective has two counts, the pairs, the alerts of SLO-03 and what misses its series', () => {
  const { text, refused, notes } = fileOf([slo]);
  expect([refused, notes]).toEqual([[], []]);
  const rules = ruleList(text);
  expect(rules.flatMap((rule) => ('record' in rule ? [rule.record] : []))).toEqual([
    'slo:total_events:count5m',
    'slo:bad_events:count5m',
  ]);
  expect(pairs(text)).toEqual(['page-1h', 'page-6h', 'guide-1h', 'ticket-1d', 'ticket-3d', 'guide-4h']);
  expect(
    rules.flatMap((rule) => ('alert' in rule ? [`${rule.alert} ${rule.labels['severity']}`] : [])),
  ).toEqual([
    ...Array.from({ length: 3 }, () => 'SloBudgetBurn page'),
    'SloMetricsAbsent page',
    ...Array.from({ length: 3 }, () => 'SloBudgetBurn ticket'),
    'SloCountsImpossible ticket',
  ]);
  const ranges = rules.flatMap(({ expr }) => [...expr.matchAll(/\[(\w+)\]/g)].map(([, range]) => range));
  // Raw series are read over five minutes only, whatever the span of an alert.
  expect(
    new Set(rules.filter((rule) => 'record' in rule).flatMap(({ expr }) => expr.match(/\[\w+\]/g))),
  ).toEqual(new Set(['[5m]']));
  expect(new Set(ranges)).toEqual(new Set(['5m', '1h', '6h', '30m', '1d', '2h', '3d', '4h']));
});

test('links are those of the service and of the console', () => {
  const config = testConfig({}, { slos: [slo] });
  const [service] = config.services;
  if (service === undefined) throw new Error('The configuration has no service.');
  service.links = { runbook: 'https://docs.example.com/{{ x }}' };
  const [, , alert] = ruleList(ruleFile(config, ask({ baseUrl: 'https://console.example.com' })).text);
  expect(alert).toMatchObject({
    annotations: {
      runbook_url: 'https://docs.example.com/%7B%7B x }}',
      console_url: 'https://console.example.com/slos/a',
    },
  });
});

test('what can never fire is left out and named', () => {
  const { text, notes } = fileOf([{ ...slo, objective: '90' }]);
  expect(pairs(text)).toEqual(['page-6h', 'ticket-1d', 'ticket-3d']);
  expect(notes).toEqual([
    expect.stringContaining('a in production: The rule page-1h can never fire'),
    expect.stringContaining('The rule guide-1h is left out: its threshold is a burn of 0.1'),
    expect.stringContaining('The rule guide-4h is left out'),
  ]);
  for (const note of notes) expect(text).toContain(`#   - ${note}`);
});

test('a short window is told to fire at burns that the objective allows', () => {
  const { text, notes } = fileOf([{ ...slo, window: '1h' }]);
  expect(pairs(text)).toEqual(['page-1h', 'guide-1h']);
  expect(notes).toEqual([
    'a in production: The rule page-1h fires at a burn of 0.02, slower than the objective allows: on its window 2 % of the budget in 1h are no more than that.',
    ...['page-6h', 'ticket-1d', 'ticket-3d', 'guide-4h'].map((rule) =>
      expect.stringContaining(`The rule ${rule} looks back`),
    ),
  ]);
  expect(fileOf([{ ...slo, window: '7d' }]).notes).toHaveLength(2);
});

test('what cannot be a rule is refused by name and reason', () => {
  const native = { kind: 'latency-native', histogram: { metric: 'wait_seconds' }, below: '300ms' };
  const slow = { prometheus: [{ id: 'main', url: 'http://127.0.0.1:9', scrapeInterval: '1m' }] };
  const slowest = { prometheus: [{ id: 'main', url: 'http://127.0.0.1:9', scrapeInterval: '5m' }] };
  const method = { timeslices: '1m' };
  const refusals = [
    fileOf([{ ...slo, indicator: native }]),
    fileOf([{ ...slo, groupBy: ['service'] }]),
    fileOf([{ ...slo, method }], {}, { sources: slow }),
    fileOf([slo], {}, { sources: slowest }),
  ].flatMap(({ refused, rules }) => [...refused, rules]);
  expect(refusals).toEqual([
    'a in production: it counts a native histogram. Prometheus 2.42 runs without them: start it with --enable-feature=native-histograms. Say --enable-feature native-histograms here too if it does, or --prometheus with the version that runs.',
    0,
    'a in production: it is grouped by service, a label that the rules themselves set; rename it when scraping, or group by another.',
    0,
    'a in production: a count over 1 min needs a scrape every 30 s or more often, and scrapeInterval says 1 min.',
    0,
    'a in production: a count over 5 min needs a scrape every 2 min 30 s or more often, and scrapeInterval says 5 min.',
    0,
  ]);
  const known = { server: readServer('2.45', ['native-histograms']) };
  expect(fileOf([{ ...slo, indicator: native }], known).refused).toEqual([]);
  expect(fileOf([{ ...slo, indicator: native }], { server: readServer('3.8') }).refused).toEqual([]);
  const empty = fileOf([]);
  expect(empty.text).toMatch(/^groups: \[\]$/m);
  expect(empty.notes).toEqual(['No objective is in this file. The configuration has none.']);
});

test('what rules cannot know is said', () => {
  const once = { from: '2026-12-20T22:00:00Z', to: '2026-12-21T02:00:00Z', reason: 'Move' };
  expect(fileOf([{ ...slo, maintenance: 'excluded', exclusions: [once] }]).notes).toEqual([
    'a in production: Prometheus does not know planned maintenance and its exclusions: silence the alerts for that time.',
  ]);
});

test('each of several servers gets the rules of what it holds', () => {
  const server = (id: string, region: string) => ({ id, url: 'http://127.0.0.1:9', regions: [region] });
  const sources = { prometheus: [server('east', 'us-east-1'), server('west', 'eu-west-1')] };
  const both = fileOf([slo], {}, { sources });
  expect(both.notes).toEqual([expect.stringContaining('in 2 servers (east, west)')]);
  const mailer = { ...slo, id: 'b', service: 'mailer' };
  const west = fileOf([slo, mailer], { source: 'west' }, { sources });
  expect(west.text).toContain('region="eu-west-1"');
  expect(west.text).not.toContain('region="us-east-1"');
  expect(west.refused).toEqual(['b in production: the Prometheus west answers for none of its regions.']);
});

test('names that do not exist and versions that are too old are refused', () => {
  expect(() => fileOf([slo], { slo: 'b' })).toThrow('There is no objective "b".');
  expect(() => fileOf([slo], { environment: 'moon' })).toThrow(OpsError);
  expect(() => fileOf([slo], { source: 'moon' })).toThrow('There is no Prometheus "moon".');
  expect(readServer('3.x')).toEqual({ version: '3.0', features: [] });
  expect(readServer('v2.45.3').version).toBe('2.45');
  expect(() => readServer('2.41')).toThrow('2.42 or newer');
  expect(() => readServer('latest')).toThrow('no version');
});

test('the header says how a page silences the tickets of its own group, and no other', () => {
  const { text } = fileOf([slo, { ...slo, id: 'b', groupBy: ['customer', 'region'] }]);
  const lines = text.split('\n').filter((line) => line.startsWith('#'));
  const from = lines.findIndex((line) => line.includes('inhibit_rules:'));
  const yaml = lines.slice(from, from + 4).map((line) => line.slice(1));
  expect(parse(yaml.join('\n'))).toEqual({
    inhibit_rules: [
      {
        source_matchers: ['severity="page"', 'slo!=""'],
        target_matchers: ['severity="ticket"', 'slo!=""'],
        equal: ['slo', 'environment', 'region', 'customer'],
      },
    ],
  });
});
