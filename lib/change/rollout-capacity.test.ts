import { expect, test } from 'vitest';
import { rolloutCapacity } from './rollout-capacity';

test.each([
  [10, '1', '0', '10 pods: all 10 serve all the time, at most 11 run'],
  [10, '25%', '25%', '10 pods: at least 8 serve, at most 13 run'],
  [3, '0', '1', '3 pods: at least 2 serve, at most 3 run'],
  // Rounded to nothing on both sides Kubernetes takes one pod away all the same.
  [3, '0', '25%', '3 pods: at least 2 serve, at most 3 run'],
  [1, '25%', '25%', '1 pod: all 1 serve all the time, at most 2 run'],
  [2, '0', '5', '2 pods: at least 0 serve, at most 2 run'],
])('%i pods with a surge of %s and %s away', (replicas, maxSurge, maxUnavailable, words) => {
  expect(rolloutCapacity({ replicas, maxSurge, maxUnavailable })).toBe(words);
});
