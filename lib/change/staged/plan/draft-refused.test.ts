import { expect, test } from 'vitest';
import { findTargets } from '../../plan/find-target';
import { RequestPlan } from '../../plan-contract';
import { Staged } from '../contract';
import { draftOf } from './draft';
import { readRegion } from './read-region';
import { both, deploy, draft, place, three, twoRegions } from './testing/draft';
import { configOf, type PairSpec, pairCluster } from './testing/pair';

const shift = (colour: string, weight?: number) => ({ kind: 'shift', colour, weight });
const refused: [string, PairSpec, object, RegExp][] = [
  [
    'the version that runs',
    both,
    { ...deploy('canary'), version: '1.0.0' },
    /already runs 1.0.0 in us-east-1, on blue/,
  ],
  [
    'both colours live',
    { ...both, green: three, share: 25 },
    deploy('canary'),
    /Both colours take requests in us-east-1 \(blue 75 %, green 25 %\)/,
  ],
  [
    'a rollback of both',
    { ...both, green: three, share: 25 },
    { kind: 'rollback' },
    /Both colours take requests/,
  ],
  ['a rollback to the same', { ...both, green: three }, { kind: 'rollback' }, /Both colours run 1.0.0/],
  [
    'a canary by a selector',
    { ...both, kind: 'service' },
    deploy('canary'),
    /sends all requests to one colour/,
  ],
  ['a switch of pods', { ...both, kind: 'replicas' }, deploy('blue-green'), /nothing to switch/],
  ['a shift to what is', both, shift('blue'), /blue already takes 100 %/],
  [
    'a shift down',
    { ...both, green: three, share: 50 },
    shift('green', 25),
    /green takes 50 % of the requests in us-east-1 now/,
  ],
  ['a part by a selector', { ...both, kind: 'service' }, shift('green', 25), /only share/],
  [
    'no pods at all',
    { ...both, blue: { version: '1.0.0', replicas: 0 } },
    deploy('canary'),
    /is set to 0 pods/,
  ],
];
test.each(refused)('%s is refused with what to do', async (_, spec, asked, message) => {
  const failed = draft(spec, asked);
  await expect(failed).rejects.toThrow(message);
  await expect(failed).rejects.toMatchObject({ code: 'precondition', next: expect.any(String) });
});

test.each([
  ['twice', { regions: ['us-east-1', 'us-east-1'] }, /in the list twice/],
  ['without the own one', { regions: ['eu-west-1'] }, /us-east-1 is not in the list/],
  ['unknown', { regions: ['us-east-1', 'mars'] }, /does not run in mars/],
])('regions %s are refused', async (_, more, message) => {
  await expect(draft(both, deploy('canary', more))).rejects.toThrow(message);
});

test('a rolling deploy takes one region', async () => {
  const input = RequestPlan.parse({ ...place, kind: 'deploy', version: '2.0.0', ...twoRegions });
  expect(() => findTargets(configOf('service'), input)).toThrow(/takes one region/);
});

test('without a pair there is nothing to switch', async () => {
  const config = configOf('service');
  for (const placement of config.services[0]?.placements['production'] ?? []) delete placement.pair;
  const input = RequestPlan.parse({ ...place, ...deploy('blue-green') });
  expect(() => findTargets(config, input)).toThrow(/no pair of colours in us-east-1/);
});

test('two regions must come to one version', async () => {
  const input = RequestPlan.parse({ ...place, kind: 'rollback', regions: ['us-east-1', 'eu-west-1'] });
  const config = configOf('service');
  const versions = ['1.0.0', '1.1.0'];
  const regions = await Promise.all(
    findTargets(config, input).map((target, index) => {
      const green = { version: versions[index] ?? '', replicas: 3 };
      const blue = { version: '2.0.0', replicas: 3 };
      const spec: PairSpec = { kind: 'service', blue, green, share: 0, region: target.placement.region };
      return readRegion(pairCluster(spec).client, target);
    }),
  );
  const budget = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  expect(() => draftOf(regions, { config, input, planId: 'p', image: null, budget })).toThrow(
    /us-east-1 would get 1.0.0 on green, and eu-west-1 would get 1.1.0 on green/,
  );
});

test('two names of one cluster are no two regions', async () => {
  const input = RequestPlan.parse({ ...place, ...deploy('canary', twoRegions) });
  const config = configOf(both.kind);
  const cluster = pairCluster(both);
  const regions = await Promise.all(
    findTargets(config, input).map((target) => readRegion(cluster.client, target)),
  );
  const budget = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  const image = { image: 'registry.example.com/shop/api:2.0.0' };
  expect(() => draftOf(regions, { config, input, planId: 'p', image, budget })).toThrow(
    'eu-west-1 and us-east-1 are the same cluster',
  );
});

const gone: [string, string, RegExp][] = [
  [
    'a colour',
    '/apis/apps/v1/namespaces/shop/deployments/api-green',
    /Deployment api-green \(green\) is not in us-east-1/,
  ],
  [
    'the router',
    '/apis/networking.istio.io/v1/namespaces/shop/virtualservices/api',
    /VirtualService api is not in us-east-1/,
  ],
];
test.each(gone)('without %s there is no plan', async (_, path, message) => {
  const config = configOf('virtual-service');
  const [target] = findTargets(config, RequestPlan.parse({ ...place, ...deploy('canary') }));
  const cluster = pairCluster(both);
  cluster.objects.delete(path);
  if (target === undefined) throw new Error('There is no target.');
  await expect(readRegion(cluster.client, target)).rejects.toThrow(message);
});

test('weights that cannot be told make no plan', async () => {
  const wrong = { ...both, share: 150 };
  await expect(draft(wrong, deploy('canary'))).rejects.toThrow(/cannot be told from VirtualService api/);
});

test('what a plan holds passes its own contract', async () => {
  for (const strategy of ['canary', 'blue-green', 'gradual', 'big-bang']) {
    const { staged } = await draft(both, deploy(strategy, twoRegions));
    expect(Staged.parse(staged)).toEqual(staged);
  }
});
