import { expect, test } from 'vitest';
import { stagedPlan } from './testing/staged-plan';
import { wantedBaseline, wantedShare } from './wanted-share';

const { staged } = stagedPlan;
const at = (running: number) =>
  staged.steps.map((_, index) => ({
    n: index + 1,
    state: index + 1 < running ? 'done' : index + 1 === running ? 'running' : 'pending',
  }));
const wants = (running: number, backingOut = false) =>
  staged.regions.map((region) => wantedShare(staged, { backingOut }, at(running), region));

test('the wanted share is that of the last step that steered the region', () => {
  const all = staged.steps.map((_, index) => wants(index + 1));
  expect(all).toEqual([
    [0, 0],
    [0, 0],
    [0.05, 0],
    [0.05, 0],
    [0.05, 0],
    [1, 0],
    [1, 0],
    [1, 0],
    [1, 0],
    [1, 0],
    [1, 0.05],
    [1, 0.05],
    [1, 0.05],
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
});

test('before the first step and on the way back it is what was before', () => {
  expect(wants(0)).toEqual([0, 0]);
  expect(wants(14, true)).toEqual([0, 0]);
});

test('the baseline has its part beside the new version, and none in other changes or on the way back', () => {
  const [region = ''] = staged.regions;
  const steps = staged.steps.map((step) =>
    (step.do === 'prove' || step.do === 'hold') && step.share < 1 ? { ...step, baseline: step.share } : step,
  );
  const beside = { ...staged, steps };
  const all = [1, 3, 5, 6].map((n) => wantedBaseline(beside, { backingOut: false }, at(n), region));
  expect(all).toEqual([0, 0.05, 0.05, 0]);
  expect(wantedBaseline(beside, { backingOut: true }, at(5), region)).toBe(0);
  expect(wantedBaseline(staged, { backingOut: false }, at(5), region)).toBe(0);
});
