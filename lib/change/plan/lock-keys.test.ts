import { expect, test } from 'vitest';
import type { StagedStep } from '../staged/contract';
import { plan } from '../testing/plan';
import { stagedPlan } from '../testing/staged-plan';
import { lockKeysOf } from './lock-keys';

test('a change of one Deployment holds that alone', () => {
  expect(lockKeysOf(plan)).toEqual(['workload:us-east-1/fraiseql/fraiseql-api']);
});

test('a staged one holds every object of every region in one order, its Deployments under the same keys', () => {
  expect(lockKeysOf(stagedPlan)).toEqual([
    'virtualservice:eu-west-1/fraiseql/fraiseql-api',
    'virtualservice:us-east-1/fraiseql/fraiseql-api',
    'workload:eu-west-1/fraiseql/fraiseql-api',
    'workload:eu-west-1/fraiseql/fraiseql-api-green',
    'workload:us-east-1/fraiseql/fraiseql-api',
    'workload:us-east-1/fraiseql/fraiseql-api-green',
  ]);
});

test('one that migrates holds the database of its service too', () => {
  const job: StagedStep = {
    do: 'job',
    region: 'us-east-1',
    cluster: 'us-east-1',
    namespace: 'fraiseql',
    name: 'fraiseql-api-migrate-1',
    spec: '{}',
    class: 'reversible',
    timeoutSeconds: 300,
  };
  const staged = { ...stagedPlan.staged, steps: [job, ...stagedPlan.staged.steps] };
  expect(lockKeysOf({ ...stagedPlan, staged })[0]).toBe('database:fraiseql-api/production');
});
