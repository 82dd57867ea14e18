import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Role } from '@/lib/access/model';
import { PolicyBudget } from '@/lib/config/policy-budget';
import { sloWords } from '../math/word';
import { dataStates } from '../model';
import { decideGate } from './decide-gate';
import { type GateAction, type GateDecision, type GateObjective, gateVerdicts } from './model';

const usual: Role[] = ['engineering_lead', 'devops_lead'];
const objective = (more: Partial<GateObjective> = {}): GateObjective => ({
  id: 'a',
  name: 'A',
  objective: '99.9',
  window: '30 d',
  budgetLeft: 0.6,
  state: 'ok',
  coverage: 1,
  word: 'healthy',
  asOf: '2026-01-01T00:00:00.000Z',
  away: null,
  ...more,
});
const budgetOf = (more: object = {}) =>
  PolicyBudget.parse({
    levels: [
      { below: '25', signOffs: ['cto'] },
      { below: '10', signOffs: ['product_lead'] },
      { below: '0', refuse: true },
    ],
    ...more,
  });
const decide = (objectives: GateObjective[], budget = budgetOf(), action: GateAction = 'deploy') =>
  decideGate({ action, policy: { id: 'production', signOffs: usual, budget }, objectives });
const told = ({ verdict, signOffs }: GateDecision) => [verdict, ...signOffs];

describe('levels', () => {
  test.each([
    [1, ['open']],
    [0.25, ['open']],
    [0.2499, ['sign-offs', 'cto']],
    [1 - 0.9, ['sign-offs', 'cto']],
    [0.0999, ['sign-offs', 'cto', 'product_lead']],
    [0, ['sign-offs', 'cto', 'product_lead']],
    [-0.0001, ['closed']],
    [-7, ['closed']],
  ])('with %d left', (budgetLeft, expected) => {
    expect(told(decide([objective({ budgetLeft })]))).toEqual(expected);
  });

  test('the strictest of several objectives counts, and each one is listed', () => {
    const decision = decide([
      objective(),
      objective({ id: 'b', name: 'B', budgetLeft: 0.09 }),
      objective({ id: 'c', name: 'C', budgetLeft: 0.2 }),
    ]);
    expect(told(decision)).toEqual(['sign-offs', 'cto', 'product_lead']);
    expect(decision.objectives.map(({ id, verdict, below }) => [id, verdict, below])).toEqual([
      ['b', 'sign-offs', '10'],
      ['c', 'sign-offs', '25'],
      ['a', 'open', null],
    ]);
  });

  test('a role that signs anyway is not asked for twice', () => {
    const budget = budgetOf({ levels: [{ below: '25', signOffs: ['devops_lead', 'cto'] }] });
    expect(told(decide([objective({ budgetLeft: 0.1 })], budget))).toEqual(['sign-offs', 'cto']);
  });
});

describe('sentences', () => {
  test('what was blocked, why and what to do', () => {
    const closed = decide([objective({ budgetLeft: -0.031 })]);
    expect(closed.sentence).toBe(
      'Deploys are refused. A: -3.1 % of its error budget is left, below the 0 % of the policy production.',
    );
    expect(decide([objective({ budgetLeft: 0.7268 })]).sentence).toContain('72.7 %');
    expect(closed.next).toMatch(/^Go back to a version that ran before/);
    expect(decide([objective({ budgetLeft: 0.24999 })]).sentence).toBe(
      'A deploy needs more sign-offs: CTO / VP Engineering. A: 24.9 % of its error budget is left, below the 25 % of the policy production.',
    );
  });

  test('an open gate names the least budget, and what it could not see', () => {
    const open = decide([objective(), objective({ id: 'b', name: 'B', budgetLeft: 0.9 })]);
    expect(open).toMatchObject({
      sentence: 'A: 60.0 % of its error budget is left. The other objective has no less.',
      next: null,
    });
    const blind = decide([objective({ budgetLeft: null, asOf: null })], budgetOf({ unknown: 'allow' }));
    expect(blind).toMatchObject({
      verdict: 'open',
      sentence:
        'A: what is left of its error budget is not known. Nothing of its window is recorded. The policy production lets an unknown budget pass.',
    });
  });
});

describe('a fast burn', () => {
  const burning = [objective({ word: 'burning-fast' })];
  test('changes nothing by itself, and what the policy says otherwise', () => {
    expect(told(decide(burning))).toEqual(['open']);
    expect(told(decide(burning, budgetOf({ burning: 'sign-off' })))).toEqual([
      'sign-offs',
      'cto',
      'product_lead',
    ]);
    const closed = decide(burning, budgetOf({ burning: 'refuse' }));
    expect(told(closed)).toEqual(['closed']);
    expect(closed.reason).toBe(
      'A: 60.0 % of its error budget is left. It burns fast now, and the policy production refuses deploys meanwhile.',
    );
    expect(told(decide([objective({ word: 'burning-slow' })], budgetOf({ burning: 'refuse' })))).toEqual([
      'open',
    ]);
  });
});

describe('what is not known', () => {
  const unknown: [string, Partial<GateObjective>][] = [
    ['never recorded', { asOf: null, budgetLeft: null, state: 'no-data' }],
    ['a recorder that is away', { away: 'The recorder has stopped.' }],
    ['no data', { state: 'no-data', budgetLeft: null }],
    ['no traffic', { state: 'no-traffic', budgetLeft: null }],
    ['counts that contradict themselves', { state: 'invalid', budgetLeft: null }],
    ['half a window', { state: 'partial', coverage: 0.3 }],
    ['silence in the last hour', { word: 'no-data' }],
    ['contradictions in the last hour', { word: 'invalid' }],
  ];
  test.each(unknown)('%s follows the policy', (_, more) => {
    const one = [objective(more)];
    expect(told(decide(one, budgetOf({ unknown: 'refuse' })))).toEqual(['closed']);
    expect(told(decide(one))).toEqual(['sign-offs', 'cto', 'product_lead']);
    const allowed = decide(one, budgetOf({ unknown: 'allow' }));
    expect(told(allowed)).toEqual(['open']);
    expect(allowed.objectives[0]?.unknown).not.toBeNull();
  });

  test('a figure that nobody vouches for is told as what was recorded', () => {
    const half = objective({ state: 'partial', coverage: 0.0002, budgetLeft: 1 });
    expect(decide([half], budgetOf({ unknown: 'allow' })).sentence).toBe(
      'A: by what is recorded, 100.0 % of its error budget would be left. Less than half of its window is recorded (under 0.1 %). The policy production lets an unknown budget pass.',
    );
  });

  test('where no level names a role, it is refused unless the policy says otherwise', () => {
    const budget = budgetOf({ levels: [{ below: '0', refuse: true }] });
    expect(told(decide([objective({ asOf: null, budgetLeft: null })], budget))).toEqual(['closed']);
  });

  test('an old figure below a level still counts where the unknown may pass', () => {
    const old = objective({ away: 'Prometheus is away.', budgetLeft: -1 });
    expect(told(decide([old], budgetOf({ unknown: 'allow' })))).toEqual(['closed']);
  });
});

test('a shift is judged as a deploy is, in its own words', () => {
  const shift = (more: Partial<GateObjective>, budget = budgetOf()) =>
    decide([objective(more)], budget, 'shift');
  expect(shift({ budgetLeft: -0.031 }).sentence).toBe(
    'Traffic shifts are refused. A: -3.1 % of its error budget is left, below the 0 % of the policy production.',
  );
  expect(shift({ budgetLeft: 0.2 })).toMatchObject({
    verdict: 'sign-offs',
    signOffs: ['cto'],
    sentence: expect.stringMatching(/^A traffic shift needs more sign-offs: CTO/),
    next: expect.stringMatching(/^Ask for the traffic shift: /),
  });
  expect(shift({ away: 'Away.' }, budgetOf({ unknown: 'refuse' })).reason).toContain(
    'refuses traffic shifts while a budget is unknown',
  );
  expect(shift({ word: 'burning-fast' }, budgetOf({ burning: 'refuse' })).reason).toContain(
    'refuses traffic shifts meanwhile',
  );
  const nobody = decideGate({ action: 'shift', policy: null, objectives: [] });
  expect(nobody.reason).toBe('No policy asks the error budget before a traffic shift here.');
});

test('going back never waits, without a policy nothing is asked, without an objective nothing is judged', () => {
  const spent = [objective({ budgetLeft: -5 })];
  expect(decide(spent, budgetOf(), 'rollback')).toMatchObject({ verdict: 'open', basis: 'rollback' });
  expect(decideGate({ action: 'deploy', policy: null, objectives: spent })).toMatchObject({
    verdict: 'open',
    basis: 'no-policy',
  });
  expect(decide([])).toMatchObject({ verdict: 'open', basis: 'no-objective' });
});

const RUNS = 500;
const role = fc.constantFrom<Role>('cto', 'product_lead', 'security_lead', 'devops_lead');
const level = fc.tuple(
  fc.integer({ min: -200, max: 100 }),
  fc.option(fc.uniqueArray(role, { minLength: 1 })),
);
const anyBudget = fc
  .record({
    levels: fc.array(level, { minLength: 1, maxLength: 4 }),
    unknown: fc.constantFrom('allow', 'sign-off', 'refuse', undefined),
    burning: fc.constantFrom('allow', 'sign-off', 'refuse'),
  })
  .map(({ levels, unknown, burning }) =>
    PolicyBudget.parse({
      levels: levels.map(([below, signOffs]) => ({
        below: String(below),
        ...(signOffs === null ? { refuse: true } : { signOffs }),
      })),
      burning,
      ...(unknown === undefined ? {} : { unknown }),
    }),
  );
const anyObjective = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c'),
    budgetLeft: fc.option(fc.double({ min: -3, max: 1, noNaN: true })),
    state: fc.constantFrom(...dataStates),
    word: fc.constantFrom(...sloWords),
    asOf: fc.option(fc.constant('2026-01-01T00:00:00.000Z')),
    away: fc.option(fc.constant('Away.')),
  })
  .map((more) => objective(more));
const rank = ({ verdict }: GateDecision) => gateVerdicts.indexOf(verdict);
/** Whether a decision asks at least what another asks. */
const asStrict = (one: GateDecision, other: GateDecision) =>
  rank(one) > rank(other) ||
  (rank(one) === rank(other) && other.signOffs.every((wanted) => one.signOffs.includes(wanted)));

describe('for any policy and any figures', () => {
  let runs = 0;
  const hold = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>) => {
    runs = 0;
    fc.assert(property, { numRuns: RUNS });
    expect(runs).toBe(RUNS);
  };

  test('less budget never gives a laxer answer', () => {
    const less = fc.double({ min: 0, max: 3, noNaN: true });
    hold(
      fc.property(
        anyBudget,
        fc.array(anyObjective, { minLength: 1, maxLength: 3 }),
        less,
        (budget, all, by) => {
          runs += 1;
          const spent = all.map((one) => ({
            ...one,
            budgetLeft: one.budgetLeft === null ? null : one.budgetLeft - by,
          }));
          expect(asStrict(decide(spent, budget), decide(all, budget))).toBe(true);
        },
      ),
    );
  });

  test('what becomes unknown never gets a laxer answer than the same figure known', () => {
    hold(
      fc.property(anyBudget, anyObjective, (budget, one) => {
        runs += 1;
        const known = objective({ budgetLeft: one.budgetLeft ?? 1 });
        const unknown = { ...known, away: 'The recorder has stopped.' };
        expect(asStrict(decide([unknown], budget), decide([known], budget))).toBe(true);
        const decision = decide([unknown], budget);
        expect(decision.objectives[0]?.unknown).toBe('The recorder has stopped.');
        if (budget.unknown !== 'allow' && decision.verdict === 'open') {
          // Open all the same only where every role of the levels signs anyway.
          expect(
            budget.levels.flatMap(({ signOffs }) => signOffs ?? []).every((r) => usual.includes(r)),
          ).toBe(true);
        }
      }),
    );
  });

  test('one more objective never makes it laxer, and their order changes nothing', () => {
    hold(
      fc.property(anyBudget, fc.array(anyObjective, { maxLength: 3 }), anyObjective, (budget, all, more) => {
        runs += 1;
        const with_ = decide([...all, { ...more, id: 'd' }], budget);
        expect(asStrict(with_, decide(all, budget))).toBe(true);
        const reversed = decide([{ ...more, id: 'd' }, ...all.toReversed()], budget);
        expect(told(reversed)).toEqual(told(with_));
      }),
    );
  });

  test('the same question has the same answer, and who signs anyway is never asked for', () => {
    hold(
      fc.property(anyBudget, fc.array(anyObjective, { maxLength: 3 }), (budget, all) => {
        runs += 1;
        const decision = decide(all, budget);
        expect(decide(all, budget)).toEqual(decision);
        expect(decision.signOffs.some((wanted) => usual.includes(wanted))).toBe(false);
        expect(decision.signOffs.length > 0).toBe(decision.verdict === 'sign-offs');
        expect(decide(all, budget, 'rollback').verdict).toBe('open');
      }),
    );
  });
});
