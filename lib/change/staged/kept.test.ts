import { expect, test } from 'vitest';
import { stagedPlan } from '../testing/staged-plan';
import { keptRegions } from './kept';

const staged = { ...stagedPlan.staged, onFailure: 'keep-finished' as const };
const at = (current: number, state: string, later = 'pending') =>
  stagedPlan.steps.map(({ n }) => ({ n, state: n < current ? 'done' : n === current ? state : later }));

test.each([
  [5, []],
  [8, []],
  [9, ['us-east-1']],
  [13, ['us-east-1']],
  [17, []],
])('at step %i the finished regions are %j, while it runs and once it has turned round', (step, kept) => {
  expect(keptRegions(staged, at(step, 'running'))).toEqual(kept);
  expect(keptRegions(staged, at(step, 'failed'))).toEqual(kept);
  expect(keptRegions(staged, at(step, 'failed', 'skipped'))).toEqual(kept);
});

test('a region whose failure sent the change back is not kept, nor any where all go back', () => {
  expect(keptRegions(staged, at(13, 'failed'), ['us-east-1'])).toEqual([]);
  expect(keptRegions({ ...staged, onFailure: 'back-out-all' }, at(13, 'failed'))).toEqual([]);
});
