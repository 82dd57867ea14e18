import { expect, test } from 'vitest';
import { isOpsError } from '@/lib/core/errors';
import { bad, config, db, now, numbersOf, openFleetRoom, page, person } from '../fleet/testing/room';
import { SloSpan, type SpanQuery } from './contract';
import { spanView } from './view';

const [hour, day] = [3600, 86_400];
openFleetRoom();

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const span = async (slo: string, from: number, to: number, exclusions: SpanQuery['exclusions'] = 'on') =>
  SloSpan.parse(
    await spanView(config, { slo, environment: 'production', from: iso(from), to: iso(to), exclusions }),
  );

test('a span costs what was recorded in it, by group too', async () => {
  const cost = await span('events', bad.from, bad.to);
  const row = numbersOf((await page('events')).row);
  // 20 requests a minute in each of two regions; one failure a minute in the first.
  expect(cost).toMatchObject({ total: 2400, bad: 60, state: 'ok', coverage: 1, method: 'estimated' });
  expect(cost.share).toBeCloseTo(60 / (0.001 * (row.total ?? 0)), 9);
  expect(cost.share).toBeCloseTo(1 - (row.budgetLeft ?? 0), 9);
  expect(cost.burn).toBeCloseTo(60 / 2400 / 0.001, 9);
  expect(cost.groups.map(({ labels, bad: failed, part }) => [labels['region'], failed, part])).toEqual([
    ['us-east-1', 60, 1],
    ['eu-west-1', 0, 0],
  ]);
  expect(cost.steps).toHaveLength(12);
  expect([cost.bucketSeconds, cost.unit]).toEqual([300, 'events']);
});

test('its bounds are taken to whole buckets, and all spans of a window are the window', async () => {
  const cost = await span('events', bad.from + 61, bad.from + 299);
  expect([cost.from, cost.to]).toEqual([iso(bad.from), iso(bad.from + 300)]);
  expect(cost.asked).toEqual({ from: iso(bad.from + 61), to: iso(bad.from + 299) });
  expect(cost.bad).toBe(5);
  const { window, numbers } = (await page('month')).row;
  expect(numbers.state).not.toBe('missing');
  const start = Math.ceil(Math.max(window.from, now - 7 * day) / 300) * 300;
  const cuts = [start, bad.from + 600, bad.to - 900, start + 5 * day, now].sort((a, b) => a - b);
  const whole = await span('month', start, now);
  const parts = await Promise.all(
    cuts
      .slice(1)
      .map((to, index) =>
        span('month', Math.floor((cuts[index] ?? 0) / 300) * 300, Math.floor(to / 300) * 300),
      ),
  );
  const newest = await span('month', Math.floor(now / 300) * 300, now);
  const sum = [...parts, newest].reduce((so, one) => so + (one.total ?? 0), 0);
  expect(sum).toBe(whole.total);
});

test('the newest bucket counts as far as it is recorded, and a span beyond it says where it ends', async () => {
  const cost = await span('events', now - hour, now + day);
  expect(Date.parse(cost.to) / 1000).toBeLessThanOrEqual(Math.ceil(now / 300) * 300);
  expect(cost.remarks[0]).toMatch(
    /^Counts are recorded until \d{4}-\d\d-\d\d \d\d:\d\d UTC; the span ends there\.$/,
  );
  expect(cost.method).toBe('mixed');
  expect(cost.remarks.some((one) => one.startsWith('Method mixed:'))).toBe(true);
});

test('slices cost slices, and a span before anything was recorded is no data', async () => {
  const slices = await span('slices', bad.from, bad.to);
  // A failure in 40 is 97.5 % good: under the 99 % of a slice.
  expect(slices).toMatchObject({ unit: 'slices', total: 24, bad: 12 });
  const before = await span('events', now - 12 * day, now - 11 * day);
  expect(before).toMatchObject({ state: 'no-data', bad: null, share: null, coverage: 0 });
  expect(before.remarks).toEqual([
    'Nothing was recorded in it: that is no data, not no failures.',
    'It lies before the window that counts now: the share is of the budget of now, which it no longer spends.',
  ]);
});

test('refuses what cannot be priced with a sentence', async () => {
  const refusal = async (from: number, to: number, slo = 'events') =>
    span(slo, from, to).then(
      () => 'none',
      (error: unknown) => (isOpsError(error) ? `${error.code}: ${error.message}` : String(error)),
    );
  expect(await refusal(now, now - hour)).toBe(
    'invalid: The span cannot be priced: it ends before it begins.',
  );
  expect(await refusal(now + hour, now + day)).toBe(
    'invalid: The span cannot be priced: it lies in the future.',
  );
  expect(await refusal(now - 500 * day, now - 499 * day)).toMatch(/^invalid: .* more than 400 d ago/);
  expect(await refusal(now - hour, now, 'none')).toMatch(/^not-found: /);
});

test('exclusions take their part out of it, and what happened in it is named', async () => {
  const by = { createdById: person.id, createdByName: person.name };
  const where = { slo: 'events', environment: 'production' };
  const exclusion = await db.sloExclusion.create({
    data: {
      ...where,
      ...by,
      reason: 'A drill',
      fromAt: new Date(bad.from * 1000),
      toAt: new Date((bad.from + hour / 2) * 1000),
    },
  });
  const entry = await db.sloEntry.create({
    data: {
      ...where,
      ...by,
      cause: 'incident',
      title: 'A broken card',
      fromAt: new Date((bad.from - hour) * 1000),
      toAt: new Date((bad.from + 600) * 1000),
    },
  });
  try {
    const [on, off] = [await span('events', bad.from, bad.to), await span('events', bad.from, bad.to, 'off')];
    expect([on.bad, off.bad]).toEqual([30, 60]);
    expect([on.exclusions, off.exclusions]).toEqual([
      { applied: true, seconds: hour / 2 },
      { applied: false, seconds: 0 },
    ]);
    expect(on.coverage).toBe(1);
    expect(on.markers).toMatchObject([{ cause: 'incident', title: 'A broken card', from: bad.from - hour }]);
    expect((await span('events', bad.to, bad.to + hour)).markers).toEqual([]);
  } finally {
    await db.sloExclusion.delete({ where: { id: exclusion.id } });
    await db.sloEntry.delete({ where: { id: entry.id } });
  }
});
