import { expect, test } from 'vitest';
import type { DeployPlan } from './contract';
import { planAgainQuery } from './plan-again';
import { planFrom, planQueryOf } from './plan-from';
import { stepwise } from './staged/test-plan';
import { stagedPlan } from './testing/staged-plan';

const { staged } = stagedPlan;
const place = { service: stagedPlan.service, environment: stagedPlan.environment, region: 'us-east-1' };
const rolling = ({ staged: _, ...plan }: DeployPlan): DeployPlan => plan;
/** What the form makes of it is what was asked. */
const asked = (plan: DeployPlan) => {
  const query = planAgainQuery(plan);
  return query === null
    ? null
    : planFrom(plan.kind, { ...place, region: query['region'] ?? '' }, (name) => query[name] ?? '');
};
const job = {
  ...{ do: 'job' as const, region: 'us-east-1', cluster: 'us-east-1', namespace: 'n', name: 'm', spec: '{}' },
  ...{ class: 'forward-only' as const, timeoutSeconds: 60 },
};

test('a canary over two regions with a migration is asked for as it was', () => {
  const plan = {
    ...stagedPlan,
    staged: { ...staged, onFailure: 'keep-finished' as const, steps: [job, ...staged.steps] },
  };
  expect(asked(plan)).toEqual({
    ...{ kind: 'deploy', ...place, version: '2.0.0', strategy: 'canary', migration: 'forward-only' },
    ...{ regions: ['us-east-1', 'eu-west-1'], onFailure: 'keep-finished' },
  });
});

test.each<[string, DeployPlan, object | null]>([
  ['a rolling deploy', rolling(stagedPlan), { kind: 'deploy', ...place, version: '2.0.0' }],
  [
    'a redeploy',
    rolling({ ...stagedPlan, from: stagedPlan.to }),
    { kind: 'deploy', ...place, version: '2.0.0', redeploy: true },
  ],
  [
    'a switch back',
    { ...stagedPlan, kind: 'rollback' },
    { kind: 'rollback', ...place, regions: ['us-east-1', 'eu-west-1'] },
  ],
  [
    'a rollback',
    rolling({ ...stagedPlan, kind: 'rollback' }),
    { kind: 'rollback', ...place, lastKnownGood: true },
  ],
  [
    'a scale',
    rolling({ ...stagedPlan, kind: 'scale', write: { replicas: 6 } }),
    { kind: 'scale', ...place, replicas: 6 },
  ],
  ['a restart', rolling({ ...stagedPlan, kind: 'restart' }), { kind: 'restart', ...place }],
  [
    'a shift of a part',
    {
      ...stagedPlan,
      kind: 'shift',
      staged: {
        ...staged,
        shares: staged.shares.map((share) => ({ ...share, after: 0.25 })),
        back: [{ do: 'write', object: 'route', title: 'Back', stepwise }],
      },
    },
    { kind: 'shift', ...place, colour: 'green', weight: 25, regions: ['us-east-1', 'eu-west-1'] },
  ],
  ['a shift whose plan names no colour', { ...stagedPlan, kind: 'shift' }, null],
  ['the end of a session', rolling({ ...stagedPlan, kind: 'end-session' }), null],
])('%s', (_, plan, input) => {
  expect(asked(plan)).toEqual(input);
});

test('the value of a variable is not put into an address', () => {
  const plan = rolling({
    ...stagedPlan,
    kind: 'set-env',
    effect: { what: 'TOKEN', from: 'a', to: 'hunter2' },
  });
  expect(planAgainQuery(plan)).toEqual(place);
  expect(Object.keys(planQueryOf({ kind: 'restart', ...place }))).toEqual(Object.keys(place));
});
