import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Slo } from '@/lib/config/slo';
import { testConfig } from '@/lib/service/testing/config';
import { exportSlos } from './openslo-export';
import { importOpenSlo } from './openslo-import';

const query = (text: string, type = 'Prometheus') => ({ metricSource: { type, spec: { query: text } } });
const ratio = {
  ratioMetric: {
    counter: true,
    bad: query('sum(rate(http_requests_total{job="web",code=~"5.."}[{{.window}}]))'),
    total: query('sum(rate(http_requests_total{job="web"}[{{.window}}]))'),
  },
};
const rolling = [{ duration: '4w', isRolling: true }];
const spec = {
  service: 'web',
  indicator: { metadata: { name: 'errors' }, spec: ratio },
  timeWindow: rolling,
  budgetingMethod: 'Occurrences',
  objectives: [{ target: 0.9995 }],
};
const slo = (more: object = {}, metadata: object = {}) => ({
  apiVersion: 'openslo/v1',
  kind: 'SLO',
  metadata: { name: 'web-errors', displayName: 'Web errors', ...metadata },
  spec: { ...spec, ...more },
});
const other = (kind: string, name: string, body: object = {}) => ({
  apiVersion: 'openslo/v1',
  kind,
  metadata: { name },
  spec: body,
});
const read = (...documents: object[]) =>
  importOpenSlo(documents.map((document) => stringify(document)).join('---\n'));
const lines = ({ notTaken }: ReturnType<typeof read>) =>
  notTaken.map(({ object, says, refused }) => `${refused ? 'refused ' : ''}${object}: ${says}`);

test('a document of another tool becomes an objective on its own series', () => {
  const found = read(slo());
  expect(lines(found)).toEqual([]);
  const requests = { label: 'job', op: '=', value: 'web' };
  expect(found.slos).toEqual([
    Slo.parse({
      id: 'web-errors',
      service: 'web',
      name: 'Web errors',
      objective: '99.95',
      window: '28d',
      scope: 'written',
      groupBy: [],
      indicator: {
        kind: 'events',
        total: { metric: 'http_requests_total', matchers: [requests] },
        bad: {
          metric: 'http_requests_total',
          matchers: [requests, { label: 'code', op: '=~', value: '5..' }],
        },
      },
    }),
  ]);
});

test('series that stand as written can be said to be of an environment', () => {
  const { slos } = importOpenSlo(stringify(slo()), { environment: 'production' });
  expect(slos[0]?.environments).toEqual(['production']);
});

test('an SLI of its own is found by name, and one that nobody uses is named', () => {
  const found = read(
    slo({ indicator: undefined, indicatorRef: 'errors' }),
    other('SLI', 'errors', ratio),
    other('SLI', 'spare', ratio),
  );
  expect(found.slos).toHaveLength(1);
  expect(lines(found)).toEqual(['SLI spare: no SLO here refers to it.']);
});

test('the type of a source is that of the DataSource it refers to', () => {
  const from = { metricSource: { metricSourceRef: 'dd', spec: { query: 'errors_total' } } };
  const documents = (type: string) => [slo(sliOf({ bad: from })), other('DataSource', 'dd', { type })];
  expect(read(...documents('Prometheus')).slos).toHaveLength(1);
  expect(lines(read(...documents('Datadog'))).join()).toContain(
    'the metric source is Datadog; only Prometheus',
  );
});

test('each objective of several becomes one of its own', () => {
  const found = read(
    slo({ objectives: [{ targetPercent: 99, displayName: 'Most' }, { targetPercent: '99.90' }] }),
  );
  expect(found.slos.map(({ id, name, objective }) => [id, name, objective])).toEqual([
    ['web-errors-1', 'Web errors: Most', '99'],
    ['web-errors-2', 'Web errors: 2', '99.90'],
  ]);
  expect(lines(found)).toEqual(['SLO web-errors: has 2 objectives: each becomes one of its own.']);
});

test('a threshold in time slices becomes a probe', () => {
  const found = read(
    slo({
      indicator: { spec: { thresholdMetric: query('probe_success{job="web"}') } },
      budgetingMethod: 'Timeslices',
      objectives: [{ op: 'gte', value: 1, target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 5 }],
      timeWindow: [{ duration: '1Q', calendar: { startTime: '2020-04-01 00:00:00', timeZone: 'UTC' } }],
    }),
  );
  expect(lines(found)).toEqual([]);
  expect(found.slos[0]).toMatchObject({
    objective: '99',
    method: { timeslices: '5m', target: '95' },
    window: { kind: 'calendar', unit: 'quarter', zone: 'UTC' },
    indicator: { kind: 'probe', healthy: { op: '>=', value: 1 } },
  });
});

test('every kind and part that has no place is named', () => {
  const found = read(
    slo(
      { alertPolicies: [{ alertPolicyRef: 'page' }] },
      { labels: { team: ['a'] }, annotations: { 'x.y/z': '1' } },
    ),
    other('AlertPolicy', 'page'),
    other('AlertCondition', 'burn'),
    other('AlertNotificationTarget', 'mail'),
    other('DataSource', 'prom'),
    other('Service', 'web'),
    other('Widget', 'w'),
  );
  expect(found.slos).toHaveLength(1);
  expect(lines(found)).toEqual([
    'SLO web-errors: metadata.labels (team).',
    'SLO web-errors: metadata.annotations (x.y/z).',
    'SLO web-errors: spec.alertPolicies: alert rules are made from the objective itself.',
    'AlertPolicy page: alert rules are made from the objective itself.',
    'AlertCondition burn: alert rules are made from the objective itself.',
    'AlertNotificationTarget mail: alerts are sent by Alertmanager, in its own configuration.',
    'DataSource prom: sources are defined in the configuration, below sources.prometheus.',
    'Service web: services are defined in the configuration, below services.',
    'Widget w: this kind is not part of OpenSLO v1.',
  ]);
});

const sliOf = (body: object) => ({ indicator: { spec: { ratioMetric: { ...ratio.ratioMetric, ...body } } } });
const calendar = (duration: string, startTime: string) => ({
  timeWindow: [{ duration, calendar: { startTime, timeZone: 'UTC' } }],
});
test.each<[string, object, string]>([
  [
    'RatioTimeslices',
    { budgetingMethod: 'RatioTimeslices' },
    'budgetingMethod RatioTimeslices: the mean of ratios is not kept',
  ],
  ['an unknown method', { budgetingMethod: 'Sometimes' }, 'budgetingMethod Sometimes is not known'],
  ['a target of 1', { objectives: [{ target: 1 }] }, 'must be below 100: at 100 % there is no error budget'],
  [
    'two targets',
    { objectives: [{ target: 0.9, targetPercent: 90 }] },
    'exactly one of target and targetPercent',
  ],
  ['no target', { objectives: [{}] }, 'exactly one of target and targetPercent'],
  ['no objectives', { objectives: [] }, 'objectives:'],
  [
    'a rolling month',
    { timeWindow: [{ duration: '1M', isRolling: true }] },
    'a rolling window of 1M has no fixed length',
  ],
  ['a year', calendar('1Y', '2024-01-01 00:00:00'), 'calendar periods of 1Y are not kept'],
  ['a shifted month', calendar('1M', '2024-01-15 00:00:00'), 'is not midnight of the first day of a month'],
  ['a Sunday', calendar('1w', '2024-01-07 00:00:00'), 'is not midnight of Monday'],
  ['a late begin', calendar('1M', '2024-01-01 12:30:00'), 'is not midnight'],
  [
    'an unknown zone',
    {
      timeWindow: [{ duration: '1M', calendar: { startTime: '2024-01-01 00:00:00', timeZone: 'Mars/Base' } }],
    },
    'window.zone: "Mars/Base" must be an IANA time zone',
  ],
  [
    'a long slice',
    {
      budgetingMethod: 'Timeslices',
      objectives: [{ target: 0.9, timeSliceTarget: 0.9, timeSliceWindow: '1h' }],
    },
    'timeSliceWindow: 1h is not kept; slices have 1m or 5m. 5m is the longest.',
  ],
  [
    'no slice target',
    { budgetingMethod: 'Timeslices', objectives: [{ target: 0.9, timeSliceWindow: '1m' }] },
    'timeSliceTarget: is missing',
  ],
  ['both indicators', { indicatorRef: 'errors' }, 'has both indicator and indicatorRef'],
  [
    'no such SLI',
    { indicator: undefined, indicatorRef: 'erors' },
    'refers to the SLI erors, which is not here',
  ],
  [
    'a raw ratio',
    sliOf({ bad: undefined, total: undefined, raw: query('x'), rawType: 'success' }),
    'ratioMetric.raw',
  ],
  ['no counter', sliOf({ counter: false }), 'ratioMetric.counter: false'],
  [
    'another source',
    sliOf({ bad: query('sum:x', 'Datadog') }),
    'the metric source is Datadog; only Prometheus',
  ],
  [
    'an expression',
    sliOf({ bad: query('sum(a) or vector(0)') }),
    'sum(a) or vector(0) is more than a selector',
  ],
  ['other labels', sliOf({ bad: query('sum by (a) (x)') }), 'summed by other labels'],
  [
    'a threshold by events',
    {
      indicator: { spec: { thresholdMetric: query('up') } },
      objectives: [{ target: 0.9, op: 'gt', value: 0 }],
    },
    'a probe has no events to count',
  ],
])('refused with the reason: %s', (_name, more, says) => {
  const found = read(slo(more));
  expect(found.slos).toEqual([]);
  expect(found.notTaken.filter(({ refused }) => refused)).toEqual([
    { object: 'SLO web-errors', says: expect.stringContaining(says), refused: true },
  ]);
});

test.each<[string, string, string]>([
  ['an older version', stringify({ ...slo(), apiVersion: 'openslo/v1alpha' }), 'only openslo/v1 is read'],
  ['no OpenSLO', 'groups: []', 'document 1: is no OpenSLO document'],
  ['no YAML', 'a: [', 'document 1: not valid YAML'],
  [
    'a bomb',
    `a: &a [x]\n${'bcdefgh'
      .split('')
      .map((key, n) => `${key}: &${key} [${`*${'abcdefgh'[n]},`.repeat(9)}]`)
      .join('\n')}\n`,
    'not usable YAML',
  ],
  ['twice the same', `${stringify(slo())}---\n${stringify(slo())}`, 'another SLO here has the same name'],
])('%s is refused', (_name, text, says) => {
  expect(lines(importOpenSlo(text)).join()).toContain(says);
});

test('a text without documents gives nothing', () => {
  expect(importOpenSlo('')).toEqual({ slos: [], notTaken: [] });
});

test('a query that was changed after the export wins over the annotation, and it is said', () => {
  const config = testConfig();
  const { text } = exportSlos(config);
  const edited = text
    .replaceAll('environment=\\"production\\"', 'environment=\\"staging\\"')
    .replaceAll('environment="production"', 'environment="staging"');
  expect(edited).not.toBe(text);
  const found = importOpenSlo(edited);
  expect(found.slos[0]).toMatchObject({ scope: 'written', indicator: { kind: 'events' } });
  expect(lines(found).join()).toContain('its queries were changed after the export');
});

test('an export says what another reader would take differently', () => {
  const config = testConfig();
  const probe = (op: string) =>
    Slo.parse({
      id: 'probe',
      service: 'mailer',
      name: 'P',
      objective: '99',
      method: { timeslices: '1m' },
      indicator: { kind: 'probe', gauge: { metric: 'probe_success' }, healthy: { op, value: 1 } },
    });
  const native = Slo.parse({
    id: 'native',
    service: 'mailer',
    name: 'N',
    objective: '99',
    indicator: { kind: 'latency-native', histogram: { metric: 'rpc_seconds' }, below: '300ms' },
  });
  const { notes, text } = exportSlos({ ...config, slos: [probe('=='), probe('>='), native] });
  expect(notes).toEqual([
    'probe: OpenSLO has no operator for ==: it is written as gte 1.',
    'native: OpenSLO has no native histograms: it is written as a ratio over 5 minutes (raw).',
  ]);
  expect(text).toContain('histogram_fraction(0, 0.3, sum(rate(rpc_seconds{');
  expect(exportSlos({ ...config, slos: [native] }, 'staging').notes).toEqual([
    'native: not exported; it does not hold in staging.',
  ]);
});
