import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shiftTime } from '@/scripts/testing/database';
import { countedFrom } from './pieces';
import type { Recorder } from './recorder';
import { listGroups, readBuckets, readSums } from './store';
import {
  begin,
  firstScrape,
  never,
  type RecordedWorld,
  type Room,
  recordedWorld,
  settled,
} from './testing/recording';

const [minute, hour, day] = [60, 3600, 86_400];

let world: RecordedWorld;
beforeAll(async () => {
  world = await recordedWorld();
});
afterAll(() => world.prometheus.stop());

describe('a first start', () => {
  let at: Room;
  beforeAll(async () => {
    at = await world.room();
    const recorder = at.recorder();
    await recorder.tick(never);
    expect(await recorder.backfill(never)).toBe(true);
  });
  afterAll(() => at.stop());

  test('counts three days to the event, minute by minute', async () => {
    const now = await at.now();
    expect(await at.differences(countedFrom(now), settled(now))).toEqual([]);
    expect(await at.differences(countedFrom(now), settled(now), 300)).toEqual([]);
  });

  test('the past is one that can go wrong', () => {
    const text = world.past.openMetrics;
    expect(text.match(/ NaN /g)?.length).toBeGreaterThan(100);
    expect(new Set(text.match(/pod="[^"]+"/g)).size).toBeGreaterThan(6);
  });

  test('estimates older days within one per cent, and says so', async () => {
    const groups = await listGroups(at.db, 'production');
    const until = countedFrom(await at.now());
    const start = Math.ceil(firstScrape / day) * day;
    const ids = groups.map(({ groupId }) => groupId);
    const sums = await readSums(at.db, ids, start, until);
    for (const { groupId, labels } of groups) {
      const truth = { bad: 0, total: 0 };
      for (const [one, counts] of world.past.minutes.get(labels['region'] ?? '') ?? []) {
        if (one <= start || one > until) continue;
        truth.bad += counts.bad;
        truth.total += counts.total;
      }
      const read = sums.get(groupId);
      expect(read?.methods).toEqual(['estimated']);
      expect(read?.knownSeconds).toBe(until - start);
      expect(Math.abs((read?.counts?.total ?? 0) / truth.total - 1)).toBeLessThan(0.01);
      expect(Math.abs((read?.counts?.bad ?? 0) / truth.bad - 1)).toBeLessThan(0.01);
    }
  });

  test('sums of any span are the sums of its buckets', async () => {
    const until = Math.floor(begin / 300) * 300;
    const groups = await listGroups(at.db, 'production');
    const ids = groups.map(({ groupId }) => groupId);
    for (const span of [300, hour, 6 * hour, day, 3 * day - 600, 5 * day]) {
      const start = Math.floor((until - span) / 300) * 300;
      const sums = await readSums(at.db, ids, start, until);
      for (const [id, buckets] of await readBuckets(at.db, ids, 300, start, until)) {
        const total = buckets.reduce((sum, { counts }) => sum + (counts?.total ?? 0), 0);
        const bad = buckets.reduce((sum, { counts }) => sum + (counts?.bad ?? 0), 0);
        expect(sums.get(id)?.counts?.total).toBeCloseTo(total, 3);
        expect(sums.get(id)?.counts?.bad).toBeCloseTo(bad, 3);
      }
    }
  });

  test('tells how far it is', async () => {
    const progress = await at.progress();
    expect(progress.backfill.done).toBe(progress.backfill.total);
    expect(progress.problem).toBeNull();
    expect(progress.finalUntil).toBe(settled(await at.now()));
    // The days before the server knew anything are asked for again.
    expect(progress.gaps.length).toBeGreaterThan(0);
    expect(progress.gaps.every((gap) => gap.to < firstScrape + day)).toBe(true);
  });

  test('doing it all again changes nothing', async () => {
    const chunks = () => at.db
      .$queryRaw`SELECT group_id, size, start_at, md5(row(good, bad, total, method)::text)
      FROM slo_chunk WHERE start_at < to_timestamp(${begin - 2 * hour}) ORDER BY 1, 2, 3`;
    const before = await chunks();
    await at.db.$executeRaw`UPDATE slo_progress SET backfilled_from = NULL, backfill_done = 0`;
    expect(await at.recorder('b').backfill(never)).toBe(true);
    expect(await chunks()).toEqual(before);
  });
});

describe('bad days', () => {
  let at: Room;
  let recorder: Recorder;
  beforeAll(async () => {
    at = await world.room();
    recorder = at.recorder();
    await recorder.tick(never);
  });
  afterAll(() => at.stop());
  const pass = (seconds: number) => shiftTime(at.database.url, seconds * 1000);
  const finals = async () => (await at.progress()).finalUntil ?? 0;
  const start = settled(begin);

  test('an hour without Prometheus leaves no hole', async () => {
    world.prometheus.behave('down');
    const before = await finals();
    for (let step = 0; step < 4; step += 1) {
      await pass(15 * minute);
      await recorder.tick(never);
    }
    expect(await at.progress()).toMatchObject({ finalUntil: before, problem: { reason: 'unreachable' } });
    world.prometheus.behave('well');
    await recorder.tick(never);
    const now = await at.now();
    expect(await at.differences(start, settled(now))).toEqual([]);
    expect(await at.progress()).toMatchObject({ finalUntil: settled(now), problem: null });
  });

  test('nothing is final after an empty or a warned answer', async () => {
    for (const [behaviour, reason] of [
      ['empty', 'no-series'],
      ['warned', 'warned'],
    ] as const) {
      const before = await finals();
      world.prometheus.behave(behaviour);
      await pass(16 * minute);
      await recorder.tick(never);
      expect(await at.progress()).toMatchObject({ finalUntil: before, problem: { reason } });
      world.prometheus.behave('well');
      await recorder.tick(never);
      const now = await at.now();
      expect(await finals()).toBe(settled(now));
      expect(await at.differences(start, settled(now))).toEqual([]);
    }
  });

  test('samples that come late are counted', async () => {
    await pass(16 * minute);
    const now = await at.now();
    world.prometheus.behave({ hides: now - 8 * minute });
    await recorder.tick(never);
    expect(await at.differences(now - 6 * minute, now - 2 * minute)).not.toEqual([]);
    world.prometheus.behave('well');
    await recorder.tick(never);
    expect(await at.differences(start, now - minute)).toEqual([]);
  });

  test('hours of empty answers become a gap that is filled when the series are back', async () => {
    world.prometheus.behave('empty');
    for (let step = 0; step < 8; step += 1) {
      await pass(15 * minute);
      await recorder.tick(never);
    }
    expect((await at.progress()).gaps.length).toBeGreaterThan(0);
    world.prometheus.behave('well');
    for (let step = 0; step < 5; step += 1) {
      await pass(6 * minute);
      await recorder.tick(never);
    }
    expect(await at.progress()).toMatchObject({ gaps: [] });
    expect(await at.differences(start, settled(await at.now()))).toEqual([]);
  });
});
