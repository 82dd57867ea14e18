import { expect, test } from 'vitest';
import { back, both, brief, deploy, draft, three, twoRegions } from './testing/draft';
import type { MemberSpec, PairSpec } from './testing/pair';

/** Blue serves with three pods, of which its autoscaler may take two. */
const scaled = (more: Partial<MemberSpec> = {}): PairSpec => ({
  ...both,
  blue: { ...three, fewest: 1, ...more },
});
const HOLD = 'write us-east-1 api-scaler minReplicas=3';
const LET_GO = 'write us-east-1 api-scaler minReplicas=1';

test.each(['canary', 'blue-green', 'big-bang'])(
  'a %s deploy holds the pods of the old version first, and lets them go after its watch',
  async (strategy) => {
    const found = await draft({ ...scaled(), kind: 'virtual-service' }, deploy(strategy));
    const steps = brief(found);
    expect([steps[0], ...steps.slice(-2)]).toEqual([HOLD, 'watch 1800', LET_GO]);
    expect(steps.filter((step) => step.includes('scaler'))).toHaveLength(2);
    expect(back(found).at(-1)).toBe('write us-east-1 HorizontalPodAutoscaler api-scaler');
    expect(found.staged.objects.find(({ part }) => part === 'autoscaler')).toMatchObject({
      kind: 'HorizontalPodAutoscaler',
      uid: 'us-east-1-api-scaler',
      baseline: { minReplicas: 1 },
    });
    const [first] = found.planned;
    expect(first?.title).toBe('us-east-1: keep the 3 pods of 1.0.0 on blue');
    expect(first?.detail).toContain('Its fewest are 3 instead of 1 until the watch is over.');
  },
);

test('each region is held when its turn comes, and all are let go together', async () => {
  const steps = brief(await draft({ ...scaled(), kind: 'service' }, deploy('blue-green', twoRegions)));
  const at = (wanted: string) => steps.findIndex((step) => step.startsWith(wanted));
  expect(at('write eu-west-1 api-scaler minReplicas=3')).toBe(0);
  expect(at(HOLD)).toBe(at('hold eu-west-1 1 600') + 1);
  expect(steps.slice(-3)).toEqual(['watch 1800', 'write eu-west-1 api-scaler minReplicas=1', LET_GO]);
});

test('a shift holds them too', async () => {
  const spec: PairSpec = { ...scaled(), green: { version: '2.0.0', replicas: 3 } };
  const steps = brief(await draft(spec, { kind: 'shift', colour: 'green', weight: 25 }));
  expect([steps[0], steps.at(-1)]).toEqual([HOLD, LET_GO]);
});

test.each<[string, PairSpec, object]>([
  ['one that leaves them anyway', scaled({ fewest: 3 }), deploy('canary')],
  [
    'that of the colour that gets the version',
    { ...both, green: { version: '0.9.0', replicas: 0, fewest: 1 } },
    deploy('canary'),
  ],
  [
    'a pair by its pods, where the plan stops the old ones',
    { ...scaled(), kind: 'replicas' },
    deploy('gradual'),
  ],
  [
    'a rollback, where the requests come first',
    { ...scaled(), green: { version: '0.9.0', replicas: 3 } },
    { kind: 'rollback' },
  ],
])('%s is left alone', async (_, spec, asked) => {
  const found = await draft(spec, asked);
  expect(brief(found).filter((step) => step.includes('scaler'))).toEqual([]);
  expect(found.staged.objects.filter(({ part }) => part === 'autoscaler')).toEqual([]);
});
