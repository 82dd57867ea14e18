import { expect, it } from 'vitest';
import type { PlannedObject } from '@/lib/change/staged/contract';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { abortWords } from './abort-words';
import { stagedView } from './testing/staged-view';

const [first] = stagedPlan.staged.objects;
if (first === undefined) throw new Error('The plan has no object.');
const scaler: PlannedObject = {
  ...first,
  key: 'us-east-1/HorizontalPodAutoscaler/api',
  part: 'autoscaler',
  kind: 'HorizontalPodAutoscaler',
  baseline: { minReplicas: 2 },
};
/** Holds the old pods of its first region before anything else. */
const held = {
  ...stagedPlan,
  staged: {
    ...stagedPlan.staged,
    objects: [...stagedPlan.staged.objects, scaler],
    steps: [
      { do: 'write' as const, object: scaler.key, set: { minReplicas: 3 } },
      ...stagedPlan.staged.steps,
    ],
  },
};

it('says no more than it does where the old pods were only held', () => {
  const { sentence, note, now } = abortWords(stagedView('Running', { running: 1 }), held);
  expect(sentence).toBe('Abort: puts back what was changed in us-east-1');
  expect(note).toBe('No request was sent to a new pod.');
  expect(now.objects.flatMap(({ lines }) => lines)).toEqual([
    { path: 'spec.minReplicas', before: '3', after: '2' },
  ]);
  expect(abortWords(stagedView('Running', { running: 2 }), held).sentence).toBe(
    'Abort: stops the new pods of 2.0.0 in us-east-1',
  );
});
