import { describe, expect, test } from 'vitest';
import { joined, worst } from './check';
import { accepted, health, paused, probes, services, serving, settings } from './check-pair';
import { both, canary, route, set, shop, world } from './testing/checked';
import type { PairSpec } from './testing/pair';

const container = 'spec.template.spec.containers';
const baselineService = '/api/v1/namespaces/shop/services/api-baseline';

describe('the pair', () => {
  test('as it should be', async () => {
    const { work } = await world();
    const findings = [
      serving(work),
      health(work),
      probes(work),
      services(work),
      settings(work),
      accepted(work),
    ];
    expect(findings.map(({ result }) => result)).toEqual(Array.from({ length: 6 }, () => 'pass'));
    expect(paused(work)).toMatchObject({ result: 'pass' });
    expect(serving(work).detail).toBe(
      'blue: 100 % of the requests, 3 pods, 1.0.0; green: 0 % of the requests, 0 pods, is free.',
    );
  });

  test('without a readiness probe no plan passes; without a liveness probe it is said', async () => {
    const bare = await world((objects) =>
      set(objects, `${shop}/deployments/api-green`, container, [{ name: 'api', image: 'x:1' }]),
    );
    expect(probes(bare.work)).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('no readiness probe'),
    });
    const half = [{ name: 'api', image: 'x:1', readinessProbe: {} }];
    const { work } = await world((objects) => set(objects, `${shop}/deployments/api-green`, container, half));
    expect(probes(work)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('no liveness probe'),
    });
  });

  const wrongServices: [string, (objects: Map<string, object>) => void, string, RegExp][] = [
    [
      'missing',
      (objects) => void objects.delete('/api/v1/namespaces/shop/services/api-green'),
      'fail',
      /Service api-green of green is not there/,
    ],
    [
      'of other pods',
      (objects) => set(objects, '/api/v1/namespaces/shop/services/api-green', 'spec.selector', { app: 'x' }),
      'fail',
      /does not select the pods of api-green/,
    ],
    [
      'of all pods',
      (objects) =>
        set(objects, '/api/v1/namespaces/shop/services/api-green', 'spec.selector', { app: 'api' }),
      'fail',
      /selects the pods of both colours/,
    ],
    [
      'without endpoints',
      (objects) => void objects.delete('/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/api-blue-x'),
      'warn',
      /0 ready endpoints for 3 pods/,
    ],
  ];
  test.each(wrongServices)('a Service that is %s', async (_, change, result, detail) => {
    const { work } = await world(change);
    expect(services(work)).toMatchObject({ result, detail: expect.stringMatching(detail) });
  });

  const shared = '/api/v1/namespaces/shop/services/api';
  const byPods: PairSpec = { ...both, kind: 'replicas', blue: { version: '1.0.0', replicas: 4 } };
  const wrongShared: [string, (objects: Map<string, object>) => void, string, RegExp][] = [
    ['of both colours', () => {}, 'pass', /api: the pods of both colours/],
    ['missing', (objects) => void objects.delete(shared), 'fail', /The Service api is not there/],
    [
      'of blue alone',
      (objects) => set(objects, shared, 'spec.selector', { app: 'api', color: 'blue' }),
      'fail',
      /The Service api does not select the pods of api-green \(green\)/,
    ],
    ['without a selector', (objects) => set(objects, shared, 'spec', {}), 'fail', /pods of api \(blue\)/],
  ];
  test.each(wrongShared)('by pods, a Service that is %s', async (_, change, result, detail) => {
    const { work } = await world(change, byPods, { ...canary, strategy: 'gradual' });
    expect(services(work)).toMatchObject({ result, detail: expect.stringMatching(detail) });
  });

  test('settings that only one colour has are named', async () => {
    const { work } = await world(undefined, {
      ...both,
      blue: { ...both.blue, env: [{ name: 'POOL', value: '40' }] },
    });
    expect(settings(work)).toMatchObject({
      result: 'warn',
      detail: expect.stringMatching(/containers\[api\]\.env .*POOL.* on blue, not set on green/),
    });
  });

  const conditionsOf: [object[], string, RegExp][] = [
    [
      [{ type: 'Accepted', status: 'False', reason: 'NotAllowed' }],
      'fail',
      /Accepted is False \(NotAllowed\)/,
    ],
    [[{ type: 'Accepted', status: 'True', observedGeneration: 2 }], 'fail', /an earlier state/],
    [
      [
        { type: 'Accepted', status: 'True' },
        { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' },
      ],
      'fail',
      /ResolvedRefs is False/,
    ],
    [[], 'fail', /Accepted is not told/],
  ];
  test.each(conditionsOf)('a route with %j', async (conditions, result, detail) => {
    const { work } = await world((objects) => set(objects, route, 'status.parents', [{ conditions }]));
    expect(accepted(work)).toMatchObject({ result, detail: expect.stringMatching(detail) });
  });

  test('a route of which no gateway says anything', async () => {
    const { work } = await world((objects) => set(objects, route, 'status', {}));
    expect(accepted(work)).toMatchObject({ result: 'warn' });
  });

  test('a pause of either colour stops it', async () => {
    const { work } = await world(undefined, { ...both, green: { ...both.green, paused: true } });
    expect(paused(work)).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('paused api-green'),
    });
  });

  test('an old colour that is not healthy is nothing to go back to by itself', async () => {
    const { work } = await world(undefined, { ...both, blue: { ...both.blue, ready: 1 } });
    expect(health(work)).toMatchObject({ result: 'warn', detail: expect.stringContaining('1 of 3 pods') });
  });
});

test('answers of regions are joined: named where they differ, the worst decides', () => {
  const at = (region: string, result: 'pass' | 'warn' | 'fail', detail: string) => ({
    region,
    finding: { result, detail },
  });
  expect(joined('a', 'A', [at('x', 'pass', 'Fine.'), at('y', 'pass', 'Fine.')])).toMatchObject({
    result: 'pass',
    detail: 'Fine.',
  });
  expect(joined('a', 'A', [at('x', 'pass', 'Fine.'), at('y', 'fail', 'Broken.')])).toMatchObject({
    result: 'fail',
    detail: 'y: Broken.',
  });
  expect(worst([], { result: 'pass', detail: 'Nothing.' })).toEqual({ result: 'pass', detail: 'Nothing.' });
});

describe('the pair with a baseline', () => {
  const spec = { ...both, baseline: { version: '0.9.0', replicas: 0 } };

  test('as it should be', async () => {
    const { work } = await world(() => {}, spec);
    for (const finding of [services(work), probes(work), paused(work), settings(work)])
      expect(finding.result).toBe('pass');
    expect(services(work).detail).toContain('api-baseline: the baseline alone.');
  });

  test.each([
    ['missing', (objects: Map<string, object>) => objects.delete(baselineService), 'is not there'],
    [
      'of a colour',
      (objects: Map<string, object>) => set(objects, baselineService, 'spec.selector', { app: 'api' }),
      'of the baseline selects the pods of blue',
    ],
    [
      'of nothing',
      (objects: Map<string, object>) => set(objects, baselineService, 'spec.selector', { app: 'other' }),
      'does not select the pods of api-baseline',
    ],
  ] as const)('its Service is %s', async (_, change, said) => {
    const { work } = await world((objects) => void change(objects), spec);
    expect(services(work)).toMatchObject({ result: 'fail', detail: expect.stringContaining(said) });
  });

  test('its pods must say when they are ready, differ in the version alone, and not be paused', async () => {
    const bare = [{ name: 'api', image: 'x:1' }];
    const { work } = await world(
      (objects) => set(objects, `${shop}/deployments/api-baseline`, container, bare),
      spec,
    );
    expect(probes(work)).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('of the baseline'),
    });
    expect(settings(work)).toMatchObject({
      result: 'warn',
      detail: expect.stringContaining('of the baseline'),
    });
    const held = await world(() => {}, { ...spec, baseline: { ...spec.baseline, paused: true } });
    expect(paused(held.work)).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('api-baseline'),
    });
  });
});
