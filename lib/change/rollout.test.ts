import { expect, test } from 'vitest';
import { isComplete, isHealthy, type Live, netProgress, rolloutSentence, troubles } from './rollout';

const pod = (name: string, ready: boolean, trouble: string | null = null, restarts = 0) => ({
  name,
  version: '2',
  ready,
  terminating: false,
  restarts,
  trouble,
});

/** Stages of a recorded rollout of ten pods (captures: rollout-1). */
const live = (counts: Live['counts'], generations: [number, number] = [4, 4], replicas = 10): Live => ({
  uid: 'u',
  resourceVersion: '1',
  template: 't',
  paused: false,
  replicas,
  generation: generations[0],
  observedGeneration: generations[1],
  counts,
  deadlineExceeded: false,
  newPods: [],
  oldPods: [],
  writer: null,
  scaledByAutoscaler: false,
});

test.each([
  [
    'right after the patch the status is of the earlier rollout',
    live({ all: 10, updated: 10, ready: 10, available: 10 }, [4, 3]),
    false,
  ],
  [
    'the controller has seen it, no new pod yet',
    live({ all: 10, updated: 0, ready: 10, available: 10 }),
    false,
  ],
  ['surge', live({ all: 11, updated: 1, ready: 10, available: 10 }), false],
  ['all new, one of them not available', live({ all: 10, updated: 10, ready: 10, available: 9 }), false],
  ['all new, an old one left', live({ all: 11, updated: 10, ready: 11, available: 11 }), false],
  ['done', live({ all: 10, updated: 10, ready: 10, available: 10 }), true],
  ['scaled to nothing', live({ all: 0, updated: 0, ready: 0, available: 0 }, [4, 4], 0), true],
] as const)('%s', (_, state, complete) => expect(isComplete(state)).toBe(complete));

test('a complete rollout without pods, or paused, or with failing pods proves nothing good', () => {
  const done = live({ all: 10, updated: 10, ready: 10, available: 10 });
  expect(isHealthy(done)).toBe(true);
  expect(isHealthy({ ...done, paused: true })).toBe(false);
  expect(isHealthy({ ...done, newPods: [pod('a', true, 'CrashLoopBackOff')] })).toBe(false);
  expect(isHealthy(live({ all: 0, updated: 0, ready: 0, available: 0 }, [4, 4], 0))).toBe(false);
});

test('a flapping pod makes no net progress', () => {
  const at = (ready: boolean) => ({
    ...live({ all: 11, updated: 1, ready: 10, available: 10 }),
    newPods: [pod('a', ready)],
  });
  expect([at(true), at(false), at(true)].map(netProgress)).toEqual([-9, -10, -9]);
});

test('sentences name what fails', () => {
  const state = {
    ...live({ all: 4, updated: 1, ready: 3, available: 3 }, [4, 4], 3),
    newPods: [pod('api-x', false, 'ImagePullBackOff', 2)],
    oldPods: [pod('api-a', true), pod('api-b', true)],
  };
  expect(rolloutSentence(state, '2.0.0')).toBe(
    '0 of 3 pods on 2.0.0 are ready, 2 earlier pods still serve (pod api-x: ImagePullBackOff, 2 restarts)',
  );
  expect(troubles(live({ all: 1, updated: 1, ready: 1, available: 1 }))).toBe(null);
});
