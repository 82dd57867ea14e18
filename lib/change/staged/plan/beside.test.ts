import { describe, expect, test } from 'vitest';
import { StagedStep } from '../contract';
import { set, world } from './testing/checked';
import { back, both, brief, deploy, draft, idle, three } from './testing/draft';
import type { PairSpec } from './testing/pair';

const beside: PairSpec = { ...both, baseline: idle };
const canary = (weights: readonly number[]) => ({
  strategies: { canary: weights.map((weight) => ({ weight, hold: '5m' })) },
});

describe('a canary beside a baseline', () => {
  test('starts as many pods of the old version with it, and gives both the same part', async () => {
    const found = await draft(beside, deploy('canary'), canary([5, 50]));
    expect(brief(found)).toEqual([
      'write us-east-1 api-green template=2.0.0 replicas=2 paused=false',
      'write us-east-1 api-baseline template=1.0.0 replicas=2 paused=false',
      'ready us-east-1 api-green 2 api-green',
      'ready us-east-1 api-baseline 2 api-baseline',
      'write us-east-1 api green=100 blue=90 green=5 baseline=5',
      'prove us-east-1 0.05',
      'hold us-east-1 0.05 300',
      'write us-east-1 api green=100 blue=0 green=50 baseline=50',
      'prove us-east-1 0.5',
      'hold us-east-1 0.5 300',
      'write us-east-1 api-green replicas=3',
      'ready us-east-1 api-green 3 api-green',
      'write us-east-1 api green=100 blue=0 green=100',
      'prove us-east-1 1',
      'drain us-east-1 api-baseline 30',
      'write us-east-1 api-baseline replicas=0',
      'watch 1800',
    ]);
    const shares = found.staged.steps.flatMap((step) =>
      step.do === 'prove' || step.do === 'hold' ? [step.baseline] : [],
    );
    expect(shares).toEqual([0.05, 0.05, 0.5, 0.5, 0]);
    for (const step of found.staged.steps) expect(StagedStep.parse(step)).toEqual(step);
  });

  test('has none above one half: there it is stopped before the hold', async () => {
    const found = await draft(beside, deploy('canary'), canary([25, 60]));
    const steps = brief(found);
    const at = steps.indexOf('write us-east-1 api green=100 blue=40 green=60');
    expect(steps.slice(at, at + 5)).toEqual([
      'write us-east-1 api green=100 blue=40 green=60',
      'prove us-east-1 0.6',
      'drain us-east-1 api-baseline 30',
      'write us-east-1 api-baseline replicas=0',
      'hold us-east-1 0.6 300',
    ]);
    expect(steps.filter((step) => step.startsWith('write us-east-1 api-baseline'))).toHaveLength(2);
  });

  test('grows with it', async () => {
    const many = { ...three, replicas: 10 };
    const found = await draft({ ...beside, blue: many }, deploy('canary'), canary([5, 40]));
    expect(brief(found)).toContain('write us-east-1 api-baseline replicas=4');
    expect(found.staged.capacity).toEqual([{ region: 'us-east-1', need: 10, lowest: 10, highest: 24 }]);
  });

  test('goes back with it: its weight with that of the new version, then its pods', async () => {
    const found = await draft(beside, deploy('canary'));
    expect(back(found)).toEqual([
      'ready us-east-1 Deployment api 3',
      'write us-east-1 VirtualService api',
      'drain us-east-1 Deployment api-green 30',
      'write us-east-1 Deployment api-green',
      'write us-east-1 Deployment api-baseline',
    ]);
    const object = found.staged.objects.find(({ part }) => part === 'baseline');
    expect(object?.baseline['replicas']).toBe(0);
    const router = found.staged.back.find((step) => step.do === 'write' && step.stepwise !== undefined);
    expect(router?.do === 'write' ? router.stepwise?.pair.baseline : null).toEqual({
      service: 'api-baseline',
    });
  });

  test('is compared with it, and the old pods are counted beside', async () => {
    const found = await draft(beside, deploy('canary'));
    const queries = found.staged.analysis[0]?.queries;
    expect(queries?.baseline.total).toContain('version="1.0.0",pod=~"api-baseline-[a-z0-9]+-[a-z0-9]{5}"');
    expect(queries?.old?.total).toContain('version="1.0.0",pod=~"api-[a-z0-9]+-[a-z0-9]{5}"');
    expect(queries?.share?.every(({ old }) => old !== undefined)).toBe(true);
    const hold = found.planned.find(({ step }) => step.do === 'hold');
    expect(hold?.detail).toContain('the pods of the baseline, of 1.0.0, as many and as new');
  });

  test('replaces pods that are left of an earlier one: they are older', async () => {
    const left = { ...beside, baseline: { version: '1.0.0', replicas: 2 } };
    const { works } = await draft(left, deploy('canary'));
    expect(JSON.stringify(works[0].baseline?.template)).toContain('signalbox.dev/restart');
    const fresh = await draft(beside, deploy('canary'));
    expect(JSON.stringify(fresh.works[0].baseline?.template)).not.toContain('signalbox.dev/restart');
  });
});

test('no other strategy and no shift uses the baseline', async () => {
  for (const asked of [
    deploy('blue-green'),
    deploy('gradual'),
    { kind: 'shift', colour: 'green', weight: 25 },
  ]) {
    const green = 'kind' in asked && asked.kind === 'shift' ? three : idle;
    const found = await draft({ ...beside, green: { ...green, version: '0.9.0' } }, asked);
    expect(found.staged.objects.some(({ part }) => part === 'baseline')).toBe(false);
    expect(found.staged.analysis[0]?.queries.old).toBeUndefined();
  }
});

test('without one the plan says what it is compared with', async () => {
  const { planned } = await draft(both, deploy('canary'));
  const hold = planned.find(({ step }) => step.do === 'hold');
  expect(hold?.detail).toContain(
    'Compared with 1.0.0 in the same window, whose oldest pod was made on 2026-11-02.',
  );
  expect(planned.some(({ step }) => 'baseline' in step)).toBe(false);
});

test('while the baseline of an earlier canary takes requests no deploy begins, and a shift ends that', async () => {
  const mesh = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices/api';
  const entry = (host: string, weight: number) => ({ destination: { host }, weight });
  const primary = {
    name: 'primary',
    route: [entry('api-blue', 95), entry('api-green', 0), entry('api-baseline', 5)],
  };
  const header = {
    name: 'canary-header',
    match: [{ headers: { 'x-canary': { exact: 'true' } } }],
    route: [entry('api-blue', 100)],
  };
  const left = (objects: Map<string, object>) => set(objects, mesh, 'spec.http', [header, primary]);
  await expect(world(left, beside, deploy('canary'))).rejects.toThrow(
    'The baseline takes 5 % of the requests in us-east-1, so an earlier canary has not come to its end.',
  );
  const { staged } = await world(left, beside, { kind: 'shift', colour: 'blue', weight: 100 });
  const last = staged.steps.findLast((step) => step.do === 'write');
  expect(JSON.stringify(last)).toContain('{"destination":{"host":"api-baseline"},"weight":0}');
  expect(staged.shares).toEqual([{ region: 'us-east-1', before: 0.95, after: 1 }]);
});
