import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyExclusions, cellsOf, finest } from './cells';
import { type ChangeTimes, changeClaims } from './claims';
import { joinLedgers, ledgerOf } from './ledger';
import { row, times } from './testing/cells';
import { anyCells, calm, claim, day, dayThen, hour, options, window } from './testing/claims';

describe('lines', () => {
  test('one change pays its excess, what would have failed anyway stays unexplained', () => {
    const cells = dayThen(101, 12);
    const ledger = ledgerOf(cells, window, [claim('a', day, day + hour)], options);
    expect(ledger.spent.bad).toBe(12 * 101 + 12);
    expect(ledger.lines[0]).toMatchObject({
      sharedWith: [],
      price: { gross: 1212, expected: 12, failed: 1200 },
    });
    expect(ledger.lines[0]?.net).toBeCloseTo(1200, 9);
    expect(ledger.unexplained).toBeCloseTo(24, 9);
  });

  test('where two overlap each pays half, and the interval says that nobody knows', () => {
    const cells = dayThen(101, 12);
    const claims = [claim('a', day, day + hour), claim('b', day + 1800, day + hour)];
    const { lines, unexplained } = ledgerOf(cells, window, claims, options);
    expect(lines.map(({ net, sharedWith }) => [Math.round(net), sharedWith])).toEqual([
      [900, ['b']],
      [300, ['a']],
    ]);
    expect(lines[0]?.low).toBeGreaterThan(550);
    expect(lines[0]?.low).toBeLessThanOrEqual(600);
    expect(lines[1]?.low).toBe(0);
    expect(lines[1]?.high).toBeGreaterThanOrEqual(600);
    expect(unexplained).toBeCloseTo(24, 9);
  });

  test('an incident caused by a change pays only for what lies outside the change', () => {
    const cells = dayThen(101, 12);
    const claims = [
      claim('change:1', day, day + 1800),
      claim('entry:1', day + 900, day + hour, { causedBy: 'change:1' }),
    ];
    const { lines } = ledgerOf(cells, window, claims, options);
    expect(lines.map(({ net, sharedWith }) => [Math.round(net), sharedWith])).toEqual([
      [600, []],
      [600, []],
    ]);
  });

  test('the next change begins with the whole cell in which it began', () => {
    const cells = dayThen(101, 12);
    const claims = [
      claim('a', day, day + 1000, { end: 'next-change' }),
      claim('b', day + 1000, day + hour, { end: 'horizon' }),
    ];
    const { lines } = ledgerOf(cells, window, claims, options);
    expect(lines.map(({ net, sharedWith }) => [Math.round(net), sharedWith])).toEqual([
      [300, []],
      [900, []],
    ]);
  });

  test('other claims and outages are no background; a change that began in an outage says so', () => {
    const outage = times(12, [2000, 10_000] as [number, number]);
    const cells = row([...times(288, calm), ...outage, ...outage]);
    const claims = [claim('incident', day, day + hour), claim('fix', day + hour, day + 2 * hour)];
    const both = ledgerOf(cells, window, claims, options);
    expect(both.lines.map(({ background, beganInOutage }) => [background?.to, beganInOutage])).toEqual([
      [day, false],
      [day, true],
    ]);
    const alone = ledgerOf(cells, window, [claim('fix', day + hour, day + 2 * hour)], options);
    expect(alone.lines[0]).toMatchObject({ beganInOutage: true, background: { from: hour, to: day } });
  });

  test('an excluded span is no background, whether it counts or not', () => {
    const cells = dayThen(101, 12);
    const excluded = [{ from: 6 * hour, to: 20 * hour }];
    const { lines } = ledgerOf(cells, window, [claim('a', day, day + hour)], { ...options, excluded });
    expect(lines[0]?.background).toMatchObject({ kind: 'clean', from: 0, to: 6 * hour });
  });

  test('an excluded span costs nobody anything', () => {
    const buckets = dayThen(101, 12).map(({ to, counts }) => ({
      end: to,
      counts,
      method: 'counted' as const,
    }));
    const left = applyExclusions(buckets, [{ from: day, to: day + hour }], 300);
    const cells = left.map(({ end, counts }) => ({ from: end - 300, to: end, counts }));
    const { lines, spent } = ledgerOf(cells, window, [claim('a', day, day + hour)], options);
    expect(lines[0]).toMatchObject({ net: 0, high: 0 });
    expect(spent).toMatchObject({ bad: 12, known: 2 * hour });
  });
});

/** Claims of any overlap, some caused by others, over cells of any counts. */
const anyClaims = fc.array(
  fc.record({
    from: fc.integer({ min: day - 7200, max: day + 4 * hour }),
    length: fc.integer({ min: 1, max: 3 * hour }),
    end: fc.constantFrom('next-change' as const, 'horizon' as const, 'written' as const),
    causedBy: fc.option(fc.nat({ max: 5 })),
  }),
  { maxLength: 6 },
);

test('whatever overlaps, all lines and the unexplained are what was spent, and none is negative', () => {
  let cases = 0;
  fc.assert(
    fc.property(anyCells, anyClaims, (after, wanted) => {
      const cells = row([...times(288, calm), ...after]);
      const claims = wanted.map(({ from, length, end, causedBy }, index) =>
        claim(`c${index}`, from, from + length, {
          end,
          causedBy: causedBy === null || causedBy === index ? null : `c${causedBy}`,
        }),
      );
      const one = ledgerOf(cells, window, claims, options);
      const two = joinLedgers([one, ledgerOf(cells, window, claims.slice(0, 2), options)]);
      for (const { lines, spent, unexplained } of [one, two]) {
        const net = lines.map((line) => line.net);
        expect(net.reduce((sum, part) => sum + part, unexplained)).toBeCloseTo(spent.bad, 6);
        expect(unexplained).toBeGreaterThan(-1e-6);
        for (const line of lines) {
          expect(line.low).toBeGreaterThanOrEqual(0);
          expect(line.net).toBeGreaterThanOrEqual(line.low);
          expect(line.high).toBeGreaterThanOrEqual(line.net);
        }
      }
      cases += 1;
    }),
    { numRuns: 400 },
  );
  expect(cases).toBe(400);
});

describe('windows of changes', () => {
  const timing = { now: 100 * hour, horizon: 4 * hour, settle: 30 };
  const change = (number: number, startedAt: number, more: Partial<ChangeTimes> = {}): ChangeTimes => ({
    number,
    region: 'us',
    startedAt,
    finishedAt: startedAt + hour,
    isUndone: false,
    reverts: null,
    ...more,
  });
  const windows = (...changes: ChangeTimes[]) =>
    changeClaims(changes, timing).map(({ id, from, to, end }) => [id.slice(7), from / hour, to / hour, end]);

  test('a change that stayed is asked until its horizon, one that went back until its undo was over', () => {
    expect(windows(change(1, 10 * hour))).toEqual([['1', 10, 15, 'horizon']]);
    expect(windows(change(1, 10 * hour, { isUndone: true }))).toEqual([['1', 10, 11 + 30 / hour, 'undo']]);
  });

  test('the next change in the same region ends it, one in another region does not', () => {
    expect(windows(change(1, 10 * hour), change(2, 12 * hour))).toEqual([
      ['1', 10, 12, 'next-change'],
      ['2', 12, 17, 'horizon'],
    ]);
    expect(windows(change(1, 10 * hour), change(2, 12 * hour, { region: 'eu' }))[0]).toEqual([
      '1',
      10,
      15,
      'horizon',
    ]);
  });

  test('one over several regions has a window in each, which the next change there ends', () => {
    const both = [change(1, 10 * hour), change(1, 11 * hour, { region: 'eu', finishedAt: 11 * hour })];
    expect(windows(...both, change(2, 12 * hour))).toEqual([
      ['1', 10, 12, 'next-change'],
      ['1', 11, 15, 'horizon'],
      ['2', 12, 17, 'horizon'],
    ]);
  });

  test('one that runs, or whose horizon is not over, reaches until now', () => {
    expect(windows(change(1, 99 * hour, { finishedAt: null }))).toEqual([['1', 99, 100, 'running']]);
    expect(windows(change(1, 98 * hour))).toEqual([['1', 98, 100, 'running']]);
  });

  test('none reaches over 24 h', () => {
    expect(windows(change(1, 10 * hour, { finishedAt: null }))).toEqual([['1', 10, 34, 'horizon']]);
    expect(windows(change(1, 10 * hour, { finishedAt: 32 * hour }))).toEqual([['1', 10, 34, 'horizon']]);
  });

  test('what fails while a change is taken back is still that change', () => {
    const back = change(2, 12 * hour, { reverts: 1 });
    expect(windows(change(1, 10 * hour), back)).toEqual([
      ['1', 10, 13 + 30 / hour, 'undo'],
      ['2', 13 + 30 / hour, 17, 'horizon'],
    ]);
    expect(windows(change(1, 99 * hour), change(2, 99.5 * hour, { reverts: 1, finishedAt: null }))).toEqual([
      ['1', 99, 100, 'running'],
    ]);
  });
});

describe('exclusions', () => {
  const bucket = (end: number) => ({
    end,
    counts: { good: 90, bad: 10, total: 100 },
    method: 'counted' as const,
  });

  test('a small bucket that is touched is dropped whole; it is known, and had no traffic', () => {
    const left = applyExclusions([bucket(300), bucket(600), bucket(900)], [{ from: 310, to: 320 }], 300);
    expect(left.map(({ counts }) => counts?.total)).toEqual([100, 0, 100]);
    expect(applyExclusions([bucket(300)], [{ from: 300, to: 400 }], 300)).toEqual([bucket(300)]);
  });

  test('of a coarse bucket the rest stays in proportion, and is marked estimated', () => {
    const spans = [
      { from: 0, to: 900 },
      { from: 800, to: 1800 },
      { from: 3600, to: 9000 },
    ];
    expect(applyExclusions([bucket(3600), bucket(7200)], spans, 3600)).toMatchObject([
      { counts: { good: 45, bad: 5, total: 50 }, method: 'estimated' },
      { counts: { good: 0, bad: 0, total: 0 }, method: 'counted' },
    ]);
  });
});

test('minutes stand for a bucket of which they tell the same', () => {
  const minute = (end: number, bad: number | null) => ({
    from: end - 60,
    to: end,
    counts: bad === null ? null : { good: 10 - bad, bad, total: 10 },
  });
  const five = row([[3, 50], [9, 50], null, [4, 20]]);
  const minutes = [
    ...[60, 120, 180, 240, 300].map((end) => minute(end, end === 120 ? 3 : 0)),
    ...[360, 420, 480].map((end) => minute(end, 1)),
    ...[660, 720].map((end) => minute(end, 1)),
    ...[960, 1020].map((end) => minute(end, 2)),
    ...[1080, 1140, 1200].map((end) => minute(end, null)),
  ];
  const cells = finest(five, minutes);
  expect(cells.map(({ from, to }) => [from, to])).toEqual([
    ...[0, 60, 120, 180, 240].map((from) => [from, from + 60]),
    [300, 600],
    [600, 660],
    [660, 720],
    ...[900, 960, 1020, 1080, 1140].map((from) => [from, from + 60]),
  ]);
  expect(
    cellsOf([{ end: 300, counts: { good: Number.NaN, bad: 0, total: 1 }, method: 'counted' }], 300),
  ).toEqual([{ from: 0, to: 300, counts: null }]);
});
