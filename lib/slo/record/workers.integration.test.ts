import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseNow } from '@/lib/db/transaction';
import { shiftTime } from '@/scripts/testing/database';
import { claim, writeStep } from './claim';
import { countedFrom } from './pieces';
import { Recorder } from './recorder';
import { listGroups, readProgress, readSums } from './store';
import { begin, never, type RecordedWorld, type Room, recordedWorld, settled } from './testing/recording';

const minute = 60;

let world: RecordedWorld;
beforeAll(async () => {
  world = await recordedWorld();
});
afterAll(() => world.prometheus.stop());

describe('several workers', () => {
  let at: Room;
  beforeAll(async () => {
    at = await world.room();
  });
  afterAll(() => at.stop());

  test('at once count the same, and one that was killed is followed by another', async () => {
    const killed = at.recorder('killed');
    const ids = [...(await killed.prepare()).keys()];
    const dueAt = await databaseNow(at.db);
    const [held] = await claim(at.db, 'killed', { kind: 'live', dueAt, ids, limit: 1 });
    if (held === undefined) throw new Error('Nothing was claimed.');
    // What one has read is not due for the other, whichever is first to end.
    const [one, two] = [at.recorder('one', 15), at.recorder('two', 15)];
    expect(await one.tick(never)).toBe(0);
    await shiftTime(at.database.url, 61_000);
    const read = await Promise.all([one.tick(never), two.tick(never)]);
    expect(read[0] + read[1]).toBe(1);
    for (let left = true; left; ) {
      const done = await Promise.all([one.backfill(never), two.backfill(never)]);
      const { backfill } = await at.progress();
      left = backfill.done < backfill.total || !done.includes(true);
    }
    const now = await at.now();
    expect(await at.differences(countedFrom(now), settled(now))).toEqual([]);
    expect((await at.progress()).backfill.done).toBe((await at.progress()).backfill.total);
    // What the first one had read before it was held up is no longer written.
    const chunks = () =>
      at.db.$queryRaw`SELECT md5(string_agg(c::text, '' ORDER BY c::text)) FROM slo_chunk c`;
    const before = await chunks();
    const group = {
      labels: { region: 'us-east-1' },
      buckets: new Map([[settled(now), { good: 1, bad: 1, total: 2 }]]),
    };
    const [key] = await at.db.sloGroup.findMany({ where: { labels: { equals: group.labels } } });
    const stale = await writeStep(at.db, held, {
      reads: [
        {
          groups: new Map([[key?.key ?? '', group]]),
          size: 60,
          sizes: [60, 300],
          method: 'counted',
          finalUntil: now,
        },
      ],
      gaps: [],
      problem: null,
    });
    expect(stale).toBe(false);
    expect(await chunks()).toEqual(before);
  });

  test('a worker stopped in the middle is no harm', async () => {
    await at.db.$executeRaw`UPDATE slo_progress SET backfilled_from = NULL, backfill_done = 0`;
    await at.db.$executeRaw`DELETE FROM slo_chunk`;
    const stopping = new AbortController();
    const asked = world.prometheus.asked();
    const running = at.recorder('stopped').backfill(stopping.signal);
    for (let left = 2000; world.prometheus.asked() < asked + 3 && left > 0; left -= 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    stopping.abort();
    expect(await running).toBe(false);
    expect(await at.recorder('next').backfill(never)).toBe(true);
    const now = await at.now();
    // What was counted live is gone with the chunks, and no backfill asks for it.
    const [row] = await at.db.$queryRaw<{ until: number }[]>`
      SELECT extract(epoch FROM live_from)::float8 AS until FROM slo_progress`;
    expect(await at.differences(countedFrom(now), row?.until ?? 0)).toEqual([]);
  });
});

describe('an edited objective', () => {
  let at: Room;
  beforeAll(async () => {
    at = await world.room();
  });
  afterAll(() => at.stop());

  test('is a new definition; the old buckets stay with the old one', async () => {
    const old = at.recorder();
    await old.tick(never);
    const [definition] = await readProgress(at.db);
    const config = world.configOf({ groupBy: [] });
    const edited = new Recorder({ db: at.db, config, workerId: 'a', everySeconds: 0 });
    await edited.tick(never);
    await edited.backfill(never);
    const groups = await listGroups(at.db, 'production');
    expect(groups.map(({ current, labels }) => [current, Object.keys(labels)])).toEqual([
      [true, []],
      [false, ['region']],
      [false, ['region']],
    ]);
    expect(
      groups.filter(({ current }) => !current).every((one) => one.definitionId === definition?.definitionId),
    ).toBe(true);
    const [whole] = groups;
    const ids = groups.map(({ groupId }) => groupId);
    const sums = await readSums(at.db, ids, settled(begin), begin - minute);
    const parts = groups
      .slice(1)
      .reduce((sum, { groupId }) => sum + (sums.get(groupId)?.counts?.total ?? 0), 0);
    expect(parts).toBeGreaterThan(0);
    expect(sums.get(whole?.groupId ?? 0)?.counts?.total).toBe(parts);
    // A longer window is no other definition: its counts are the same, and there is one more day to fill. How many
    // days a window touches depends on the hour.
    const current = async () => (await readProgress(at.db)).find((one) => one.current)?.backfill;
    const filled = await current();
    expect(filled?.done).toBe(filled?.total);
    const longer = new Recorder({
      db: at.db,
      config: world.configOf({ groupBy: [], window: '8d' }),
      workerId: 'a',
    });
    await longer.prepare();
    const days = filled?.total ?? 0;
    expect(days).toBeGreaterThanOrEqual(7);
    expect(await current()).toEqual({ done: days, total: days + 1 });
  });
});
