import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBenchOptions } from './options';
import { percentile } from './percentile';
import { cpuOf, cpuOfTree, pssOf, treeOf } from './processes';
import { missed, rounded, sheetOf } from './sheet';
import { asTable } from './table';

const sheet = sheetOf({
  wait_ms: { unit: 'ms', goal: { atMost: 100 }, what: 'the wait' },
  pace_per_s: { unit: '1/s', goal: { atLeast: 20 }, what: 'the pace' },
  other_s: { unit: 's', goal: null, what: 'another way' },
});
const names = ['wait_ms', 'pace_per_s', 'other_s'];
const machine = { cores: 2, cpu: 'some processor', memoryGb: 24, load: 0.31 };

describe('a sheet of figures', () => {
  test('holds a figure against its bound, the bound included, and against none without a goal', () => {
    expect([99.9, 100, 100.1].map((value) => sheet.meets('wait_ms', value))).toEqual([true, true, false]);
    expect([19.9, 20, 20.1].map((value) => sheet.meets('pace_per_s', value))).toEqual([false, true, true]);
    expect(sheet.meets('other_s', 1e9)).toBe(true);
  });

  test('as JSON has every figure with value, unit and goal', () => {
    expect(sheet.asJson({ pace_per_s: 31.26 })).toEqual({
      wait_ms: { value: null, unit: 'ms', goal: '<= 100' },
      pace_per_s: { value: 31.3, unit: '1/s', goal: '>= 20' },
      other_s: { value: null, unit: 's', goal: null },
    });
  });

  test('as a table names the machine, every figure and its verdict', () => {
    const lines = asTable(sheet, { wait_ms: 100.4, other_s: 3 }, machine).split('\n');
    expect(lines[0]).toContain('2 cores');
    expect(lines.slice(3).map((line) => line.split(' ')[0])).toEqual(names);
    expect(lines[3]).toMatch(/100\.4\s+ms\s+<= 100\s+NOT MET\s+the wait/);
    expect(lines[4]).toMatch(/–\s+1\/s\s+>= 20\s+not measured/);
    expect(lines[5]).toMatch(/3\s+s\s+–\s+no goal/);
  });

  test.each([
    [0.1234, 0.12],
    [9.999, 10],
    [41.26, 41.3],
    [1234.56, 1234.6],
    [0, 0],
  ])('%d is shown as %d', (value, shown) => expect(rounded(value)).toBe(shown));
});

test('a figure is missed when it is over its goal, or wanted and not there', () => {
  const wanted = new Set(['wait_ms', 'pace_per_s', 'other_s'] as const);
  expect(missed(sheet, { wait_ms: 101, pace_per_s: 20, other_s: 9 }, wanted)).toEqual(['wait_ms']);
  expect(missed(sheet, { wait_ms: 100, other_s: 9 }, wanted)).toEqual(['pace_per_s']);
  expect(missed(sheet, {}, new Set(['other_s'] as const))).toEqual(['other_s']);
  expect(missed(sheet, { wait_ms: 100, pace_per_s: 20, other_s: 9 }, wanted)).toEqual([]);
});

describe('the percentile', () => {
  test.each([
    [[5], 0.95, 5],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.5, 5],
    [[10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.95, 10],
    [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
    [[3, 1, 2], 1, 3],
  ])('of %j at %d is %d', (samples, share, expected) => {
    expect(percentile(samples, share)).toBe(expected);
  });

  test('is a sample that at least the share does not exceed, and fewer do not reach', () => {
    let cases = 0;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (samples, percent) => {
          cases += 1;
          const value = percentile(samples, percent / 100);
          const upTo = samples.filter((sample) => sample <= value).length;
          const below = samples.filter((sample) => sample < value).length;
          expect(samples).toContain(value);
          expect(upTo * 100).toBeGreaterThanOrEqual(percent * samples.length - 1e-6);
          expect(below * 100).toBeLessThan(percent * samples.length);
        },
      ),
      { numRuns: 300 },
    );
    expect(cases).toBe(300);
  });

  test.each([0, -1, 1.1, Number.NaN])('refuses the share %d', (share) => {
    expect(() => percentile([1], share)).toThrow(RangeError);
  });
  test('refuses no samples', () => expect(() => percentile([], 0.5)).toThrow(RangeError));
});

describe('the options', () => {
  const parse = (args: string[]) => parseBenchOptions('some', sheet, args);
  test('measure everything unless some are named', () => {
    expect([...parse([]).wanted]).toEqual(names);
    expect(parse(['--json', '--only', 'other_s']).json).toBe(true);
    expect(parse([]).json).toBe(false);
    expect([...parse(['--only=wait_ms,pace_per_s', '--only', 'other_s']).wanted]).toEqual(names);
    expect([...parse(['--only', 'other_s']).wanted]).toEqual(['other_s']);
  });
  test.each([[['--only', 'speed']], [['--only']], [['--only', 'toString']], [['--fast']]])(
    'refuse %j',
    (args) => expect(() => parse(args)).toThrow(/There is no figure|does not know/),
  );
});

describe('processes', () => {
  test('a tree is the process and all below it', () => {
    const parents = new Map([
      [10, 1],
      [11, 10],
      [12, 11],
      [13, 1],
      [14, 12],
    ]);
    expect(treeOf(10, parents).toSorted((a, b) => a - b)).toEqual([10, 11, 12, 14]);
    expect(treeOf(13, parents)).toEqual([13]);
    expect(treeOf(process.pid)).toContain(process.pid);
  });
  test('PSS is read in megabytes', () => {
    expect(pssOf('Rss:  9 kB\nPss:                1000 kB\nPss_Anon: 3 kB\n')).toBeCloseTo(1.024);
    expect(() => pssOf('Rss: 9 kB\n')).toThrow('no line Pss');
  });
  test('CPU seconds are those of a process and of its ended children', () => {
    const stat = '4242 (a (b) c) S 1 4242 4242 0 -1 4194560 9 9 0 0 150 50 25 5 20 0 11 0 99 99 9';
    expect(cpuOf(stat)).toBeCloseTo(2.3);
    expect(cpuOfTree(process.pid)).toBeGreaterThan(0);
  });
});
