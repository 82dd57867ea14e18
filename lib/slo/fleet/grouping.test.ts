import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowNumbers } from '../contract';
import { type SloWord, sloWords } from '../math/word';
import { groupingsOf, partsOf, sectionsOf } from './grouping';
import type { FleetLine } from './lines';
import { byUrgency, sortKeys, sortRows } from './order';

const numbers = (budgetLeft: number | null, more: Partial<RowNumbers> = {}): RowNumbers => ({
  state: budgetLeft === null ? 'no-data' : 'ok',
  coverage: 1,
  method: 'counted',
  total: 1000,
  bad: 1,
  sli: budgetLeft === null ? null : 0.999,
  isMet: true,
  budgetLeft,
  allowedFailures: 1,
  failuresLeft: 0,
  failureCosts: 1,
  budgetSeconds: 1,
  secondsLeft: 1,
  burn1h: budgetLeft === null ? null : 1,
  soonest: { kind: 'never' },
  latest: { kind: 'never' },
  ...more,
});
const window = {
  kind: 'rolling',
  words: '30 d',
  seconds: 2_592_000,
  from: 0,
  to: 2_592_000,
  end: 2_592_000,
} as const;
const observedAt = '2026-11-21T14:00:00.000Z';

type Given = {
  id: string;
  word?: SloWord;
  left?: number | null;
  service?: string;
  owner?: string;
  regions?: readonly string[];
  burn?: number;
  cost?: number | null;
};

function lineOf({
  id,
  word = 'healthy',
  left = 0.5,
  service = 's',
  owner = 'o',
  regions = [],
  burn = 1,
  cost = null,
}: Given): FleetLine {
  const lastChange =
    cost === null
      ? null
      : {
          id: 'c-1',
          title: 't',
          by: 'b',
          at: observedAt,
          failed: 1,
          low: 1,
          high: 1,
          share: cost,
          isShared: false,
        };
  return {
    id,
    name: id,
    service,
    serviceName: `Service ${service}`,
    owner,
    environment: 'production',
    objective: '99.9',
    window,
    unit: 'events',
    sliceSeconds: null,
    word,
    numbers: { state: 'fresh', value: numbers(left, { burn1h: burn }), observedAt },
    groups: regions.map((region, index) => ({
      key: `region=${region}`,
      labels: { region },
      word: index === 0 ? 'burning-fast' : 'healthy',
      numbers: numbers(index === 0 ? -1 : 0.9),
    })),
    sparkline: null,
    lastChange,
    costs: lastChange === null ? [] : [lastChange],
    ticks: [],
    progress: null,
  };
}

const given = fc.record({
  id: fc.stringMatching(/^[a-z]{1,6}$/),
  word: fc.constantFrom(...sloWords),
  left: fc.option(fc.double({ min: -5, max: 1, noNaN: true })),
  service: fc.constantFrom('a', 'b', 'c'),
  owner: fc.constantFrom('', 'x', 'y'),
  regions: fc.constantFrom([], ['eu'], ['eu', 'us'], ['ap', 'eu', 'us']),
  burn: fc.double({ min: 0, max: 100, noNaN: true }),
  cost: fc.option(fc.double({ min: -1, max: 3, noNaN: true })),
});
const fleets = fc
  .uniqueArray(given, { selector: ({ id }) => id, maxLength: 25 })
  .map((all) => all.map(lineOf));
const cases = 200;

describe('the order of rows', () => {
  test('of any kind loses none, is the same whatever it began with, and orders each pair', () => {
    let seen = 0;
    fc.assert(
      fc.property(fleets, fc.constantFrom(...sortKeys), (rows, key) => {
        const sorted = sortRows(rows, key);
        expect(new Set(sorted)).toEqual(new Set(rows));
        expect(sorted).toHaveLength(rows.length);
        expect(sortRows(rows.toReversed(), key).map(({ id }) => id)).toEqual(sorted.map(({ id }) => id));
        seen += 1;
      }),
      { numRuns: cases },
    );
    expect(seen).toBe(cases);
  });

  test('is by state and then by what is left, unless something else is asked for', () => {
    const rows = [
      lineOf({ id: 'a', left: 0.9, burn: 2, cost: 0.1 }),
      lineOf({ id: 'b', left: 0.2, burn: 1 }),
      lineOf({ id: 'c', word: 'burning-fast', left: 0.8, burn: 20, cost: 0.5 }),
      lineOf({ id: 'd', word: 'no-data', left: null }),
    ];
    const ids = (key: (typeof sortKeys)[number]) => sortRows(rows, key).map(({ id }) => id);
    expect(ids('state')).toEqual(['d', 'c', 'b', 'a']);
    expect(ids('name')).toEqual(['a', 'b', 'c', 'd']);
    // What has no figure stands last, never first.
    expect(ids('budget')).toEqual(['b', 'c', 'a', 'd']);
    expect(ids('burn').slice(0, 2)).toEqual(['c', 'a']);
    expect(ids('cost')).toEqual(['c', 'a', 'd', 'b']);
  });
});

describe('groups of rows', () => {
  test('of any kind hold each row once, with counts and the least that is left', () => {
    let seen = 0;
    fc.assert(
      fc.property(fleets, fc.constantFrom('service', 'owner', 'window', 'label:region'), (rows, by) => {
        const parts = partsOf(rows, by);
        const sections = sectionsOf(sortRows(parts, 'state'), by, 'state');
        const all = sections.flatMap((section) => section.rows);
        expect(all.map(({ key }) => key).sort()).toEqual(parts.map(({ key }) => key).sort());
        expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
        expect(new Set(sections.map(({ value }) => value)).size).toBe(sections.length);
        for (const { rows: own, counts, worst } of sections) {
          expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(own.length);
          const left = own.flatMap((row) =>
            row.numbers.state === 'missing' ? [] : (row.numbers.value.budgetLeft ?? []),
          );
          expect(worst).toBe(left.length === 0 ? null : Math.min(...left));
          expect(own).toEqual(sortRows(own, 'state'));
        }
        // The worst row of all stands in the first group.
        const [first] = parts.toSorted((a, b) => byUrgency({ ...a, name: '' }, { ...b, name: '' }));
        if (first !== undefined) {
          const worstOfFirst = sections[0]?.rows.toSorted(byUrgency)[0];
          expect(byUrgency({ ...first, name: '' }, { ...(worstOfFirst ?? first), name: '' })).toBe(0);
        }
        seen += 1;
      }),
      { numRuns: cases },
    );
    expect(seen).toBe(cases);
  });

  test('by a label have the figures of that group, and not those of the whole', () => {
    const rows = [
      lineOf({ id: 'both', regions: ['eu', 'us'], cost: 0.5 }),
      lineOf({ id: 'one', regions: ['us'] }),
      lineOf({ id: 'none' }),
    ];
    const sections = sectionsOf(sortRows(partsOf(rows, 'label:region'), 'state'), 'label:region', 'state');
    expect(sections.map(({ title, rows: own }) => [title, own.map(({ key }) => key)])).toEqual([
      ['eu', ['both region=eu']],
      ['us', ['one', 'both region=us']],
      ['Without region', ['none']],
    ]);
    const [part] = sections[0]?.rows ?? [];
    expect(part).toMatchObject({ word: 'burning-fast', part: 'eu', lastChange: null, sparkline: null });
    expect(sections[0]).toMatchObject({ worst: -1, counts: { 'burning-fast': 1 } });
    // The only group of an objective is the objective.
    expect(sections[1]?.rows[0]?.part).toBeNull();
  });

  test('by a label never call healthy what nobody counts any more', () => {
    const row = lineOf({ id: 'old', word: 'no-data', regions: ['eu', 'us'] });
    const stale = {
      ...row,
      numbers: { state: 'stale', value: numbers(0.9), observedAt, reason: 'too-late' },
    } as const;
    expect(partsOf([stale], 'label:region').map(({ word }) => word)).toEqual(['no-data', 'no-data']);
  });

  test('are offered for what all have and for each label there is', () => {
    const rows = [lineOf({ id: 'a', regions: ['eu'] }), lineOf({ id: 'b' })];
    expect(groupingsOf(rows).map(({ key }) => key)).toEqual(['service', 'owner', 'window', 'label:region']);
  });
});
