import { describe, expect, test } from 'vitest';
import { Config } from '@/lib/config/schema';
import { testConfigInput } from '@/worker/testing/config';
import type { AdoptedGroup } from '../define/adopt-group';
import type { Found } from '../define/read-adopted';
import { configuredAs } from './identity';
import { proposalOf } from './proposal';
import { readErrorRatio, readRatio } from './ratio-query';
import { rowOf, worstOf } from './row';
import { standingOf } from './words';

const config = Config.parse({
  ...testConfigInput({ kubeconfig: '/none', prometheus: 'http://127.0.0.1:9' }),
  slos: [
    { id: 'fraiseql-api-latency', service: 'fraiseql-api', name: 'Fast Answers', objective: '99.9' },
    { id: 'checkout', service: 'fraiseql-api', name: 'Checkout', objective: '99' },
  ],
});
const figure = (value: number) => ({ value, none: null });
const none = (why: 'absent' | 'not-a-number' | 'no-traffic' | 'impossible') => ({ value: null, none: why });
const group = (ratio: AdoptedGroup['ratio'], budgetLeft: AdoptedGroup['budgetLeft'], labels = {}) => ({
  labels,
  ratio,
  budgetLeft,
});
const rule = (name: string, query: string) => ({
  name,
  query,
  group: 'g',
  file: 'f',
  labels: {},
  failure: null,
});
const foundOf = (more: Partial<Found> = {}): Found => ({
  tool: 'sloth',
  key: 'shop-orders',
  name: 'orders',
  service: 'shop',
  labels: {},
  objective: '99.9',
  windowSeconds: 2_592_000,
  method: 'mean-of-ratios',
  groups: [group(figure(0.001), figure(0.4))],
  copies: 1,
  alert: null,
  problem: null,
  rules: [],
  ...more,
});

describe('the objective of the configuration that is the same', () => {
  const match = (more: Partial<Found>) => configuredAs(config, config.slos, foundOf(more))?.id ?? null;
  test.each<[string, Partial<Found>, string | null]>([
    ['by the id of Sloth', { key: 'FraiseQL-API_latency' }, 'fraiseql-api-latency'],
    ['by service and name', { service: 'FraiseQL API', name: 'fast_answers' }, 'fraiseql-api-latency'],
    [
      'by service and the rest of the id',
      { service: 'fraiseql-api', name: 'latency' },
      'fraiseql-api-latency',
    ],
    ['by the name of Pyrra', { tool: 'pyrra', key: '[]', name: 'checkout', service: null }, 'checkout'],
    ['not by a name of another service', { service: 'other', name: 'checkout' }, null],
    ['not by a name without a service', { service: null, name: 'latency' }, null],
    ['not by a part of a name', { service: 'fraiseql-api', name: 'check' }, null],
  ])('is found %s', (_name, more, expected) => expect(match(more)).toBe(expected));
});

describe('the word for an adopted objective', () => {
  const wordOf = (more: Partial<Found>, isGone = false, ageSeconds = 60) => {
    const found = foundOf(more);
    return standingOf({ found, isGone, ageSeconds }, worstOf(found.groups)).word;
  };
  const one = (ratio: AdoptedGroup['ratio'], left: AdoptedGroup['budgetLeft']) => ({
    groups: [group(ratio, left)],
  });
  test.each<[string, Partial<Found>, string]>([
    ['healthy', {}, 'healthy'],
    ['without failures', one(figure(0), figure(1)), 'healthy'],
    ['with its page alert', { alert: 'page' }, 'burning-fast'],
    ['with its ticket alert', { alert: 'ticket', problem: 'p', objective: null }, 'burning-slow'],
    ['spent', one(figure(0), figure(-0.2)), 'exhausted'],
    ['without traffic now', one(none('no-traffic'), figure(0.5)), 'no-traffic'],
    ['without a sample', one(none('absent'), figure(0.5)), 'no-data'],
    ['without the rest of the budget', one(figure(0), none('absent')), 'partial'],
    ['with a poisoned window', one(figure(0), none('not-a-number')), 'partial'],
    ['with an impossible ratio', one(none('impossible'), figure(0.5)), 'invalid'],
    ['with an impossible budget', one(figure(0), none('impossible')), 'invalid'],
    ['of 100 %', { objective: null, problem: 'no budget' }, 'invalid'],
    ['that says nothing of itself', { objective: null, windowSeconds: null, problem: 'p' }, 'partial'],
    [
      'one group of which is silent',
      { groups: [group(none('absent'), figure(0.3)), group(figure(0), figure(0.5))] },
      'partial',
    ],
    ['without any group', { groups: [] }, 'no-data'],
  ])('%s', (_name, more, expected) => expect(wordOf(more)).toBe(expected));

  test('what is gone or old is no data, whatever it last said', () => {
    expect(wordOf({ alert: 'page' }, true)).toBe('no-data');
    expect([wordOf({}, false, 300), wordOf({}, false, 301)]).toEqual(['healthy', 'no-data']);
    expect(wordOf({ alert: 'page' }, false, 301)).toBe('no-data');
  });
});

test('the worst group has the smallest budget, a silent one never hides it', () => {
  const [a, b, c] = [
    group(figure(0.5), none('absent'), { g: 'a' }),
    group(figure(0), figure(-2), { g: 'b' }),
    group(figure(0.9), figure(0.9), { g: 'c' }),
  ];
  if (a === undefined || b === undefined || c === undefined) throw new Error('A group is missing.');
  expect(worstOf([a, b, c])).toBe(b);
  expect(worstOf([a, c])).toBe(c);
  expect(worstOf([a, group(figure(0.1), none('absent'))])).toBe(a);
});

const at = new Date('2026-11-21T12:00:00Z');
const kept = (found: Found, more: object = {}) => ({
  source: 'metrics',
  found,
  firstSeenAt: at,
  seenAt: at,
  before: null,
  changedAt: null,
  ...more,
});

test('a row says what to know of its figures', () => {
  const found = foundOf({ copies: 2, rules: [{ ...rule('r', 'q'), failure: 'many-to-many matching' }] });
  const changed = {
    before: { objective: '99.5', windowSeconds: 604_800 },
    changedAt: new Date('2026-11-20T10:00:00Z'),
  };
  const row = rowOf(kept(found, changed), { source: 'metrics', readAt: at, problem: null }, at);
  expect(row.notes).toEqual([
    'It was 99.5 % over 7 d until 2026-11-20 10:00 UTC; Sloth judges the whole window by what it is now.',
    '2 copies of its rules record it; of each figure the worse is shown.',
    'Prometheus cannot evaluate r: many-to-many matching',
  ]);
  const later = new Date('2027-01-01T00:00:00Z');
  expect(rowOf(kept(found, changed), undefined, later).notes).toHaveLength(2);
  expect(row.worst.burn.value).toBeCloseTo(1, 9);
});

test('the burn of an unknown objective is none', () => {
  const row = rowOf(kept(foundOf({ objective: null })), undefined, at);
  expect(row.worst.burn).toEqual({ value: null, why: 'its objective is not known' });
});

describe('what its rules count', () => {
  const of = (metric: string, ...matchers: [string, string, string][]) => ({
    metric,
    matchers: matchers.map(([label, op, value]) => ({ label, op, value })),
  });
  test.each<[string, string, object | null]>([
    [
      'failures over all',
      '(sum(rate(r{j="a",code=~"5.."}[5m])))\n/\n(sum(rate(r{j="a"}[5m])))\n',
      {
        role: 'bad',
        other: of('r', ['j', '=', 'a'], ['code', '=~', '5..']),
        total: of('r', ['j', '=', 'a']),
      },
    ],
    [
      'all but the good ones',
      '((sum(rate(h_count[5m]))) - (sum(rate(h_bucket{le="0.3"}[5m])))) / sum(rate(h_count[5m]))',
      { role: 'good', other: of('h_bucket', ['le', '=', '0.3']), total: of('h_count') },
    ],
    [
      'a slash within a label',
      'sum(rate(r{p="/a/(b"}[5m])) / sum(rate(r[5m]))',
      { role: 'bad', other: of('r', ['p', '=', '/a/(b']), total: of('r') },
    ],
    ['a difference from something else', '(sum(rate(a[5m])) - sum(rate(b[5m]))) / sum(rate(c[5m]))', null],
    ['a product', 'sum(rate(a[5m])) * 2 / sum(rate(b[5m]))', null],
    ['a recorded ratio', '1 - avg_over_time(up[5m])', null],
    ['nothing', '', null],
  ])('%s', (_name, query, expected) => {
    const read = readErrorRatio(query);
    expect(
      read === null ? null : { role: read.role, other: read.other.series, total: read.total.series },
    ).toEqual(expected);
  });

  test("Pyrra's zero for a missing series is left out", () =>
    expect(
      readRatio('sum(rate(r{c="5"}[5m])) or vector(0)', 'sum(rate(r[5m]))')?.other.series.matchers,
    ).toHaveLength(1));
});

describe('what it would be in the configuration', () => {
  const rules = [rule('slo:sli_error:ratio_rate5m', 'sum(rate(r{c="5"}[5m])) / sum(rate(r[5m]))')];
  test('has a name of its own and the service that is known', () => {
    const { yaml, notes } = proposalOf(
      config,
      foundOf({ rules, key: 'checkout', service: 'FraiseQL API' }),
      'production',
    );
    expect(yaml).toContain('id: checkout-2\n');
    expect(yaml).toContain('service: fraiseql-api\n');
    expect(notes).toEqual(['Signalbox counts events, so its figures will differ from the mean of ratios.']);
  });

  test.each<[string, Partial<Found>, RegExp]>([
    ['without rules', {}, /does not list the rules/],
    ['without an objective', { rules, objective: null }, /do not say which objective/],
    ['of another form', { rules: [rule('x', 'a * b')] }, /written by hand/],
    [
      'with a window of ours that is none',
      { rules, windowSeconds: 31 },
      /cannot be written as it is: window/,
    ],
  ])('%s it must be written by hand', (_name, more, why) => {
    const { yaml, notes } = proposalOf(config, foundOf(more), 'production');
    expect(yaml).toBeNull();
    expect(notes.join(' ')).toMatch(why);
  });
});
