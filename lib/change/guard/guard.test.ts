import { expect, test } from 'vitest';
import { Metrics } from '@/lib/config/service';
import { guardQueries } from './query';
import { answerOf, type GuardSample, judge } from './verdict';

const guard = {
  query: { total: '', failed: '' },
  windowSeconds: 60,
  intervalSeconds: 10,
  minRequests: 50,
  maxErrorRatio: 0.05,
  graceSeconds: 45,
};
const value = (number: number | null): GuardSample => ({ ok: true, value: number });
const down: GuardSample = { ok: false, problem: 'Prometheus cannot be reached.' };

test.each([
  ['under the limit', value(100), value(4), 'PASS'],
  ['exactly at the limit', value(100), value(5), 'PASS'],
  ['over the limit', value(100), value(6), 'FAIL'],
  ['all failed', value(50), value(50), 'FAIL'],
  ['one request too few, all of them failed', value(49), value(49), 'NODATA'],
  ['no traffic', value(0), value(0), 'NODATA'],
  ['no series', value(null), value(null), 'NODATA'],
  ['failures without a total', value(null), value(3), 'NODATA'],
  ['not a number', value(Number.NaN), value(0), 'NODATA'],
  ['failures are not a number', value(100), value(Number.NaN), 'NODATA'],
  ['infinite', value(Number.POSITIVE_INFINITY), value(0), 'NODATA'],
  ['no answer', down, down, 'ERROR'],
  ['half an answer', value(100), down, 'ERROR'],
] as const)('%s', (_, total, failed, verdict) => {
  expect(judge({ total, failed }, guard).verdict).toBe(verdict);
});

test('a verdict says what was counted, and never rounds a failure down to the limit', () => {
  expect(judge({ total: value(1000), failed: value(51) }, guard).detail).toBe(
    '51 of 1000 requests failed (5.1 %, limit 5.0 %).',
  );
});

test('what is kept of the answers is what was answered, with its moment', () => {
  const at = Date.UTC(2026, 10, 21, 14) / 1000;
  const kept = (total: GuardSample, failed: GuardSample) => answerOf({ total, failed });
  expect(kept({ ok: true, value: 1000.5, at }, { ok: true, value: Number.NaN, at })).toEqual({
    at: '2026-11-21T14:00:00.000Z',
    values: { total: '1000.5', failed: 'NaN' },
  });
  expect(kept(value(null), down)).toEqual({
    at: null,
    values: { total: null, failed: { problem: 'Prometheus cannot be reached.' } },
  });
  expect(kept({ ok: true, value: 1, at: 1e300 }, value(1))).toMatchObject({ at: null });
});

test('the queries ask for this version in this place only, and a hostile value stays a string', () => {
  const metrics = Metrics.parse({
    selector: [{ label: 'service', op: '=', value: 'api' }],
    requests: {
      total: { metric: 'requests_total' },
      failed: { metric: 'requests_total', matchers: [{ label: 'status', op: '=~', value: '5..' }] },
    },
  });
  const at = { environment: 'production', region: 'eu-west-1', version: '2.0.0' };
  const { total, failed } = guardQueries(metrics, at, 60);
  expect(total).toBe(
    'sum(increase(requests_total{service="api",environment="production",region="eu-west-1",version="2.0.0"}[60s]))',
  );
  expect(failed).toBe(
    `sum(increase(requests_total{status=~"5..",service="api",environment="production",region="eu-west-1",version="2.0.0"}[60s])) or 0 * ${total}`,
  );
  expect(guardQueries(metrics, { ...at, version: '"}) or vector(0) #' }, 60).total).toContain(
    'version="\\"}) or vector(0) #"',
  );
});
