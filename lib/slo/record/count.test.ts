import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holds } from '../math/testing/cases';
import { addSeries, type Before, coarser, countSeries, joinRoles, needsBefore, type Sample } from './count';

const start = 1_800_000_000;

/** A counter as a server would have stored it: steps of events, with restarts, NaN, infinities, negative values, gaps. */
const anySamples = fc
  .array(
    fc.record({
      wait: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(15, 15.001, 14.5, 60) },
        { weight: 1, arbitrary: fc.integer({ min: 100, max: 900 }) },
      ),
      events: fc.integer({ min: 0, max: 50 }),
      kind: fc.oneof(
        { weight: 12, arbitrary: fc.constant('count' as const) },
        { weight: 1, arbitrary: fc.constantFrom('restart', 'nan', 'infinite', 'negative') },
      ),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    let [at, value] = [start - 400, 0];
    return steps.map(({ wait, events, kind }): Sample => {
      at += wait;
      value = kind === 'restart' ? events : value + events;
      const shown = {
        nan: Number.NaN,
        infinite: Number.POSITIVE_INFINITY,
        negative: -3,
        count: value,
        restart: value,
      };
      return [at, shown[kind]];
    });
  });

const anyBefore: fc.Arbitrary<Before> = fc.oneof(
  fc.constantFrom('born' as const, 'unknown' as const),
  fc.integer({ min: 0, max: 200 }),
);

type Bucket = { events: number; known: boolean; refused: boolean };

/** By hand: for each bucket, each of its samples against the last usable one before it, found by looking at all. */
function byHand(samples: readonly Sample[], bucket: { from: number; to: number }, before: Before): Bucket {
  const usable = samples.filter(([, value]) => Number.isFinite(value) && value >= 0);
  const inside = usable.filter(([at]) => at > bucket.from && at <= bucket.to);
  let events = 0;
  for (const [at, value] of inside) {
    const earlier = usable.filter(([other]) => other < at).at(-1);
    if (earlier !== undefined) events += value >= earlier[1] ? value - earlier[1] : value;
    else if (before === 'born') events += value;
    else if (before !== 'unknown') events += value >= before ? value - before : value;
  }
  const spanned = usable.some(([at], index) => {
    const last = usable[index - 1]?.[0];
    return last !== undefined && last <= bucket.from && at > bucket.to && at - last <= 300;
  });
  const refused = samples.some(([at, value]) => value < 0 && at > bucket.from && at <= bucket.to);
  return { events, known: inside.length > 0 || spanned, refused };
}

const spans = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(60, 300))
  .map(([skip, length, size]) => {
    const first = start - (start % size) + skip * size;
    return { from: first, to: first + length * size, size };
  });

test('counting is what a person counts, bucket by bucket, to the event', () => {
  let buckets = 0;
  holds(
    fc.tuple(anySamples, spans, anyBefore),
    ([samples, span, before]) => {
      const counted = countSeries(samples, span, before);
      const ends = new Set<number>();
      for (let end = span.from + span.size; end <= span.to; end += span.size) {
        ends.add(end);
        buckets += 1;
        const hand = byHand(samples, { from: end - span.size, to: end }, before);
        expect(counted.events.get(end) ?? 0).toBe(hand.events);
        expect(counted.invalid.has(end)).toBe(hand.refused);
        // At the right edge nobody knows yet whether the series goes on; there a bucket is known by its samples.
        const last = samples.findLast(([at, value]) => at <= span.to && value >= 0 && Number.isFinite(value));
        if (end <= (last?.[0] ?? 0)) expect(counted.known.has(end)).toBe(hand.known);
      }
      for (const end of [...counted.events.keys(), ...counted.known, ...counted.invalid]) {
        expect(ends.has(end)).toBe(true);
      }
    },
    3000,
  );
  expect(buckets).toBeGreaterThan(20_000);
});

test('a span read in pieces gives the counts of the span read at once', () => {
  holds(
    fc.tuple(anySamples, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 })),
    ([samples, cuts]) => {
      const from = start - (start % 60);
      const whole = { from, to: from + 1200, size: 60 };
      const ends = [...new Set([...cuts.map((cut) => from + cut * 60), whole.to])].toSorted((a, b) => a - b);
      const pieces = new Map<number, number>();
      let at = from;
      for (const to of ends) {
        const seen = samples.filter(([time]) => time > at - 300 && time <= to);
        const past = samples.filter(
          ([time, value]) => time <= at - 300 && value >= 0 && Number.isFinite(value),
        );
        const { events } = countSeries(seen, { from: at, to, size: 60 }, past.at(-1)?.[1] ?? 'born');
        for (const [end, count] of events) pieces.set(end, (pieces.get(end) ?? 0) + count);
        at = to;
      }
      const { events } = countSeries(samples, whole, 'born');
      const busy = (counts: Map<number, number>) => [...counts].filter(([, count]) => count > 0);
      expect(busy(pieces)).toEqual(busy(events));
    },
    2000,
  );
});

test('samples out of order or twice are counted once', () => {
  holds(
    fc.tuple(anySamples, fc.array(fc.nat(), { maxLength: 20 })),
    ([samples, picks]) => {
      const again = picks.flatMap((pick) => samples.slice(pick % Math.max(1, samples.length)).slice(0, 1));
      const span = { from: start - (start % 300), to: start - (start % 300) + 6000, size: 300 };
      const mixed = [...again, ...samples.toReversed()];
      expect(countSeries(mixed, span, 'born')).toEqual(countSeries(samples, span, 'born'));
    },
    1000,
  );
});

test('a past has to be looked up only where no usable sample is early enough', () => {
  const from = start;
  expect(needsBefore([], from)).toBe(false);
  expect(needsBefore([[from, 3]], from)).toBe(false);
  expect(needsBefore([[from + 1, 3]], from)).toBe(true);
  expect(
    needsBefore(
      [
        [from - 1, Number.NaN],
        [from + 1, 3],
      ],
      from,
    ),
  ).toBe(true);
});

const roles = (counts: Record<number, number>) =>
  new Map(Object.entries(counts).map(([end, n]) => [Number(end), n]));

test('total and bad, or total and good, make the same counts', () => {
  const anyCounts = fc.dictionary(
    fc.integer({ min: 1, max: 9 }).map((n) => String(n * 60)),
    fc.tuple(fc.nat(1000), fc.nat(1000)),
  );
  holds(
    anyCounts,
    (given) => {
      const [total, bad, good] = [
        new Map<number, number>(),
        new Map<number, number>(),
        new Map<number, number>(),
      ];
      for (const [end, [right, wrong]] of Object.entries(given)) {
        total.set(Number(end), right + wrong);
        bad.set(Number(end), wrong);
        good.set(Number(end), right);
      }
      const one = joinRoles(total, { role: 'bad', counts: bad, alwaysThere: false });
      expect(joinRoles(total, { role: 'good', counts: good, alwaysThere: true })).toEqual(one);
      const sum = (size: number) =>
        [...coarser(one, size).values()].reduce((all, { total: n }) => all + n, 0);
      expect(sum(300)).toBe(sum(60));
    },
    500,
  );
});

test('what is missing is not zero, and contradictions stay visible', () => {
  const total = roles({ 60: 10, 120: 10, 180: 0 });
  expect(joinRoles(total, { role: 'bad', counts: roles({ 60: 2 }), alwaysThere: false })).toEqual(
    new Map([
      [60, { good: 8, bad: 2, total: 10 }],
      [120, { good: 10, bad: 0, total: 10 }],
      [180, { good: 0, bad: 0, total: 0 }],
    ]),
  );
  // The buckets of a histogram that are gone are a gap, not a catastrophe.
  expect([...joinRoles(total, { role: 'good', counts: roles({ 60: 9 }), alwaysThere: true }).keys()]).toEqual(
    [60],
  );
  expect(
    joinRoles(roles({ 60: 1 }), { role: 'bad', counts: roles({ 60: 5 }), alwaysThere: false }).get(60),
  ).toEqual({
    good: 0,
    bad: 5,
    total: 1,
  });
  expect(joinRoles(new Map(), { role: 'bad', counts: roles({ 60: 5 }), alwaysThere: false }).get(60)).toEqual(
    {
      good: 0,
      bad: 5,
      total: 0,
    },
  );
  expect(joinRoles(new Map(), { role: 'bad', counts: roles({ 60: 0 }), alwaysThere: false }).size).toBe(0);
});

test('a refused bucket of one series refuses the bucket of the group', () => {
  const sum = new Map<number, number>();
  const span = { from: 0, to: 120, size: 60 };
  addSeries(
    sum,
    countSeries(
      [
        [30, 5],
        [90, 8],
      ],
      span,
      'born',
    ),
  );
  addSeries(
    sum,
    countSeries(
      [
        [30, -1],
        [90, 2],
      ],
      span,
      'born',
    ),
  );
  expect(sum).toEqual(
    new Map([
      [60, Number.NaN],
      [120, 5],
    ]),
  );
});
