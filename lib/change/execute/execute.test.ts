import { expect, test } from 'vitest';
import type { Fence } from '@/lib/actuators/kubernetes/fence';
import type { Live } from '../rollout';
import type { Subset } from '../stored';
import { Background } from './background';
import { sameSubset, setsReplicas, specPatch } from './desired';
import { followProgress, followShort, isNews, resumeProgress, startProgress } from './progress';
import { recoveryOf } from './recover-intent';

const subset = (image: string, paused = false) => ({
  template: { spec: { containers: [{ name: 'api', image }] } },
  paused,
});
const ours = { change: 5, epoch: 3 };
function recoverIntent(
  intent: { verb: string; epoch: number; before: Subset; desired: Subset },
  live: { subset: Subset; fence: Fence | null },
  mine: Fence,
  backingOut: boolean,
) {
  const isSame = (wanted: Subset) => sameSubset(live.subset, wanted, setsReplicas(intent));
  const seen = { fence: live.fence, isDesired: isSame(intent.desired), isBefore: isSame(intent.before) };
  return recoveryOf(intent, seen, mine, backingOut);
}
const to = (desired: ReturnType<typeof subset>) => ({ before: desired, desired });
const intent = { verb: 'apply', epoch: 2, before: subset('1'), desired: subset('2') };

test.each([
  ['carried out by the last epoch', subset('2'), { change: 5, epoch: 2 }, false, 'adopt'],
  ['never sent', subset('1'), null, false, 'reissue'],
  ['never sent, another change wrote before', subset('1'), { change: 4, epoch: 9 }, false, 'reissue'],
  ['equal, but written by nobody we know', subset('2'), null, false, 'drift'],
  ['equal, but by an earlier epoch than the intent', subset('2'), { change: 5, epoch: 1 }, false, 'drift'],
  ['something else', subset('3'), { change: 5, epoch: 2 }, false, 'drift'],
  ['somebody paused it', subset('1', true), null, false, 'drift'],
  ['a later claim wrote', subset('2'), { change: 5, epoch: 4 }, false, 'lost'],
  ['never sent, and aborted since', subset('1'), null, true, 'supersede'],
  ['carried out, and aborted since', subset('2'), { change: 5, epoch: 2 }, true, 'adopt'],
] as const)('an open write: %s', (_, live, fence, backingOut, expected) => {
  expect(recoverIntent(intent, { subset: live, fence }, ours, backingOut)).toBe(expected);
});

test('the way back is written again when it was not carried out', () => {
  expect(
    recoverIntent({ ...intent, verb: 'restore' }, { subset: subset('1'), fence: null }, ours, true),
  ).toBe('reissue');
});

test('unpausing and restoring are one patch', () => {
  expect(specPatch(subset('2', true), to(subset('1')))).toEqual({
    template: { spec: { containers: [{ name: 'api', image: '1' }] } },
    paused: null,
  });
  expect(specPatch(subset('2'), to(subset('2', true)))).toEqual({ paused: true });
  expect(specPatch(subset('2'), to(subset('2')))).toEqual({});
});

test('replicas are written only by a write that is about them', () => {
  const live = { ...subset('1'), replicas: 5 };
  const remembered = { ...subset('1'), replicas: 3 };
  expect(
    specPatch(live, { before: remembered, desired: { ...subset('2'), replicas: 3 } }),
  ).not.toHaveProperty('replicas');
  expect(specPatch(live, { before: remembered, desired: { ...subset('1'), replicas: 6 } })).toEqual({
    replicas: 6,
  });
  expect(
    specPatch({ ...live, replicas: 6 }, { before: remembered, desired: { ...subset('1'), replicas: 6 } }),
  ).toEqual({});
});

const scaled = {
  verb: 'apply',
  epoch: 2,
  before: { ...subset('1'), replicas: 3 },
  desired: { ...subset('1'), replicas: 6 },
};
test.each([
  ['carried out', 6, { change: 5, epoch: 2 }, 'adopt'],
  ['never sent', 3, null, 'reissue'],
  ['somebody else scaled', 4, { change: 5, epoch: 2 }, 'drift'],
] as const)('an open write of replicas: %s', (_, replicas, fence, expected) => {
  expect(recoverIntent(scaled, { subset: { ...subset('1'), replicas }, fence }, ours, false)).toBe(expected);
});

const live = (ready: number): Live => ({
  uid: 'u',
  resourceVersion: '1',
  template: 't',
  paused: false,
  replicas: 3,
  generation: 1,
  observedGeneration: 1,
  counts: { all: 4, updated: 1, ready: 3, available: 3 },
  deadlineExceeded: false,
  newPods: Array.from({ length: ready }, (_, index) => ({
    name: `p${index}`,
    version: '2',
    ready: true,
    terminating: false,
    restarts: 0,
    trouble: null,
  })),
  oldPods: [],
  writer: null,
  scaledByAutoscaler: false,
});

test('the clock of a rollout moves on net progress only, and stands still while nothing can be seen', () => {
  const at = (nowMs: number) => ({ nowMs, phase: 'forth', acted: true });
  let progress = followProgress(startProgress(0), live(0), at(0));
  progress = followProgress(progress, live(1), at(1000));
  expect(progress).toMatchObject({ progressAtMs: 1000, firstReadyAtMs: 1000 });
  progress = followProgress(progress, live(0), at(2000));
  progress = followProgress(progress, live(1), at(3000));
  expect(progress.progressAtMs).toBe(1000);
  progress = followProgress(progress, null, at(9000));
  expect(progress.progressAtMs).toBe(7000);
  progress = followProgress(progress, live(1), { ...at(10_000), phase: 'back' });
  expect(progress.progressAtMs).toBe(10_000);
});

test('the clock of a rollout goes on where it stood when another worker takes over', () => {
  const before = { best: 2, progressAtMs: 60_000, firstReadyAtMs: 50_000, seenAtMs: 100_000, phase: 'forth' };
  const resumed = resumeProgress(before, 700_000);
  // Forty seconds without progress then are forty seconds without progress now.
  expect(resumed).toEqual({ ...before, progressAtMs: 660_000, firstReadyAtMs: 650_000, seenAtMs: 700_000 });
  const next = followProgress(resumed, live(2), { nowMs: 701_000, phase: 'forth', acted: true });
  expect(next.progressAtMs).toBe(660_000);
  expect(isNews(before, { ...before, seenAtMs: 109_999 })).toBe(false);
  expect(isNews(before, { ...before, seenAtMs: 110_000 })).toBe(true);
  expect(isNews(before, { ...before, best: 3 })).toBe(true);
});

test('the clock of missing pods starts anew with each pod more, and stands still while nobody looks', () => {
  let clock = followShort(undefined, 1, 0);
  clock = followShort(clock, 0, 10_000);
  clock = followShort(clock, 1, 20_000);
  expect(clock.sinceMs).toBe(0);
  clock = followShort(clock, null, 30_000);
  expect(clock.sinceMs).toBe(10_000);
  expect(followShort(clock, 2, 40_000).sinceMs).toBe(40_000);
  const progress = { ...startProgress(0), seenAtMs: 30_000, short: { east: clock } };
  const resumed = resumeProgress(progress, 100_000);
  expect(resumed.short).toEqual({ east: { best: 1, sinceMs: 80_000, seenAtMs: 100_000 } });
  expect(isNews(progress, { ...progress, short: { east: { ...clock, best: 2 } } })).toBe(true);
  expect(isNews(progress, { ...progress, short: { east: { ...clock, seenAtMs: 31_000 } } })).toBe(false);
});

test('what runs beside the loop runs once at a time, and its error comes out', async () => {
  const background = new Background();
  let started = 0;
  let finish = () => {};
  const work = () => {
    started += 1;
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  };
  background.start(work);
  background.start(work);
  expect(started).toBe(1);
  finish();
  await background.settled();
  background.start(() => Promise.reject(new Error('lost')));
  await background.settled();
  expect(() => background.check()).toThrow('lost');
});
