import { expect, test } from 'vitest';
import { bucketOf, Histogram } from './histogram';
import { PodMetrics } from './pod-metrics';

const outcome = { method: 'POST', path: '/graphql', status: 200, failed: false, seconds: 0.05 };

function readValue(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

test('counters begin at 0 for successes and failures of every endpoint', () => {
  const text = new PodMetrics('fraiseql-api', '1.8.0', 0).text(0);
  for (const status of [200, 500]) {
    const series = `fraiseql_requests_total{method="POST",endpoint="/graphql",status="${status}",version="1.8.0"}`;
    expect(readValue(text, series)).toBe(0);
  }
  expect(text.endsWith('\n')).toBe(true);
});

test('each request raises its counter and its bucket', () => {
  const metrics = new PodMetrics('fraiseql-api', '2.0.0', 0);
  for (let index = 0; index < 3; index++) metrics.record(outcome);
  metrics.record({ ...outcome, status: 503, failed: true, seconds: 7 });
  const text = metrics.text(0);
  const series = (status: number) =>
    `fraiseql_requests_total{method="POST",endpoint="/graphql",status="${status}",version="2.0.0"}`;
  expect(readValue(text, series(200))).toBe(3);
  expect(readValue(text, series(503))).toBe(1);
  const bucket = (le: string) => `fraiseql_request_duration_seconds_bucket{version="2.0.0",le="${le}"}`;
  expect(readValue(text, bucket('0.025'))).toBe(0);
  expect(readValue(text, bucket('0.05'))).toBe(3);
  expect(readValue(text, bucket('5'))).toBe(3);
  expect(readValue(text, bucket('+Inf'))).toBe(4);
  expect(readValue(text, 'fraiseql_request_duration_seconds_count{version="2.0.0"}')).toBe(4);
  expect(readValue(text, 'fraiseql_request_duration_seconds_sum{version="2.0.0"}')).toBeCloseTo(7.15);
});

test('observers count events, actions and failures apart', () => {
  const metrics = new PodMetrics('fraiseql-observers', '8.0.0', 0);
  metrics.record({ ...outcome, path: 'action:email' });
  metrics.record({ ...outcome, path: 'action:email', status: 500, failed: true });
  const text = metrics.text(0);
  expect(readValue(text, 'observer_events_processed_total{version="8.0.0"}')).toBe(2);
  expect(readValue(text, 'observer_actions_executed_total{version="8.0.0"}')).toBe(2);
  expect(readValue(text, 'observer_actions_failed_total{version="8.0.0"}')).toBe(1);
  expect(readValue(text, 'observer_dlq_items_total')).toBe(1);
  expect(readValue(text, 'observer_listener_health')).toBe(1);
});

test('a saved process goes on where it was', () => {
  const before = new PodMetrics('architect-api', 'v3.1.0', 1000);
  before.record({ ...outcome, method: 'GET', path: '/api/v1/projects' });
  const after = new PodMetrics('architect-api', 'v3.1.0', 9000, before.state());
  expect(after.text(5)).toBe(before.text(5));
});

test('a duration on a bound belongs to the bucket of that bound', () => {
  expect(bucketOf(0.005)).toBe(0);
  expect(bucketOf(0.0051)).toBe(1);
  expect(bucketOf(11)).toBe(12);
  const histogram = new Histogram();
  for (const seconds of [0.001, 0.3, 99]) histogram.observe(seconds);
  const counts = histogram.lines('x_seconds', '').map((line) => Number(line.split(' ')[1]));
  const buckets = counts.slice(0, -2);
  expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
  expect(counts.at(-1)).toBe(3);
});
