import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeKinds } from '@/lib/core/change-kind';
import { changeStates, isTerminal } from '../model';
import { measuresOf } from './measure-words';
import {
  type ChangeFact,
  least,
  medianOf,
  observeChanges,
  quantileOf,
  REWORK_SECONDS,
  shareInterval,
} from './measures';
import { measureIds, outcomeOf, outcomes, outcomeWords, statesOf } from './model';

const DAY = 86_400;
const span = { from: 0, to: 30 * DAY };
let number = 0;

/** A deploy that took 600 s and was asked for 400 s before, unless said otherwise. */
const deploy = (endedAt: number, more: Partial<ChangeFact> = {}): ChangeFact => {
  number += 1;
  return {
    number,
    kind: 'deploy',
    places: ['api/production/east'],
    fromVersion: 'v1',
    toVersion: `v${number + 1}`,
    state: 'Succeeded',
    wrote: true,
    createdAt: endedAt - 1000,
    startedAt: endedAt - 600,
    finishedAt: endedAt,
    goesBack: false,
    reverts: null,
    ...more,
  };
};
const rollback = (endedAt: number, more: Partial<ChangeFact> = {}) =>
  deploy(endedAt, { kind: 'rollback', goesBack: true, ...more });
const numbers = (facts: readonly { number: number }[]) => facts.map((one) => one.number);
const byId = (facts: ChangeFact[], knownDays = 30) =>
  new Map(measuresOf(observeChanges(facts, span), knownDays).map((one) => [one.id, one]));

describe('which changes count', () => {
  test('deployments are deploys that wrote and ended in the span', () => {
    const [first, atEnd] = [deploy(1), deploy(span.to)];
    const others = [
      deploy(0),
      deploy(span.to + 1),
      deploy(DAY, { kind: 'restart' }),
      deploy(DAY, { kind: 'scale' }),
      deploy(DAY, { kind: 'set-env' }),
      deploy(DAY, { state: 'Running', finishedAt: null }),
      deploy(DAY, { state: 'ReconcileRequired', finishedAt: null }),
    ];
    const seen = observeChanges([first, atEnd, ...others], span);
    expect(numbers(seen.deployments)).toEqual([first.number, atEnd.number]);
    expect(seen.open).toBe(2);
  });

  test('what ended before a write is neither a deployment nor a failure, whatever its end is called', () => {
    const untouched = ['Rejected', 'Voided', 'Expired', 'Cancelled', 'BackedOut', 'Failed'] as const;
    const seen = observeChanges(
      untouched.map((state) => deploy(DAY, { state, wrote: false })),
      span,
    );
    expect(seen).toMatchObject({ deployments: [], failures: [], notCarriedOut: untouched.length });
  });

  test('each state is in exactly one outcome, and only ends are outcomes other than open', () => {
    expect(outcomes.flatMap(statesOf).toSorted()).toEqual(changeStates.toSorted());
    for (const state of changeStates) expect(outcomeOf(state) === 'open').toBe(!isTerminal(state));
    expect(new Set(Object.values(outcomeWords)).size).toBe(outcomes.length);
  });
});

describe('what failed, and when it was well again', () => {
  test('backed out: well again at its own end', () => {
    const bad = deploy(DAY, { state: 'BackedOut' });
    const [failure] = observeChanges([bad], span).failures;
    expect(failure).toMatchObject({ failedAt: DAY, recoveredAt: DAY });
  });

  test('failed: well again with the next deploy or rollback of the place that succeeded', () => {
    const bad = deploy(DAY, { state: 'Failed' });
    const elsewhere = deploy(DAY + 100, { places: ['api/production/west'] });
    const restart = deploy(DAY + 200, { kind: 'restart' });
    const again = deploy(DAY + 300, { state: 'BackedOut' });
    const fix = deploy(DAY + 2000);
    const recovery = (facts: ChangeFact[]) =>
      observeChanges(facts, span).failures.find(({ change }) => change.number === bad.number)?.recoveredAt;
    expect(recovery([bad, elsewhere, restart, again])).toBeNull();
    expect(recovery([bad, elsewhere, restart, again, fix])).toBe(DAY + 2000);
  });

  test('a rollback takes back all from the oldest that it names, and only at its place', () => {
    const [one, two, three] = [deploy(DAY), deploy(2 * DAY), deploy(3 * DAY)];
    const elsewhere = deploy(2.5 * DAY, { places: ['api/production/west'] });
    const back = rollback(4 * DAY, { reverts: two.number });
    const seen = observeChanges([one, two, three, elsewhere, back], span);
    expect(numbers(seen.undone)).toEqual([two.number, three.number]);
    expect(seen.failures.map(({ recoveredAt }) => recoveredAt)).toEqual([4 * DAY, 4 * DAY]);
    const notDone = { ...back, state: 'BackedOut' as const };
    expect(observeChanges([one, two, three, notDone], span).undone).toEqual([]);
  });

  test('one that names none takes back the last deploy, if that is what it replaced', () => {
    const last = deploy(DAY, { toVersion: 'v9' });
    const undone = (fromVersion: string) =>
      numbers(observeChanges([last, rollback(2 * DAY, { fromVersion })], span).undone);
    expect(undone('v9')).toEqual([last.number]);
    expect(undone('v8')).toEqual([]);
  });

  test('a deploy that puts back what ran before is a way back, not a deployment', () => {
    const bad = deploy(DAY);
    const back = deploy(2 * DAY, { goesBack: true, reverts: bad.number });
    const seen = observeChanges([bad, back], span);
    expect(numbers(seen.deployments)).toEqual([bad.number]);
    expect(numbers(seen.rollbacks)).toEqual([back.number]);
    expect(numbers(seen.undone)).toEqual([bad.number]);
  });

  test('only the first deploy after a failure mends it, and only within a day', () => {
    const bad = deploy(DAY, { state: 'BackedOut' });
    const asked = (seconds: number) => deploy(DAY + seconds + 1000, { createdAt: DAY + seconds });
    const [soon, later] = [asked(REWORK_SECONDS), asked(REWORK_SECONDS + 1)];
    expect(numbers(observeChanges([bad, soon, later], span).mending)).toEqual([soon.number]);
    expect(observeChanges([bad, later], span).mending).toEqual([]);
  });
});

describe('the five measures', () => {
  const week = [DAY, 2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY];

  test('say their figures with the numbers they are made of', () => {
    const good = week.map((at) => deploy(at));
    const bad = deploy(7 * DAY, { state: 'BackedOut' });
    const mend = deploy(7 * DAY + 2000);
    const last = good.at(-1);
    const back = rollback(5 * DAY + 1000, { reverts: last?.number ?? 0 });
    const found = byId([...good, bad, mend, back].filter((one) => one !== undefined));
    expect([...found.keys()]).toEqual([...measureIds]);
    expect(found.get('deployment-frequency')).toMatchObject({
      value: (7 / 30) * 7,
      numbers: '7 deployments / 30.0 days × 7 = 1.63 a week',
      missing: null,
    });
    expect(found.get('lead-time')).toMatchObject({ value: 1000, p90: 1000 });
    expect(found.get('change-fail-rate')).toMatchObject({
      value: 2 / 7,
      numbers: '(1 backed out + 0 failed + 1 taken back) / 7 deployments = 28.6 %',
    });
    expect(found.get('rework-rate')).toMatchObject({
      value: 2 / 8,
      numbers: '(1 rollback + 1 that mend) / 8 deployments, rollbacks included = 25.0 %',
    });
    expect(found.get('recovery-time')).toMatchObject({
      value: null,
      numbers: '2 failed deployments recovered, 0 not yet; shown from 3 on.',
      missing: 'Not enough data: 2 of the 3 that a median needs.',
    });
  });

  test('have no value of nothing, and say what is missing', () => {
    for (const [, one] of byId([], 0)) {
      expect(one).toMatchObject({ value: null, low: null, high: null, p90: null });
      expect(one.missing).toMatch(/^Not enough data: /);
      expect(one.numbers).not.toMatch(/NaN|Infinity/);
    }
  });

  test('a young record has no rate over days that it does not cover', () => {
    const facts = week.map((at) => deploy(at));
    expect(byId(facts, least.knownDays - 0.1).get('deployment-frequency')?.value).toBeNull();
    expect(byId(facts, least.knownDays).get('deployment-frequency')?.value).toBeCloseTo(5);
    expect(byId(facts.slice(1)).get('change-fail-rate')?.value).toBeNull();
    expect(byId(facts).get('change-fail-rate')).toMatchObject({ value: 0, low: 0 });
  });
});

describe('figures', () => {
  test('median and nearest rank', () => {
    expect(medianOf([])).toBeNull();
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(quantileOf([], 0.9)).toBeNull();
    expect(quantileOf([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 0.9)).toBe(9);
  });

  test('the interval of Wilson as published: 1 of 10 is 1.79 % to 40.4 %', () => {
    const { low, high } = shareInterval(1, 10);
    expect(low).toBeCloseTo(0.01787, 4);
    expect(high).toBeCloseTo(0.40415, 4);
  });
});

const RUNS = 1000;
const anyFact = fc
  .record({
    kind: fc.constantFrom(...changeKinds, 'deploy', 'deploy', 'deploy'),
    places: fc.constantFrom(['a'], ['b'], ['a', 'b'], ['b', 'a']),
    fromVersion: fc.constantFrom('v1', 'v2'),
    toVersion: fc.constantFrom('v1', 'v2'),
    state: fc.oneof(
      fc.constantFrom(...changeStates),
      fc.constantFrom('Succeeded', 'Succeeded', 'BackedOut', 'Failed'),
    ),
    wrote: fc.constantFrom(true, true, false),
    createdAt: fc.integer({ min: -5 * DAY, max: 31 * DAY }),
    waits: fc.integer({ min: 0, max: DAY }),
    takes: fc.integer({ min: 0, max: DAY }),
    goesBack: fc.constantFrom(true, false, false, false),
    reverts: fc.option(fc.integer({ min: 1, max: 20 })),
  })
  .map(({ waits, takes, ...fact }) => ({
    ...fact,
    startedAt: fact.wrote ? fact.createdAt + waits : null,
    finishedAt: isTerminal(fact.state) ? fact.createdAt + waits + takes : null,
  }));
const anyHistory = fc
  .array(anyFact, { maxLength: 30, size: 'max' })
  .map((facts) => facts.map((fact, index): ChangeFact => ({ ...fact, number: index + 1 })));

test('whatever happened: parts add up, failures are deployments, shares are shares', () => {
  let cases = 0;
  let withValues = 0;
  fc.assert(
    fc.property(anyHistory, (facts) => {
      cases += 1;
      const seen = observeChanges(facts, span);
      const { deployments, succeeded, backedOut, failed, undone, failures, rollbacks, mending } = seen;
      const own = new Set(numbers(deployments));
      expect(succeeded.length + backedOut.length + failed.length).toBe(deployments.length);
      expect(failures.length).toBe(backedOut.length + failed.length + undone.length);
      expect(new Set(failures.map(({ change }) => change.number)).size).toBe(failures.length);
      expect(failures.every(({ change }) => own.has(change.number))).toBe(true);
      expect(mending.every((one) => own.has(one.number))).toBe(true);
      expect(rollbacks.every((one) => !own.has(one.number))).toBe(true);
      for (const { change, recoveredAt } of failures)
        expect(recoveredAt === null || recoveredAt >= change.startedAt).toBe(true);
      for (const one of measuresOf(seen, 30)) {
        expect(one.value === null).toBe(one.missing !== null);
        expect(one.value ?? 0).toBeGreaterThanOrEqual(0);
        if (one.unit !== 'ratio' || one.value === null) continue;
        withValues += 1;
        expect(one.low ?? -1).toBeLessThanOrEqual(one.value);
        expect(one.high ?? -1).toBeGreaterThanOrEqual(one.value);
        expect(one.high ?? 2).toBeLessThanOrEqual(1);
      }
      // The order in which the database gives them is no part of the answer.
      expect(measuresOf(observeChanges(facts.toReversed(), span), 30)).toEqual(measuresOf(seen, 30));
    }),
    { numRuns: RUNS },
  );
  expect(cases).toBe(RUNS);
  expect(withValues).toBeGreaterThan(50);
});

test('a change that ended before a write never moves a measure', () => {
  let cases = 0;
  fc.assert(
    fc.property(anyHistory, anyFact, (facts, extra) => {
      cases += 1;
      const none = { ...extra, number: facts.length + 1, wrote: false, startedAt: null };
      expect(measuresOf(observeChanges([...facts, none], span), 30)).toEqual(
        measuresOf(observeChanges(facts, span), 30),
      );
    }),
    { numRuns: RUNS },
  );
  expect(cases).toBe(RUNS);
});

test('the interval holds the share and narrows with more of the same', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat({ max: 500 }), (all, some) => {
      cases += 1;
      const part = Math.min(some, all);
      const [few, many] = [shareInterval(part, all), shareInterval(10 * part, 10 * all)];
      expect(few.low).toBeLessThanOrEqual(part / all);
      expect(few.high).toBeGreaterThanOrEqual(part / all);
      expect(many.high - many.low).toBeLessThan(few.high - few.low);
    }),
    { numRuns: RUNS },
  );
  expect(cases).toBe(RUNS);
});
