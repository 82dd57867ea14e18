import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AnswerServer,
  answerServer,
  type Given,
  prometheusSource,
} from '@/lib/sources/testing/answer-server';
import type { Adopted } from './adopt';
import { adoptPyrra } from './adopt-pyrra';
import { pyrraQuery, readAdopted, requestsOfReading, slothQuery } from './read-adopted';

type Sample = [name: string, labels: Record<string, string>, value: string];
let sloth: Sample[] = [];
let pyrra: Sample[] = [];
let rules: Given = { status: 404, body: 'no rules here' };
let server: AnswerServer;

/** The answers of a Prometheus to the two queries, in the shape of its API. */
beforeAll(async () => {
  server = await answerServer(({ form, url }) => {
    if (url.pathname === '/api/v1/rules') return rules;
    const query = form.get('query');
    if (query !== slothQuery.text && query !== pyrraQuery.text) return { status: 400, body: '{}' };
    const result = (query === slothQuery.text ? sloth : pyrra).map(([name, labels, value]) => ({
      metric: { __name__: name, ...labels },
      value: [1_795_244_188.441, value],
    }));
    return { body: JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }) };
  });
});
afterAll(() => server.stop());

async function read(from: { sloth?: Sample[]; pyrra?: Sample[] }) {
  ({ sloth = [], pyrra = [] } = from);
  return (await readAdopted(prometheusSource(server.url))).found;
}
const figure = (value: number) => ({ value, none: null });
const none = (why: string) => ({ value: null, none: why });
/** What a group says: its ratio and what is left. */
const said = (found: Adopted | undefined) =>
  found?.groups.map(({ labels, ratio, budgetLeft }) => [
    labels,
    ratio.value ?? ratio.none,
    budgetLeft.value ?? budgetLeft.none,
  ]);

const ids = { sloth_id: 'shop-availability', sloth_service: 'shop', sloth_slo: 'availability', team: 'a' };
const info: Sample = [
  'sloth_slo_info',
  {
    ...ids,
    sloth_version: 'v0.16.0',
    sloth_mode: 'cli',
    sloth_spec: 'prometheus/v1',
    sloth_objective: '99.9',
  },
  '1',
];
const meta: Sample[] = [
  ['slo:objective:ratio', ids, '0.9990000000000001'],
  ['slo:time_period:days', ids, '30'],
  ['slo:period_error_budget_remaining:ratio', ids, '-0.25'],
];
const ratio: Sample = ['slo:sli_error:ratio_rate5m', { ...ids, sloth_window: '5m' }, '0.002'];

test('an objective of Sloth is the mean of 5-minute ratios', async () => {
  const found = await read({ sloth: [info, ...meta, ratio] });
  expect(found).toEqual([
    {
      tool: 'sloth',
      key: 'shop-availability',
      name: 'availability',
      service: 'shop',
      labels: { team: 'a' },
      objective: '99.9',
      windowSeconds: 2_592_000,
      method: 'mean-of-ratios',
      groups: [{ labels: { team: 'a' }, ratio: figure(0.002), budgetLeft: figure(-0.25) }],
      copies: 1,
      alert: null,
      problem: null,
      rules: [],
    },
  ]);
});

test('older rules have the objective as a ratio only, and groups stay apart', async () => {
  const other: Sample = ['slo:sli_error:ratio_rate5m', { ...ids, sloth_window: '5m', region: 'eu' }, 'NaN'];
  const [found] = await read({ sloth: [...meta, ratio, other] });
  expect(found).toMatchObject({ objective: '99.9', name: 'availability' });
  expect(said(found)).toEqual([
    [{ team: 'a', region: 'eu' }, 'no-traffic', 'absent'],
    [{ team: 'a' }, 0.002, -0.25],
  ]);
});

test.each<[string, string, string, number | string]>([
  ['a whole budget', '0', '1', 1],
  ['a budget overspent many times', '1', '-8.92', -8.92],
  ['a budget of NaN', '0.1', 'NaN', 'not-a-number'],
  ['a budget beyond a whole one', '0.1', '1.2', 'impossible'],
  ['an infinite budget', '0.1', '-Inf', 'impossible'],
])('%s is never taken for another', async (_name, share, left, expected) => {
  const rest: Sample = ['slo:period_error_budget_remaining:ratio', ids, left];
  const [found] = await read({ sloth: [info, ['slo:sli_error:ratio_rate5m', ids, share], rest] });
  expect(said(found)).toEqual([[{ team: 'a' }, Number(share), expected]]);
});

test.each([
  ['-0.1', 'impossible'],
  ['1.1', 'impossible'],
  ['+Inf', 'impossible'],
  ['NaN', 'no-traffic'],
])('an error ratio of %s is %s', async (share, expected) => {
  const [found] = await read({ sloth: [info, ...meta, ['slo:sli_error:ratio_rate5m', ids, share]] });
  expect(said(found)).toEqual([[{ team: 'a' }, expected, -0.25]]);
});

test('a budget that is not recorded is not whole', async () => {
  expect(said((await read({ sloth: [info, ratio] }))[0])).toEqual([[{ team: 'a' }, 0.002, 'absent']]);
});

test('copies of one rule are one objective with the worse figures', async () => {
  const copies = [
    ['a', '0.002', '0.3', '99.9'],
    ['b', '0.004', '0.4', '99.90'],
    ['c', 'NaN', 'NaN', '99.9'],
  ].flatMap(([replica = '', share = '', left = '', objective = '']): Sample[] => [
    ['sloth_slo_info', { ...ids, sloth_objective: objective, prometheus_replica: replica }, '1'],
    ['slo:sli_error:ratio_rate5m', { ...ids, prometheus_replica: replica }, share],
    ['slo:period_error_budget_remaining:ratio', { ...ids, prometheus_replica: replica }, left],
  ]);
  const found = await read({ sloth: copies });
  expect(found).toMatchObject([{ copies: 3, objective: '99.9', labels: { team: 'a' }, problem: null }]);
  expect(said(found[0])).toEqual([[{ team: 'a' }, 0.004, 0.3]]);
});

test('two objectives at once are none, and named', async () => {
  const other: Sample = ['sloth_slo_info', { ...ids, sloth_objective: '99.5' }, '1'];
  const [found] = await read({ sloth: [info, other, ratio, ...meta] });
  expect(found).toMatchObject({
    objective: null,
    problem: expect.stringContaining('99.9 % and 99.5 % at once'),
  });
});

test.each<[string, string | null]>([
  ['page', 'page'],
  ['ticket', 'ticket'],
])('the %s alert of Sloth that fires is told', async (severity, expected) => {
  const alert: Sample = [
    'ALERTS',
    { ...ids, alertname: 'X', alertstate: 'firing', sloth_severity: severity },
    '1',
  ];
  const found = await read({ sloth: [info, ratio, alert, ['ALERTS', { sloth_id: 'other' }, '1']] });
  expect(found.map(({ key, alert }) => [key, alert])).toEqual([['shop-availability', expected]]);
});

test('the rules come with their group, file and failure, by a third request', async () => {
  const rule = {
    name: 'slo:sli_error:ratio_rate5m',
    query: 'a / b',
    labels: { sloth_id: 'shop-availability', sloth_window: '5m' },
    health: 'err',
    lastError: 'many-to-many',
    lastEvaluation: '2026-11-21T07:30:01Z',
  };
  const other = { ...rule, labels: { sloth_id: 'other' } };
  const groups = [{ name: 'g', file: '/rules.yml', rules: [other, rule, { ...rule, name: 'else' }] }];
  rules = { body: JSON.stringify({ status: 'success', data: { groups } }) };
  server.seen.length = 0;
  const found = await read({ sloth: [info, ratio] });
  rules = { status: 404, body: '' };
  expect(found[0]?.rules).toEqual([
    {
      name: rule.name,
      query: 'a / b',
      group: 'g',
      file: '/rules.yml',
      labels: rule.labels,
      failure: 'many-to-many',
    },
  ]);
  expect(server.seen).toHaveLength(requestsOfReading);
});

test.each<[string, Sample[], string]>([
  ['without an error ratio', [info, ...meta], 'Its error ratio of 5 minutes is not recorded.'],
  ['without an objective', [ratio], 'Its objective is not recorded.'],
  [
    'of 100 %',
    [['slo:objective:ratio', ids, '1'], ratio],
    'Its objective is 100 %, which has no error budget.',
  ],
  ['of NaN', [['slo:objective:ratio', ids, 'NaN'], ratio], 'Its objective is not recorded.'],
  ['of 0 %', [['slo:objective:ratio', ids, '0'], ratio], 'Its objective 0 % cannot be used.'],
])('an objective %s is shown with the reason', async (_name, series, problem) => {
  expect(await read({ sloth: series })).toEqual([
    expect.objectContaining({ problem, key: 'shop-availability' }),
  ]);
});

const slo = { slo: 'checkout "errors"', team: 'b' };
const generic: Sample[] = [
  ['pyrra_objective', slo, '0.99'],
  ['pyrra_window', slo, '2419200'],
  ['pyrra_availability', slo, '0.995'],
  ['pyrra_requests:rate5m', slo, '20'],
  ['pyrra_errors:rate5m', slo, '0.5'],
];

test('an objective of Pyrra is an increase, with the budget that its figures make', async () => {
  const [found] = await read({ pyrra: generic });
  expect(found).toMatchObject({
    tool: 'pyrra',
    name: 'checkout "errors"',
    labels: { team: 'b' },
    objective: '99',
    windowSeconds: 2_419_200,
    method: 'increase',
    problem: null,
  });
  expect(said(found)).toEqual([[{}, 0.025, expect.closeTo(0.5, 12)]]);
});

test('an alert of Pyrra belongs to the objective of its labels', async () => {
  const fires = (labels: object): Sample => [
    'ALERTS',
    { alertname: 'ErrorBudgetBurn', alertstate: 'firing', short: '5m', long: '1h', ...slo, ...labels },
    '1',
  ];
  const alertOf = async (...alerts: Sample[]) => (await read({ pyrra: [...generic, ...alerts] }))[0]?.alert;
  expect(await alertOf(fires({ severity: 'warning', region: 'eu' }))).toBe('ticket');
  expect(await alertOf(fires({ severity: 'warning' }), fires({ severity: 'critical' }))).toBe('page');
  expect(await alertOf(fires({ severity: 'critical', team: 'c' }), fires({ slo: 'x' }))).toBeNull();
});

test('no traffic is no ratio, and no availability is no budget', async () => {
  const [found] = await read({
    pyrra: [
      ...generic.slice(0, 2),
      ['pyrra_availability', slo, 'NaN'],
      ['pyrra_requests:rate5m', slo, '0'],
      ['pyrra_errors:rate5m', slo, '0'],
    ],
  });
  expect(said(found)).toEqual([[{}, 'no-traffic', 'not-a-number']]);
});

test('without generic rules Pyrra does not say what the objective is', async () => {
  const burn = (region: string): Sample => ['http_requests:burnrate5m', { slo: 'api', region }, '0.01'];
  const found = await read({ pyrra: [burn('us'), burn('eu'), ...generic, ['x:burnrate5m', slo, '0.025']] });
  expect(found.map(({ name }) => name)).toEqual(['checkout "errors"', 'api']);
  expect(found[1]).toMatchObject({
    objective: null,
    windowSeconds: null,
    groups: [
      { labels: { region: 'eu' }, ratio: figure(0.01), budgetLeft: none('absent') },
      { labels: { region: 'us' }, ratio: figure(0.01), budgetLeft: none('absent') },
    ],
    problem: expect.stringContaining('--generic-rules'),
  });
});

test('a Prometheus without either tool has none', async () => {
  expect(await read({})).toEqual([]);
});

test('every objective of the series is in the list', () => {
  let cases = 0;
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
  const value = fc.oneof(fc.double(), fc.constant(Number.NaN));
  fc.assert(
    fc.property(names, value, (slos, number) => {
      cases++;
      const series = slos.map((name) => ({
        labels: { __name__: 'pyrra_objective', slo: name },
        at: 0,
        value: number,
      }));
      expect(new Set(adoptPyrra(series).map(({ name }) => name))).toEqual(new Set(slos));
    }),
    { numRuns: 300 },
  );
  expect(cases).toBe(300);
});
