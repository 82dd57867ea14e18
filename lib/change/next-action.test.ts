import { expect, test } from 'vitest';
import { nextAction } from './next-action';
import type { MigrationClass, StagedStep } from './staged/contract';
import { plan } from './testing/plan';
import { stagedPlan } from './testing/staged-plan';

const held = {
  plan,
  state: 'DriftHold',
  stateSince: new Date(0),
  backingOut: false,
  finishedAt: null,
  requesterName: 'Sam Reyes',
  reviewExpiresAt: new Date(0),
  queueExpiresAt: null,
  watchUntil: null,
} as const;
const hold = (kind: 'drift' | 'refused') => ({ kind, sentence: '', since: new Date(0).toISOString() });

test('what becomes of a hold is what the engine will do', () => {
  expect(nextAction({ ...held, hold: hold('drift') }).timer.label).toBe('Ends as failed');
  expect(nextAction({ ...held, hold: hold('refused') }).timer.label).toBe('Goes back by itself');
  expect(nextAction({ ...held, hold: hold('refused'), backingOut: true }).timer.label).toBe('Ends as failed');
});

test('nobody goes back by itself to what was not healthy', () => {
  const sick = { ...plan, undo: { ...plan.undo, isKnownGood: false } };
  const paused = { ...held, state: 'Paused', hold: null } as const;
  expect(nextAction(paused).timer.label).toBe('Goes back by itself');
  expect(nextAction({ ...paused, plan: sick }).timer.label).toBe('Ends as failed');
});

const staged = { ...held, plan: stagedPlan, hold: null, state: 'Running' } as const;
const at = (n: number) => nextAction(staged, { n, startedAt: new Date(0) });

test('each step of a staged change has its own clock and names the next one', () => {
  expect(at(2)).toEqual({
    owner: 'Worker',
    timer: { label: 'Goes back', at: null, limitSeconds: 300 },
    next: 'Step 3: Write.',
  });
  expect(at(4).timer).toEqual({ label: 'The proof is due', at: new Date(300_000) });
  expect(at(5)).toEqual({
    owner: 'Worker',
    timer: { label: 'The hold ends at the earliest', at: new Date(600_000) },
    next: 'Step 6: Write.',
  });
  expect(nextAction(staged)).toMatchObject({ timer: { label: 'No clock' }, next: 'Step 1: Write.' });
});

test('pods of a version whose way back leads to a sick one are held for a person', () => {
  const sick = { ...stagedPlan, undo: { ...stagedPlan.undo, isKnownGood: false } };
  expect(nextAction({ ...staged, plan: sick }, { n: 2, startedAt: null }).timer.label).toBe(
    'Held for a person',
  );
});

test('the way back of a staged change has no clock, and says in which order it goes', () => {
  expect(nextAction({ ...staged, backingOut: true })).toMatchObject({
    timer: { label: 'No clock', at: null },
    next: 'Sends the requests back to 1.8.0, then puts back the rest, the last region first.',
  });
});

test('past a forward-only migration a hold ends as failed, and a broken destructive one asks for a repair', () => {
  const migrating = (kind: MigrationClass) => {
    const job: StagedStep = {
      do: 'job',
      region: 'us-east-1',
      cluster: 'us-east-1',
      namespace: 'fraiseql',
      name: 'fraiseql-api-migrate-1',
      spec: '{}',
      class: kind,
      timeoutSeconds: 300,
    };
    return { ...stagedPlan, staged: { ...stagedPlan.staged, steps: [job, ...stagedPlan.staged.steps] } };
  };
  const labelOf = (kind: MigrationClass, n: number) =>
    nextAction({ ...staged, plan: migrating(kind), state: 'DataHold' }, { n, startedAt: null }).timer.label;
  expect([labelOf('forward-only', 2), labelOf('forward-only', 1), labelOf('reversible', 2)]).toEqual([
    'Ends as failed',
    'Goes back by itself',
    'Goes back by itself',
  ]);
  const broken = {
    ...staged,
    plan: migrating('destructive'),
    state: 'DriftHold',
    hold: hold('refused'),
  } as const;
  expect(nextAction(broken, { n: 1, startedAt: null })).toMatchObject({
    timer: { label: 'Ends as failed' },
    next: 'Repair the schema, then abort.',
  });
});
