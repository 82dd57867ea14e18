import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Matcher } from '@/lib/config/service';
import { Slo } from '@/lib/config/slo';
import { testConfig } from '@/lib/service/testing/config';
import { definitionHash, environmentsOf, groupLabels, indicatorOf } from './indicator';

const [service] = testConfig().services;
if (service === undefined) throw new Error('The configuration has no service.');
const slo = (more: object = {}) =>
  Slo.parse({ id: 'a', service: 'shop-api', name: 'A', objective: '99.9', ...more });
const ask = (more: object = {}) => indicatorOf(service, slo(more), 'production');
const texts = (more: object) => {
  const asked = ask(more);
  if (asked.kind !== 'counters') throw new Error(`Expected counters, got ${asked.kind}.`);
  return asked.counted.map(({ role, selector }) => [role, selector.text]);
};
const where = 'service="shop-api",environment="production"';

test('availability is the failed and all requests of the service', () => {
  expect(texts({})).toEqual([
    ['total', `http_requests_total{${where}}`],
    ['bad', `http_requests_total{status=~"5..",${where}}`],
  ]);
});

test.each([
  [['429'], '(?:5..)|429'],
  [['499', '429', '429'], '(?:5..)|429|499'],
  [['429', '4xx'], '(?:5..)|4..'],
])('client errors %j widen the failed requests', (clientErrors, pattern) => {
  expect(texts({ clientErrors })[1]).toEqual(['bad', `http_requests_total{status=~"${pattern}",${where}}`]);
  const anchored = new RegExp(`^(?:${pattern})$`);
  expect(['500', '404', '200', '429'].filter((status) => anchored.test(status))).toEqual(
    clientErrors.includes('4xx') ? ['500', '404', '429'] : ['500', '429'],
  );
});

test('events are their own series, good or bad', () => {
  const total = { metric: 'jobs_total' };
  const good = { metric: 'jobs_done_total', matchers: [{ label: 'queue', op: '=', value: 'mail' }] };
  expect(texts({ indicator: { kind: 'events', total, good } })).toEqual([
    ['total', `jobs_total{${where}}`],
    ['good', `jobs_done_total{queue="mail",${where}}`],
  ]);
  expect(texts({ scope: 'written', indicator: { kind: 'events', total, bad: good } })).toEqual([
    ['total', 'jobs_total'],
    ['bad', 'jobs_done_total{queue="mail"}'],
  ]);
});

test('latency counts the bucket of the bound in every spelling', () => {
  expect(texts({ indicator: { kind: 'latency', below: '1s' } })).toEqual([
    ['total', `http_request_duration_seconds_bucket{le="+Inf",${where}}`],
    ['good', `http_request_duration_seconds_bucket{le=~"1|1\\\\.0",${where}}`],
  ]);
});

test('native histograms and probes are asked as they are', () => {
  expect(ask({ indicator: { kind: 'latency-native', histogram: { metric: 'h' }, below: '700ms' } })).toEqual({
    kind: 'native',
    histogram: { kind: 'selector', text: `h{${where}}` },
    below: 0.7,
    groupBy: ['region'],
  });
  const healthy = { op: '==', value: 1 };
  const probe = { kind: 'probe', gauge: { metric: 'probe_success' }, healthy };
  expect(ask({ method: { timeslices: '5m' }, indicator: probe })).toEqual({
    kind: 'probe',
    selector: { kind: 'selector', text: `probe_success{${where}}` },
    healthy,
    sliceSeconds: 300,
    groupBy: ['region'],
  });
});

test('groups are the region unless the objective says otherwise', () => {
  expect(groupLabels(service, slo())).toEqual(['region']);
  expect(groupLabels(service, slo({ groupBy: [] }))).toEqual([]);
  expect(groupLabels(service, slo({ groupBy: ['path', 'path'] }))).toEqual(['path']);
  expect(groupLabels(service, slo({ scope: 'written' }))).toEqual([]);
});

test('an objective holds where its service runs, or where it says', () => {
  expect(environmentsOf(service, slo())).toEqual(['production']);
  expect(environmentsOf(service, slo({ environments: ['staging'] }))).toEqual([]);
});

const series = (matchers: Matcher[]) => ({
  indicator: { kind: 'events', total: { metric: 't', matchers }, bad: { metric: 'b', matchers } },
});
const matcher = fc.record({
  label: fc.constantFrom('a', 'b', 'c'),
  op: fc.constantFrom('=' as const, '!=' as const, '=~' as const),
  value: fc.string({ unit: 'binary', maxLength: 8 }),
});

test('the hash follows what is counted, and nothing else', () => {
  let cases = 0;
  const hash = (more: object) => definitionHash(service, slo(more), 'production');
  fc.assert(
    fc.property(fc.array(matcher, { maxLength: 4 }), fc.array(matcher, { maxLength: 4 }), (one, other) => {
      cases++;
      const same = hash(series(one));
      expect(same).toMatch(/^[0-9a-f]{64}$/);
      expect(hash({ ...series([...one].reverse()), name: 'B', objective: '90', window: '7d' })).toBe(same);
      const keys = (list: Matcher[]) =>
        JSON.stringify([...new Set(list.map((m) => JSON.stringify([m.label, m.op, m.value])))].sort());
      expect(hash(series(other)) === same).toBe(keys(one) === keys(other));
    }),
    { numRuns: 500 },
  );
  expect(cases).toBe(500);
  const plain = hash({});
  for (const other of [
    { groupBy: [] },
    { clientErrors: ['429'] },
    { scope: 'written' },
    { indicator: { kind: 'latency', below: '1s' } },
    { indicator: { kind: 'latency', below: '2s' } },
  ]) {
    expect(hash(other)).not.toBe(plain);
  }
  expect(definitionHash(service, slo(), 'staging')).not.toBe(plain);
});
