import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { KeptBy, RetainedCopy, RetentionPolicy, Verdict } from './model';
import { selectCopies } from './select-copies';
import { naiveVerdicts } from './testing/naive';

const hour = 3_600_000;
const utc: RetentionPolicy = { daily: 7, weekly: 4, monthly: 12, timeZone: 'UTC' };
const copyAt = (at: string | number, more: Partial<RetainedCopy> = {}): RetainedCopy => ({
  id: `copy of ${typeof at === 'number' ? new Date(at).toISOString() : at}`,
  snapshotMs: typeof at === 'number' ? at : Date.parse(at),
  level: 4,
  isSpoilt: false,
  wasVerified: false,
  isMissing: false,
  serverMajor: 15,
  pins: [],
  ...more,
});
const every = (count: number, stepMs: number, from: string): RetainedCopy[] =>
  Array.from({ length: count }, (_, index) => copyAt(Date.parse(from) + index * stepMs));
const stay = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ stays }) => stays).map(({ id }) => id.slice('copy of '.length));
const rulesOf = (verdicts: readonly Verdict[], id: string): KeptBy['rule'][] => {
  const verdict = verdicts.find((one) => one.id === id);
  return verdict?.stays === true ? verdict.by.map(({ rule }) => rule) : [];
};

describe('what stays', () => {
  it('is 7 daily, 4 weekly and 12 monthly, none of them counted twice', () => {
    const verdicts = selectCopies(every(800, 24 * hour, '2024-09-12T02:00:00Z'), utc);
    const by = verdicts.flatMap((verdict) => (verdict.stays ? verdict.by : []));
    const buckets = (rule: KeptBy['rule']) =>
      by.flatMap((one) => (one.rule === rule && 'bucket' in one ? [one.bucket] : []));
    expect(buckets('daily')).toEqual([
      '2026-11-20',
      '2026-11-19',
      '2026-11-18',
      '2026-11-17',
      '2026-11-16',
      '2026-11-15',
      '2026-11-14',
    ]);
    expect(buckets('weekly')).toEqual(['2026-W46', '2026-W45', '2026-W44', '2026-W43']);
    expect(buckets('monthly')).toEqual([
      '2026-11',
      '2026-10',
      '2026-09',
      '2026-08',
      '2026-07',
      '2026-06',
      '2026-05',
      '2026-04',
      '2026-03',
      '2026-02',
      '2026-01',
      '2025-12',
    ]);
    expect(stay(verdicts)).toHaveLength(23);
  });

  it('says of each that leaves what is kept instead', () => {
    const verdicts = selectCopies(every(800, 24 * hour, '2024-09-12T02:00:00Z'), utc);
    const of = (day: string) => verdicts.find(({ id }) => id.includes(day));
    expect(of('2026-11-11')).toMatchObject({
      stays: false,
      leaves: {
        because: 'no-rule',
        rules: [
          { rule: 'daily', bucket: '2026-11-11', because: 'full' },
          { rule: 'weekly', bucket: '2026-W46', because: 'newer' },
          { rule: 'monthly', bucket: '2026-11', because: 'newer' },
        ],
      },
    });
  });

  it('is everything while there is little, the oldest among it', () => {
    const verdicts = selectCopies(every(5, hour, '2026-11-20T00:00:00Z'), utc);
    expect(stay(verdicts).map((at) => at.slice(11, 13))).toEqual(['04', '03', '02', '00']);
    expect(rulesOf(verdicts, 'copy of 2026-11-20T00:00:00.000Z')).toEqual(['oldest']);
    expect(rulesOf(verdicts, 'copy of 2026-11-20T04:00:00.000Z')).toEqual([
      'daily',
      'last-verified',
      'major',
    ]);
  });

  it('shortens nothing for a gap: only days that have a copy count', () => {
    const old = every(30, 24 * hour, '2026-01-01T02:00:00Z');
    const verdicts = selectCopies([...old, copyAt('2026-11-20T02:00:00Z')], utc);
    const daily = verdicts
      .flatMap((verdict) => (verdict.stays ? verdict.by : []))
      .filter(({ rule }) => rule === 'daily');
    expect(daily).toHaveLength(7);
    expect(daily[0]).toEqual({ rule: 'daily', bucket: '2026-11-20' });
    expect(daily[6]).toEqual({ rule: 'daily', bucket: '2026-01-25' });
  });

  it('is decided by time: names may say what they like', () => {
    const copies = [copyAt('2026-11-20T02:00:00Z', { id: 'a' }), copyAt('2026-11-20T01:00:00Z', { id: 'z' })];
    const one = { ...utc, daily: 1, weekly: 0, monthly: 0 };
    expect(rulesOf(selectCopies(copies, one), 'a')).toContain('daily');
    expect(rulesOf(selectCopies(copies.toReversed(), one), 'a')).toContain('daily');
  });

  it('is a date of the zone: a copy of 01:30 in Berlin is of that day, though UTC has the day before', () => {
    const copies = [
      copyAt('2026-11-19T23:30:00Z'),
      copyAt('2026-11-20T22:30:00Z'),
      copyAt('2026-11-20T23:30:00Z'),
    ];
    const zoned = { ...utc, timeZone: 'Europe/Berlin' };
    const daily = selectCopies(copies, zoned).flatMap((verdict) => (verdict.stays ? verdict.by : []));
    expect(daily.filter(({ rule }) => rule === 'daily')).toEqual([
      { rule: 'daily', bucket: '2026-11-21' },
      { rule: 'daily', bucket: '2026-11-20' },
    ]);
  });

  it('holds what is pinned, and the newest of each major version', () => {
    const copies = every(400, 24 * hour, '2025-10-17T02:00:00Z').map((copy, index) => ({
      ...copy,
      serverMajor: index < 200 ? 14 : 15,
      pins: index === 37 ? ['before c-198'] : [],
    }));
    const verdicts = selectCopies(copies, { ...utc, monthly: 2 });
    expect(rulesOf(verdicts, copies[199]?.id ?? '')).toEqual(['major']);
    expect(rulesOf(verdicts, copies[37]?.id ?? '')).toEqual(['pin']);
  });
});

describe('what is not verified', () => {
  const good = every(20, 24 * hour, '2026-11-01T02:00:00Z');

  it.each([
    ['unverified', { level: null }],
    ['written and not looked at', { level: 1 }],
    ['spoilt', { isSpoilt: true }],
  ])('takes no place of a verified one: %s', (_, state) => {
    const bad = every(20, 24 * hour, '2026-11-01T14:00:00Z').map((copy) => ({ ...copy, ...state }));
    const alone = stay(selectCopies(good, utc));
    const beside = stay(selectCopies([...good, ...bad], utc)).filter((at) => at.includes('T02'));
    expect(beside).toEqual(alone);
  });

  it('stays as evidence until a week of verified days is newer, and leaves then', () => {
    const bad = (at: string) => copyAt(at, { level: null });
    const young = bad('2026-11-14T14:00:00Z');
    const old = bad('2026-11-13T14:00:00Z');
    const verdicts = selectCopies([...good, young, old], utc);
    expect(rulesOf(verdicts, young.id)).toEqual(['evidence']);
    expect(verdicts.find(({ id }) => id === old.id)).toMatchObject({
      stays: false,
      leaves: { because: 'not-verified', isSpoilt: false, daily: 7 },
    });
    const few = selectCopies([...good.slice(-6), old], utc);
    expect(rulesOf(few, old.id)).toEqual(['evidence']);
  });

  it('stays when it was verified once and cannot be looked at now, however old', () => {
    const unclear = copyAt('2026-10-01T02:00:00Z', { level: null, wasVerified: true });
    const spoilt = copyAt('2026-10-02T02:00:00Z', { wasVerified: true, isSpoilt: true });
    const verdicts = selectCopies([...good, unclear, spoilt], utc);
    expect(rulesOf(verdicts, unclear.id)).toEqual(['unclear']);
    expect(verdicts.find(({ id }) => id === spoilt.id)?.stays).toBe(false);
  });

  it('stays in the list without its file, and counts for nothing', () => {
    const copies = good.map((copy, index) => ({ ...copy, isMissing: index === 19 }));
    const verdicts = selectCopies(copies, utc);
    expect(rulesOf(verdicts, copies[19]?.id ?? '')).toEqual(['missing']);
    expect(rulesOf(verdicts, copies[18]?.id ?? '')).toEqual(['daily', 'last-verified', 'major']);
  });
});

/** Zones whose clocks do everything that clocks do: an hour, half an hour, twice a year around Ramadan, a lost day. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'America/Havana',
  'Pacific/Apia',
] as const;
const tenYears = 3_653 * 24 * hour;
const start = Date.parse('2008-01-01T00:00:00Z');
const oneCopy = fc.record({
  level: fc.constantFrom(null, 0, 1, 2, 3, 4, 4, 4, 4),
  isSpoilt: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  wasVerified: fc.boolean(),
  isMissing: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
  serverMajor: fc.constantFrom(null, 14, 15, 15, 16),
  pins: fc.constantFrom<string[]>([], [], [], [], [], ['before c-12'], ['legal hold', 'audit']),
  /** Steps of the schedule to the next copy: most are one, some a gap of weeks. */
  step: fc.constantFrom(0, 1, 1, 1, 1, 1, 1, 2, 30, 200),
});
const world = fc.record({
  zone: fc.constantFrom(...zones),
  policy: fc.record({
    daily: fc.integer({ min: 1, max: 9 }),
    weekly: fc.integer({ min: 0, max: 6 }),
    monthly: fc.integer({ min: 0, max: 14 }),
  }),
  from: fc.integer({ min: 0, max: tenYears / hour }),
  stepHours: fc.constantFrom(1, 6, 23, 24, 24, 24, 167),
  copies: fc.array(oneCopy, { maxLength: 90, size: 'max' }),
});

test('is what a naive reading of the rule says, over ten years of dates with DST and gaps', () => {
  let cases = 0;
  let leaving = 0;
  fc.assert(
    fc.property(world, ({ zone, policy, from, stepHours, copies }) => {
      let at = start + from * hour;
      const list = copies.map(({ step, ...copy }, index): RetainedCopy => {
        at += step * stepHours * hour;
        return { id: String((index * 7919) % 1000).padStart(4, '0'), snapshotMs: at, ...copy };
      });
      const rule = { ...policy, timeZone: zone };
      const found = selectCopies(list, rule);
      expect(found).toEqual(naiveVerdicts(list, rule));
      cases += 1;
      leaving += found.filter(({ stays }) => !stays).length;
    }),
    { numRuns: 1500, seed: 20_261_122 },
  );
  expect(cases).toBe(1500);
  expect(leaving).toBeGreaterThan(5000);
});

test.each(zones)('is what a naive reading says of ten years of nights in %s', (timeZone) => {
  const nights = every(3_653, 24 * hour, '2008-01-01T01:30:00Z').filter((_, index) => index % 97 > 4);
  const policy = { ...utc, timeZone };
  expect(selectCopies(nights, policy)).toEqual(naiveVerdicts(nights, policy));
});

test('carried out each night for ten years it keeps 23, reaches back ten months, and lets one go at most', () => {
  const policy = { ...utc, timeZone: 'Europe/Berlin' };
  let copies: RetainedCopy[] = [];
  let nights = 0;
  for (const copy of every(3_653, 24 * hour, '2016-11-20T01:00:00Z')) {
    const before = copies.length + 1;
    const staying = new Set(stay(selectCopies([...copies, copy], policy)));
    copies = [...copies, copy].filter(({ id }) => staying.has(id.slice('copy of '.length)));
    expect(before - copies.length).toBeLessThanOrEqual(1);
    nights += 1;
    if (nights < 500) continue;
    const oldest = copies[0]?.snapshotMs ?? 0;
    expect(copies).toHaveLength(23);
    expect(copy.snapshotMs - oldest).toBeGreaterThan(300 * 24 * hour);
  }
  expect(nights).toBe(3_653);
});

test('the same copies in any order, and what left before, change no verdict on what stays', () => {
  let cases = 0;
  fc.assert(
    fc.property(
      world,
      fc.infiniteStream(fc.double({ noNaN: true })),
      ({ policy, zone, copies, stepHours }, order) => {
        let at = start;
        const list = copies.map(({ step, ...copy }, index): RetainedCopy => {
          at += (step + 1) * stepHours * hour;
          return { id: String(index), snapshotMs: at, ...copy };
        });
        const rule = { ...policy, timeZone: zone };
        const verdicts = selectCopies(list, rule);
        const shuffled = list
          .map((copy) => ({ copy, key: order.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ copy }) => copy);
        expect(selectCopies(shuffled, rule)).toEqual(verdicts);
        const ids = new Set(verdicts.filter(({ stays }) => stays).map(({ id }) => id));
        const again = selectCopies(
          list.filter(({ id }) => ids.has(id)),
          rule,
        );
        expect(again.every(({ stays }) => stays)).toBe(true);
        cases += 1;
      },
    ),
    { numRuns: 500, seed: 20_261_122 },
  );
  expect(cases).toBe(500);
});
