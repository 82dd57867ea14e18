import { expect, test } from 'vitest';
import { plan } from '../testing/plan';
import { capacityOf } from './rollout-parts';

const rolling = (replicas: number, maxSurge: string, maxUnavailable: string) =>
  capacityOf({ region: 'us-east-1', replicas, maxSurge, maxUnavailable });

test('a rolling update rounds what it may add up, and what it may take away down, as Kubernetes does', () => {
  expect(rolling(3, '1', '0')).toEqual({ region: 'us-east-1', need: 3, lowest: 3, highest: 4 });
  expect(rolling(10, '25%', '25%')).toMatchObject({ need: 10, lowest: 8, highest: 13 });
  expect(rolling(3, '25%', '25%')).toMatchObject({ lowest: 3, highest: 4 });
  expect(rolling(1, '0', '1')).toMatchObject({ lowest: 0, highest: 1 });
  // Where both come to nothing the controller takes one away, or it would never move.
  expect(rolling(2, '0', '10%')).toMatchObject({ lowest: 1, highest: 2 });
});

test('a scale has the pods of before and after', () => {
  const scaled = (from: number, to: number) =>
    capacityOf({ ...plan, replicas: from, write: { replicas: to } });
  expect(scaled(3, 6)).toMatchObject({ need: 6, lowest: 3, highest: 6 });
  expect(scaled(6, 2)).toMatchObject({ need: 2, lowest: 2, highest: 6 });
});
