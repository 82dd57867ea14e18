import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { claim } from '../ledger/testing/claims';
import { holds } from '../math/testing/cases';
import { sumOf } from './amounts';
import { monthBounds } from './month';
import { buckets, failing, line, said } from './testing/lines';

const month = '2026-11';
const { from, to } = monthBounds(month, 'UTC');
const hour = 3600;
const day = 86_400;
/** 8,640 buckets of 1,000 requests: 8,640,000 in all, of which 4,320 may fail. */
const outage =
  (begin: number, seconds: number, bad = 1000) =>
  (end: number) =>
    failing(1000, end > begin && end <= begin + seconds ? bad : 0);

describe('the figures of a whole month, to the decimal', () => {
  test('15 min of full outage are 69.4 % of 21.6 min (SLO-09)', () => {
    const one = line({ month, at: outage(from + 9 * day, 900) });
    expect(one).toMatchObject({
      state: 'ok',
      total: 8_640_000,
      isMet: true,
      coverage: 1,
      method: 'counted',
      monthBudgetSeconds: 1296,
      budget: { failures: 4320, seconds: 1296 },
      spent: { failures: 3000, seconds: 900 },
      left: { failures: 1320, seconds: 396 },
    });
    expect(one.spent?.share).toBeCloseTo(0.69444, 5);
    expect(one.sli).toBe((8_640_000 - 3000) / 8_640_000);
  });

  test('one failure more than allowed misses, exactly the budget is met', () => {
    const exact = line({ month, at: outage(from + day, 4320 * 300, 1) });
    expect(exact).toMatchObject({
      isMet: true,
      spent: { failures: 4320, share: 1 },
      left: { failures: 0, seconds: 0 },
    });
    const over = line({ month, at: outage(from + day, 4321 * 300, 1) });
    expect(over).toMatchObject({ isMet: false, left: { failures: -1, seconds: -0.3 } });
  });

  test.each([
    ['2026-02', 'UTC', 1209.6, 8064],
    ['2028-02', 'UTC', 1252.8, 8352],
    ['2026-10', 'UTC', 1339.2, 8928],
    ['2026-03', 'Europe/Berlin', 1337.4, 8916],
    ['2026-10', 'Europe/Berlin', 1341, 8940],
  ])('%s in %s has its own length', (name, zone, seconds, count) => {
    expect(line({ month: name, zone })).toMatchObject({
      monthBudgetSeconds: seconds,
      total: count * 1000,
      coverage: 1,
      budget: { seconds },
    });
  });

  test('a bucket belongs to the month in which it ends', () => {
    const at = (end: number) => failing(1, end === from || end === to ? 1 : 0);
    expect(line({ month, at }).spent?.failures).toBe(1);
    expect(line({ month: '2026-10', at: (end) => failing(1, end === from ? 1 : 0) }).spent?.failures).toBe(1);
  });
});

describe('what is not known', () => {
  test('a month in which the recorder began has the budget of what it counted, and says how much that is', () => {
    const one = line({
      month,
      at: (end) => (end > from + 21 * day ? failing(1000, 1) : null),
      firstSeen: from + 21 * day,
    });
    expect(one).toMatchObject({
      state: 'partial',
      coverage: 0.3,
      monthBudgetSeconds: 1296,
      budget: { seconds: 388.8, failures: 1296 },
      spent: { failures: 2592, seconds: 777.6, share: 2 },
      isMet: false,
    });
    expect(one.notes[0]).toMatch(/^Recorded since 2026-11-22 00:00 UTC/);
  });

  test('no data, no traffic, no failures and contradicting counts are four states', () => {
    const none = { sli: null, isMet: null, spent: null, budget: null, left: null, byCause: [], largest: [] };
    expect(line({ month, at: () => null })).toMatchObject({
      state: 'no-data',
      total: null,
      coverage: 0,
      ...none,
    });
    expect(line({ month, groups: [] })).toMatchObject({ state: 'no-data', coverage: 0, ...none });
    expect(line({ month, at: () => failing(0, 0) })).toMatchObject({
      state: 'no-traffic',
      total: 0,
      coverage: 1,
      ...none,
    });
    expect(line({ month })).toMatchObject({
      state: 'no-errors',
      sli: 1,
      isMet: true,
      spent: { failures: 0, share: 0 },
    });
    const invalid = line({ month, at: (end) => (end === from + day ? failing(10, 11) : failing(10, 0)) });
    expect(invalid).toMatchObject({ state: 'invalid', total: null, ...none });
    expect(invalid.notes).toEqual([expect.stringMatching(/^1 bucket contradicts itself/)]);
  });

  test('so far: only what has passed is counted, the budget of the month stays whole', () => {
    const one = line({ month, until: from + 3 * day, at: outage(from + day, 300) });
    expect(one).toMatchObject({
      coverage: 1,
      monthBudgetSeconds: 1296,
      budget: { failures: 432, seconds: 129.6 },
      spent: { failures: 1000, seconds: 300 },
      isMet: false,
    });
    expect(line({ month, until: from })).toMatchObject({ state: 'no-data', coverage: 0 });
  });

  test('ways of counting that meet in a month are mixed', () => {
    const span = { from: from - day, to };
    const half = (estimated: boolean) =>
      buckets(
        span,
        (end) => (end <= from + 15 * day === estimated ? failing(10, 1) : null),
        estimated ? 'estimated' : 'counted',
      );
    const runs = [half(true), half(false)].map((all) => ({
      size: 300,
      buckets: all.filter(({ counts }) => counts !== null),
    }));
    expect(line({ month, groups: [{ runs, claims: [] }] })).toMatchObject({ method: 'mixed', coverage: 1 });
  });
});

describe('an objective that was edited in the month', () => {
  const edit = from + 10 * day;
  const parts = [
    { from, to: edit },
    { from: edit, to },
  ];

  test('has two lines that share its month: each bucket and each minute of budget once', () => {
    const at = outage(edit - 600, 1200);
    const [before, after] = parts.map((span) => line({ month, at, spans: [span] }));
    expect(before?.spent?.failures).toBe(2000);
    expect(after?.spent?.failures).toBe(2000);
    expect((before?.total ?? 0) + (after?.total ?? 0)).toBe(8_640_000);
    expect(before?.monthBudgetSeconds).toBe(432);
    expect(after?.monthBudgetSeconds).toBe(864);
    expect([before?.coverage, after?.coverage]).toEqual([1, 1]);
  });

  test('a change across the edit pays in each line what fell into it', () => {
    const at = outage(edit - 600, 1200);
    const claims = [claim('change:12', edit - 600, edit + 600)];
    const told = new Map([['change:12', said('change', 'Deploy 2.0.1')]]);
    for (const span of parts) {
      const one = line({ month, at, spans: [span], claims, said: told });
      expect(one.byCause.find(({ cause }) => cause === 'change')).toMatchObject({
        failures: 2000,
        seconds: 600,
      });
    }
  });
});

describe('exclusions', () => {
  test('what is excluded is in no figure, and the figures without it stand beside', () => {
    const span = { from: from + 5 * day, to: from + 5 * day + 2 * hour };
    const one = line({ month, at: outage(span.from, 1800), excluded: [span] });
    expect(one).toMatchObject({
      excludedSeconds: 7200,
      total: 8_640_000 - 24_000,
      coverage: 1,
      monthBudgetSeconds: 1296,
      spent: { failures: 0, seconds: 0 },
      budget: { failures: 4308, seconds: 1292.4 },
      without: { total: 8_640_000, isMet: false, spent: { failures: 6000, seconds: 1800 } },
    });
    expect(line({ month }).without).toBeNull();
  });
});

test('slices of time count as slices', () => {
  const slices = { seconds: 300 as const, target: { text: '99', failures: 1, per: 100 } };
  const one = line({ month, at: outage(from + day, 3000, 20), slices });
  expect(one).toMatchObject({
    total: 8640,
    spent: { failures: 10, seconds: 3000 },
    budget: { failures: 4.32 },
    isMet: false,
  });
});

describe('causes', () => {
  test('a change, an incident and what nobody claims add up, in failures and in time', () => {
    const at = (end: number) => {
      const since = end - from - 5 * day;
      return failing(1000, since > 0 && since <= 900 ? 200 : since > day && since <= day + 600 ? 100 : 1);
    };
    const start = from + 5 * day;
    const claims = [claim('change:12', start, start + 900), claim('entry:a', start + day, start + day + 600)];
    const told = new Map([
      ['change:12', said('change', 'Deploy 2.0.1')],
      ['entry:a', said('incident', 'Database fail-over')],
    ]);
    const one = line({ month, at, claims, said: told });
    const of = (name: string) => one.byCause.find(({ cause }) => cause === name);
    expect(one.spent?.failures).toBe(8635 + 600 + 200);
    expect(of('change')?.failures).toBeCloseTo(597, 2);
    expect(of('incident')?.failures).toBeCloseTo(198, 2);
    expect(of('unexplained')?.failures).toBeCloseTo(8640, 2);
    expect(of('change')?.seconds).toBeCloseTo((597 / 8_640_000) * (to - from), 2);
    expect(one.largest.map(({ id, cause, change }) => [id, cause, change])).toEqual([
      ['change:12', 'change', 'c-12'],
      ['entry:a', 'incident', null],
    ]);
    expect(one.largest[0]?.low).toBeLessThanOrEqual(597);
    expect(one.largest[0]?.high).toBeGreaterThanOrEqual(597);
  });

  test('the causes and what is unexplained are what was spent, exactly, in 150 made-up months', () => {
    const names = ['change', 'incident', 'maintenance', 'patch', 'production-test', 'canary'] as const;
    const claims = fc.array(
      fc.tuple(
        fc.integer({ min: -20, max: 700 }),
        fc.integer({ min: 1, max: 200 }),
        fc.constantFrom(...names),
      ),
      { maxLength: 8 },
    );
    const failures = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 5, maxLength: 40 });
    holds(
      fc.tuple(claims, failures),
      ([wanted, bad]) => {
        const until = from + 3 * day;
        const at = (end: number) => failing(100, bad[(end / 300) % bad.length] ?? 0);
        const all = wanted.map(([start, length], index) =>
          claim(`entry:${index}`, from + start * 300, from + (start + length) * 300),
        );
        const told = new Map(wanted.map(([, , cause], index) => [`entry:${index}`, said(cause, 'Made up')]));
        const span = { from: from - day, to: until };
        const groups = [{ runs: [{ size: 300, buckets: buckets(span, at) }], claims: all }];
        const one = line({ month, until, groups, said: told });
        expect(sumOf(one.byCause.map((part) => part.failures))).toBe(one.spent?.failures);
        expect(sumOf(one.byCause.map((part) => part.seconds))).toBe(one.spent?.seconds);
        expect(Math.min(...one.byCause.map((part) => part.failures))).toBeGreaterThanOrEqual(0);
      },
      150,
    );
  });
});
