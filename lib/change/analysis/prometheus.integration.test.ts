import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Guard } from '@/lib/config/policy';
import { now } from '@/lib/core/time';
import { type RealPrometheus, realPrometheus } from '@/lib/slo/record/testing/prometheus';
import { prometheusSource } from '@/lib/sources/testing/answer-server';
import { makeAnalysis } from './make-analysis';
import { measureRegion } from './read';
import { proveShare } from './share';
import { metrics } from './testing/analysis';

/** One counter: so much a second until the change, and after it. */
type Counter = {
  version: string;
  pod?: string;
  status?: string;
  before?: number;
  rate: number;
  /** Seconds from now: scraped until then; started anew at. */
  until?: number;
  resetAt?: number;
  isNaN?: boolean;
};

const scrape = 5;
/** Weights changed so many seconds ago. */
const changedAgo = 60;

const old: Counter = { version: '1.0.0', rate: 190 };
const fresh: Counter = { version: '2.0.0', pod: 'api-green-7c9-aaaaa', rate: 10 };
const failing = (rate: number): Counter => ({ ...fresh, status: '500', rate });

/** A region for each day that production may have. */
const regions: Record<string, Counter[]> = {
  healthy: [old, fresh],
  failing: [old, { ...fresh, rate: 9 }, failing(1)],
  slightly: [{ ...old, rate: 1900 }, { ...fresh, rate: 98 }, failing(2)],
  restarted: [old, { ...fresh, resetAt: -30 }, { ...failing(0.1), resetAt: -30 }],
  silent: [old, { ...fresh, until: -40 }],
  broken: [old, { ...fresh, isNaN: true }],
  unused: [old],
  third: [old, fresh, { version: '1.5.0', rate: 50 }],
  half: [old, { ...fresh, until: 600 }],
  shifted: [
    { version: '1.0.0', before: 200, rate: 150 },
    { ...fresh, before: 0.001, rate: 50 },
  ],
  same: [
    { version: '2.0.0', pod: 'api-5d4-bbbbb', rate: 190 },
    { ...fresh, rate: 10 },
  ],
};

let prometheus: RealPrometheus;
beforeAll(async () => {
  const middle = Math.floor(now().getTime() / 1000);
  const lines = Object.entries(regions).flatMap(([region, counters]) =>
    counters.flatMap((counter) => samplesOf(region, counter, middle)),
  );
  prometheus = await realPrometheus(`# TYPE requests counter\n${lines.join('\n')}\n`);
});
beforeEach(() => prometheus.behave('well'));
afterAll(() => prometheus?.stop());

/** Into the future too, so that samples are new for as long as the test takes. */
function samplesOf(region: string, counter: Counter, middle: number): string[] {
  const { version, pod = 'api-5d4-bbbbb', status = '200', rate, before = rate } = counter;
  const labels = `service="api",environment="production",region="${region}",version="${version}",pod="${pod}",status="${status}"`;
  const lines: string[] = [];
  let value = 1000;
  for (let second = -600; second <= (counter.until ?? 600); second += scrape) {
    value += scrape * (second <= -changedAgo ? before : rate);
    if (second === counter.resetAt) value = 0;
    lines.push(`requests_total{${labels}} ${counter.isNaN ? 'NaN' : value} ${middle + second}`);
  }
  return lines;
}

const analysisOf = (region: string, baseline = '1.0.0') =>
  makeAnalysis({
    metrics,
    at: { environment: 'production', region },
    versions: {
      candidate: '2.0.0',
      baseline,
      deployments: { candidate: 'api-green', baseline: 'api' },
    },
    guard: Guard.parse({}),
    strategies: { shareTolerance: 0.5, proveTimeout: 300, proveWindow: 20, ingestLag: 5, minVerdict: 50 },
    scrapeSeconds: scrape,
  });
const source = () => prometheusSource(prometheus.url, { timeout: '5s' });
const measure = (region: string, pods: number | null = null) =>
  measureRegion(source(), analysisOf(region), { pods });

test.each([
  [
    'a region is healthy',
    'healthy',
    'PASS',
    /^0 of \d+ requests failed \(0\.0 %, limit 5\.0 %\), of the old version 0\.0 %\.$/,
  ],
  ['a region fails', 'failing', 'FAIL', /^\d+ of \d+ requests failed \((?:9\.9|10\.\d) %, limit 5\.0 %\)/],
  [
    'a region fails slightly more often',
    'slightly',
    'FAIL',
    /points more, where 1\.0 are allowed; not chance \(p under 0\.001\)\.$/,
  ],
  ['fault 21: NaN', 'broken', 'NODATA', /No requests of the new version are counted yet/],
  ['fault 21: no traffic', 'unused', 'NODATA', /No requests of the new version are counted yet/],
  ['fault 21: empty', 'nowhere', 'NODATA', /No requests of the new version are counted yet/],
  ['fault 22: a counter reset', 'restarted', 'PASS', /^\d+ of \d+ requests failed/],
  ['fault 22: stale series', 'silent', 'ERROR', /newest sample of the new version is \d+ s old/],
  ['fault 22: a wrong label', 'third', 'ERROR', /another one answers too/],
])('%s', async (_, region, verdict, detail) => {
  const found = await measure(region);
  expect([found.verdict, found.detail]).toEqual([verdict, expect.stringMatching(detail)]);
});

test('fault 22: a query of the new version that matches the old one too', async () => {
  const analysis = analysisOf('healthy');
  const { candidate, all } = analysis.queries;
  const measured = (total: string) =>
    measureRegion(source(), {
      ...analysis,
      queries: { ...analysis.queries, candidate: { ...candidate, total } },
    });
  expect(await measured(all)).toMatchObject({
    verdict: 'ERROR',
    detail: expect.stringMatching(/some are counted for both\.$/),
  });
  expect(await measured(analysis.queries.baseline.total)).toMatchObject({
    verdict: 'ERROR',
    detail: expect.stringMatching(/cannot be told apart/),
  });
});

test('the share of the new version is measured, through a restart of its pods too', async () => {
  const [healthy, restarted] = [await measure('healthy'), await measure('restarted')];
  expect(healthy.share).toBeCloseTo(0.05, 3);
  expect(restarted.share).toBeCloseTo(0.05, 2);
  expect(healthy.total).toBeGreaterThan(550);
  expect(healthy.total).toBeLessThan(650);
});

test('fault 22: half of the replicas scraped', async () => {
  expect((await measure('half', 1)).verdict).toBe('PASS');
  expect(await measure('half', 2)).toMatchObject({
    verdict: 'ERROR',
    detail: 'Only 1 of 2 pods of the new version is scraped.',
  });
});

test('two colours with one version are told apart by their pods', async () => {
  const told = await measureRegion(source(), analysisOf('same', '2.0.0'));
  expect(told.verdict).toBe('PASS');
  expect(told.share).toBeCloseTo(0.05, 3);
});

test('fault 20: a source that is down or warns is no verdict, and one that is silent no data', async () => {
  prometheus.behave('down');
  expect((await measure('healthy')).verdict).toBe('ERROR');
  prometheus.behave('empty');
  expect((await measure('healthy')).verdict).toBe('NODATA');
  prometheus.behave('warned');
  expect(await measure('healthy')).toMatchObject({ verdict: 'ERROR' });
});

test('the share is proven from the time after the change of weights alone', async () => {
  const shifted = analysisOf('shifted');
  const prove = (wanted: number, since: number | null) => proveShare(source(), shifted, wanted, since);
  expect(await prove(0.25, changedAgo)).toMatchObject({ proven: true, verdict: 'PASS' });
  expect(await prove(0, changedAgo)).toMatchObject({ proven: false, verdict: 'FAIL' });
  // The longest window reaches behind the change, where the new version had nothing.
  const wrong = await prove(0.25, 100_000);
  expect(wrong.proven).toBe(false);
  expect(wrong.share).toBeLessThan(0.125);
});
