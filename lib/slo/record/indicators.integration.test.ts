import { afterAll, beforeAll, expect, test } from 'vitest';
import { Config } from '@/lib/config/schema';
import { createDatabase, type Database } from '@/lib/db/client';
import { type TestDatabase, testDatabase } from '@/scripts/testing/database';
import { testConfigInput } from '@/worker/testing/config';
import type { Bucket } from '../model';
import { countedFrom } from './pieces';
import { Recorder } from './recorder';
import { listGroups, readBuckets, readProgress, readSums } from './store';
import { type RealPrometheus, realPrometheus } from './testing/prometheus';

const [minute, hour, day] = [60, 3600, 86_400];
const end = Math.floor(Date.now() / 1000 / 300) * 300;
const recent = end - 2 * hour;
/** The oldest day that is estimated, and a span of it in which a probe failed. */
const old = countedFrom(end) - day;
const failedOld = { from: old + 10 * hour + 20, to: old + 10 * hour + 200 };

let prometheus: RealPrometheus;
let database: TestDatabase;
let db: Database;

/** Scrapes every 15 s; each metric does what its name says. */
function past(): string {
  const lines: string[] = [];
  const labels = (more = '') => `{service="fraiseql-api",environment="production",region="us-east-1"${more}}`;
  for (let at = old + 5; at <= end; at += 15) {
    const failing = (at > failedOld.from && at <= failedOld.to) || (at > recent + 600 && at <= recent + 615);
    lines.push(`probe_success${labels(',probe="a"')} ${failing ? 0 : 1} ${at}\n`);
    lines.push(`probe_success${labels(',probe="b"')} ${at === recent + 1805 ? 'NaN' : 1} ${at}\n`);
    if (at < recent - hour) continue;
    const scrapes = (at - (recent - hour) - 5) / 15 + 1;
    // Four requests a scrape, one of them slow; for half an hour the bound is gone.
    lines.push(`latency_bucket${labels(',le="+Inf"')} ${scrapes * 4} ${at}\n`);
    const boundGone = at > recent && at <= recent + 1800;
    if (!boundGone) lines.push(`latency_bucket${labels(',le="0.3"')} ${scrapes * 3} ${at}\n`);
    lines.push(`jobs_total${labels()} ${at === recent + 305 ? -5 : scrapes} ${at}\n`);
    // More failures than jobs in one minute.
    lines.push(`jobs_failed_total${labels()} ${at > recent + 900 ? 50 : 0} ${at}\n`);
  }
  return lines.join('');
}

const objectives = {
  probe: {
    indicator: { kind: 'probe', gauge: { metric: 'probe_success' }, healthy: { op: '==', value: 1 } },
    method: { timeslices: '1m' },
  },
  'probe-five': {
    indicator: { kind: 'probe', gauge: { metric: 'probe_success' }, healthy: { op: '>=', value: 1 } },
    method: { timeslices: '5m' },
  },
  latency: { indicator: { kind: 'latency', buckets: { metric: 'latency_bucket' }, below: '300ms' } },
  jobs: {
    indicator: { kind: 'events', total: { metric: 'jobs_total' }, bad: { metric: 'jobs_failed_total' } },
  },
  nothing: {
    indicator: {
      kind: 'events',
      total: { metric: 'no_such_total' },
      bad: { metric: 'no_such_failures_total' },
    },
  },
};

beforeAll(async () => {
  prometheus = await realPrometheus(past());
  database = await testDatabase();
  db = createDatabase(database.url);
  const input = testConfigInput({ kubeconfig: '/none', prometheus: prometheus.url });
  const config = Config.parse({
    ...input,
    slos: Object.entries(objectives).map(([id, slo]) => ({
      ...slo,
      id,
      name: id,
      service: 'fraiseql-api',
      objective: '99.9',
      window: '7d',
    })),
  });
  const recorder = new Recorder({ db, config, workerId: 'a' });
  const never = new AbortController().signal;
  await recorder.tick(never);
  expect(await recorder.backfill(never)).toBe(true);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
  await prometheus.stop();
});

async function groupOf(slo: string): Promise<number> {
  const groups = (await listGroups(db, 'production')).filter((group) => group.slo === slo);
  expect(groups.map(({ labels }) => labels)).toEqual([{ region: 'us-east-1' }]);
  return groups[0]?.groupId ?? 0;
}
async function bucketsOf(slo: string, size: 60 | 300, from: number, to: number): Promise<Bucket[]> {
  const id = await groupOf(slo);
  return (await readBuckets(db, [id], size, from, to)).get(id) ?? [];
}
const bad = (buckets: readonly Bucket[]) =>
  buckets.filter(({ counts }) => counts?.bad === 1).map((one) => one.end);

test('slices of a probe are one event each, bad with one bad sample of any series', async () => {
  const minutes = await bucketsOf('probe', 60, recent, end - 1200);
  expect(minutes.every(({ counts, method }) => counts?.total === 1 && method === 'counted')).toBe(true);
  expect(bad(minutes)).toEqual([recent + 660]);
  const fives = await bucketsOf('probe', 300, recent, end - 1200);
  expect(fives.every(({ counts }) => counts?.total === 5)).toBe(true);
  const whole = await bucketsOf('probe-five', 300, recent, end - 1200);
  expect(whole.every(({ counts }) => counts?.total === 1)).toBe(true);
  expect(bad(whole)).toEqual([recent + 900]);
});

test('slices of days whose samples are not read are those of the least and greatest value', async () => {
  const around = [failedOld.from - 20 - 600, failedOld.from - 20 + 900] as const;
  const buckets = await bucketsOf('probe', 300, ...around);
  expect(buckets.map(({ counts, method }) => [counts?.bad, counts?.total, method])).toEqual([
    [0, 5, 'estimated'],
    [0, 5, 'estimated'],
    [4, 5, 'estimated'],
    [0, 5, 'estimated'],
    [0, 5, 'estimated'],
  ]);
});

test('latency: requests of a missing bound are a gap, not slow', async () => {
  const minutes = await bucketsOf('latency', 60, recent - 1800, end - 1200);
  const gone = minutes.filter((one) => one.end > recent && one.end <= recent + 1800);
  const there = minutes.filter((one) => one.end <= recent || one.end > recent + 1860);
  expect(there.every(({ counts }) => counts?.total === 16 && counts.good === 12 && counts.bad === 4)).toBe(
    true,
  );
  expect(gone.map(({ counts }) => counts)).toEqual(gone.map(() => null));
});

test('a negative counter refuses its bucket, and contradictions stay visible', async () => {
  const id = await groupOf('jobs');
  const minutes = await bucketsOf('jobs', 60, recent, recent + 1200);
  expect(minutes.filter(({ counts }) => Number.isNaN(counts?.total)).map((one) => one.end)).toEqual([
    recent + 360,
  ]);
  expect(minutes.find((one) => one.end === recent + 960)?.counts).toEqual({ good: 0, bad: 50, total: 4 });
  const sums = (await readSums(db, [id], recent, recent + 1200)).get(id);
  expect(sums).toMatchObject({ invalid: 2, counts: { bad: 0, total: 40 }, knownSeconds: 600 });
});

test('an objective without any series says so and has no group', async () => {
  expect((await listGroups(db, 'production')).some(({ slo }) => slo === 'nothing')).toBe(false);
  const progress = (await readProgress(db)).find(({ slo }) => slo === 'nothing');
  expect(progress?.problem?.reason).toBe('no-series');
  expect(progress?.problem?.message).toContain('no series of all events');
  expect(progress?.gaps.length).toBeGreaterThan(0);
  expect((progress?.finalUntil ?? 0) < end - 10 * minute + 300).toBe(true);
});
