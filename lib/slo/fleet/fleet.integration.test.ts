import { describe, expect, test } from 'vitest';
import { readingValue } from '@/lib/core/reading';
import { createDatabase } from '@/lib/db/client';
import { shiftTime } from '@/scripts/testing/database';
import { fleetPoll } from './poll';
import { config, database, db, ids, list, now, numbersOf, openFleetRoom, page, rowOf } from './testing/room';

const [minute, hour, day] = [60, 3600, 86_400];
openFleetRoom();

describe('the list', () => {
  test('counts every event of the window once, by group and together', async () => {
    const fleet = await list();
    const row = rowOf(fleet, 'events');
    const { to, from } = row.window;
    expect(to % minute).toBe(0);
    expect(to - from).toBe(7 * day);
    // The window begins inside a 5-minute bucket, which counts whole.
    const total = ((to - Math.floor(from / 300) * 300) / minute) * 20;
    expect(row.groups.map(({ labels, numbers }) => [labels['region'], numbers.total, numbers.bad])).toEqual([
      ['eu-west-1', total, 0],
      ['us-east-1', total, 60],
    ]);
    const numbers = numbersOf(row);
    expect([numbers.total, numbers.bad]).toEqual([2 * total, 60]);
    expect(numbers.budgetLeft).toBeCloseTo(1 - 60 / (0.001 * 2 * total), 12);
    expect(numbers).toMatchObject({ state: 'ok', coverage: 1, method: 'mixed', burn1h: 0 });
    expect(numbers.soonest).toEqual({ kind: 'never' });
    expect(row.word).toBe('healthy');
    expect(row.numbers.state).toBe('fresh');
  });

  test('slices of time are judged from buckets, and a calendar month from its first', async () => {
    const fleet = await list();
    const slices = rowOf(fleet, 'slices');
    const numbers = numbersOf(slices);
    // Twelve slices with 5 % failures in one region; the other had none in the same time.
    expect([slices.unit, numbers.bad]).toEqual(['slices', 12]);
    expect(numbers.total).toBeGreaterThan(2 * 7 * 288 - 4);
    const month = rowOf(fleet, 'month');
    const first = new Date(month.window.from * 1000);
    const local = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Berlin',
      day: 'numeric',
      hour: 'numeric',
    });
    expect(local.format(first)).toBe('1, 00');
    expect(month.window.end).toBeGreaterThan(month.window.to);
  });

  test('the sparkline falls by what failed and ends at the tile', async () => {
    const row = rowOf(await list(), 'events');
    const values = row.sparkline?.values ?? [];
    expect(values.length).toBeGreaterThan(40);
    const known = values.filter((value) => value !== null);
    expect(known).toEqual(known.toSorted((a, b) => b - a));
    expect(known[0]).toBe(1);
    expect(known.at(-1)).toBeCloseTo(numbersOf(row).budgetLeft ?? 0, 3);
  });

  test('a fresh outage is in the burn, in the word and in the forecast at once', async () => {
    const groups = await db.sloGroup.findMany({ where: { definitionId: ids.get('quiet') ?? 0 } });
    await db.$executeRaw`UPDATE slo_chunk SET bad = array_replace(bad, 0::float8, 10::float8), good = array_replace(good, 20::float8, 10::float8)
      WHERE size = 60 AND group_id = ANY(${groups.map(({ id }) => id)}::int[])`;
    await db.$executeRaw`UPDATE slo_chunk SET bad = array_fill(50::float8, ARRAY[288]), good = array_fill(50::float8, ARRAY[288])
      WHERE size = 300 AND start_at > app.now() - interval '2 days' AND array_position(total, NULL) IS NULL
        AND group_id = ANY(${groups.map(({ id }) => id)}::int[])`;
    const fleet = await list();
    const row = rowOf(fleet, 'quiet');
    expect(row.word).toBe('burning-fast');
    expect(numbersOf(row).burn1h ?? 0).toBeGreaterThan(100);
    expect(numbersOf(row).soonest.kind).toBe('spent');
    expect(fleet.rows[0]?.id).toBe('quiet');
    expect(fleet.counts['burning-fast']).toBe(1);
  });

  test('a day that is filled in later is seen, and until then it is a gap', async () => {
    const definitionId = ids.get('events') ?? 0;
    const start = new Date((Math.floor(now / day) - 4) * day * 1000);
    const groups = { group: { definitionId }, size: 300, startAt: start };
    const chunks = await db.sloChunk.findMany({ where: groups });
    await db.sloChunk.deleteMany({ where: groups });
    const gap = { from: start.getTime() / 1000, to: start.getTime() / 1000 + day, tries: 1, next: now };
    await db.sloProgress.update({ where: { definitionId }, data: { gaps: [gap], backfillTotal: 30 } });
    const holed = rowOf(await list(), 'events');
    expect(numbersOf(holed).coverage).toBeCloseTo(6 / 7, 2);
    expect(holed.sparkline?.values).toContain(null);
    expect(holed.progress?.sentence).toBe(
      'Filling in the past: 8 of 30 days. 1 d could not be read and is asked for again.',
    );
    await db.sloChunk.createMany({ data: chunks });
    await db.sloProgress.update({ where: { definitionId }, data: { gaps: [], backfillTotal: 8 } });
    await fleetPoll(config, 'production').refresh();
    const whole = rowOf(await list(), 'events');
    expect(numbersOf(whole).coverage).toBe(1);
    expect(whole.sparkline?.values).not.toContain(null);
    expect(whole.progress?.sentence).toBeNull();
  });
});

describe('what is away', () => {
  test('a recorder that stopped leaves its figures as of then, and says so', async () => {
    await shiftTime(database.url, 2 * hour * 1000);
    try {
      const fleet = await list();
      const row = rowOf(fleet, 'events');
      expect(row.numbers).toMatchObject({ state: 'stale', reason: 'too-late', value: { bad: 60 } });
      expect(row.numbers).toHaveProperty(
        'detail',
        expect.stringMatching(/^The recorder has stopped.* 2 h old\.$/),
      );
      expect(row.word).toBe('no-data');
      expect(row.window.to).toBeLessThanOrEqual(now);
      expect(fleet.freshness).toMatchObject({ state: 'stale' });
      await db.sloProgress.updateMany({
        data: { problem: { reason: 'unreachable', message: 'Prometheus main cannot be reached.' } },
      });
      globalThis.signalboxFleets = undefined;
      expect(rowOf(await list(), 'events').numbers).toMatchObject({
        state: 'stale',
        reason: 'unreachable',
        detail: expect.stringMatching(/^Prometheus main cannot be reached\. The newest counts are 2 h/),
      });
    } finally {
      await db.$executeRaw`UPDATE slo_progress SET problem = NULL`;
      await shiftTime(database.url, 0);
    }
  });

  test('a database that is away leaves what was read, on the list and on the page', async () => {
    const [before, seen] = [rowOf(await list(), 'events'), await page('events')];
    const poll = fleetPoll(config, 'production');
    const held = globalThis.signalboxDatabase;
    globalThis.signalboxDatabase = createDatabase('postgresql://nobody:none@127.0.0.1:9/none');
    try {
      await poll.refresh();
      const row = rowOf(await list(), 'events');
      expect(row.numbers).toMatchObject({
        state: 'stale',
        reason: 'unreachable',
        value: readingValue(before.numbers),
      });
      expect(row.numbers).toHaveProperty('detail', expect.stringMatching(/^The database does not answer/));
      const view = await page('events');
      expect(view.data.state).toBe('stale');
      expect(readingValue(view.data)).toEqual(readingValue(seen.data));
      globalThis.signalboxFleets = undefined;
      const nothing = await list();
      expect(nothing.rows).toHaveLength(4);
      expect(nothing.counts['no-data']).toBe(4);
      expect(rowOf(nothing, 'events').numbers).toMatchObject({ state: 'missing', reason: 'unreachable' });
    } finally {
      await globalThis.signalboxDatabase.$disconnect();
      globalThis.signalboxDatabase = held;
    }
  });
});
