import { describe, expect, test } from 'vitest';
import { fresh, missing, type Reading, stale } from '@/lib/core/reading';
import { colourSentence, type PlacementObjects, pairOf } from './pair';
import { deploymentsOf } from './placements';
import { placeObjects, podTotals } from './pods';
import { judge } from './state';
import {
  at,
  byPods,
  byRoute,
  bySelector,
  byWeight,
  deployment,
  objects,
  router,
  selects,
  weighs,
} from './testing/pair';
import { isOwnEvent, pairView } from './workloads';

const value = <T>(reading: Reading<T> | null): T => {
  if (reading === null || reading.state === 'missing') throw new Error(`missing: ${reading?.detail}`);
  return reading.value;
};

describe('the colour that takes the requests', () => {
  test.each([
    ['a selector', bySelector, selects('green'), 'green', [0, 100]],
    ['weights', byWeight, weighs(100, 0), 'blue', [100, 0]],
    ['weights of both', byWeight, weighs(95, 5), 'both', [95, 5]],
    [
      'a route of Gateway API',
      byRoute,
      router({
        rules: [
          {
            backendRefs: [
              { name: 'api-blue', weight: 1 },
              { name: 'api-green', weight: 3 },
            ],
          },
        ],
      }),
      'both',
      [25, 75],
    ],
    ['pods', byPods, missing('not-configured'), 'both', [50, 50]],
  ])('is told by %s', (_by, where, routed, live, shares) => {
    const pair = value(pairOf(where, objects(routed)));
    expect(pair.live).toBe(live);
    expect([pair.blue.share, pair.green.share]).toEqual(shares);
    expect(pair.unknown).toBeNull();
    expect([pair.blue.version, pair.green.version]).toEqual(['3.0.0', '3.1.0']);
    expect([pair.blue.pods.length, pair.green.ready]).toEqual([3, 3]);
  });

  test('without a pair there is none', () => {
    expect(pairOf({ ...bySelector, pair: undefined }, objects(missing('not-configured')))).toBeNull();
  });

  test.each<[string, PlacementObjects['router']]>([
    ['there is no router', fresh(null, at)],
    ['the selector names no colour', router({ selector: { app: 'api' } })],
  ])('is the only one that shall have pods when %s', (_what, routed) => {
    const pair = value(pairOf(bySelector, objects(routed, { green: 0 })));
    expect(pair).toMatchObject({ live: 'blue', unknown: null, blue: { share: 100 } });
  });

  test.each<[string, PlacementObjects['router'], RegExp]>([
    ['the router cannot be read', missing('unauthorised', 'HTTP 403.'), /cannot be told: HTTP 403\.$/],
    ['there is no router', fresh(null, at), /Service api in namespace shop of cluster one is not there/],
    ['the selector names no colour', router({ selector: { app: 'api' } }), /does not say it/],
    ['the object has no selector', router({}), /does not say it/],
  ])('is not guessed when %s', (_what, routed, detail) => {
    const found = objects(routed);
    const pair = value(pairOf(bySelector, found));
    expect(pair.live).toBeNull();
    expect(pair.blue.share).toBeNull();
    expect(pair.unknown?.detail).toMatch(detail);
    expect(placeObjects(bySelector, found)).toMatchObject({
      state: 'missing',
      detail: expect.stringMatching(detail),
    });
    expect(pairView(pair)).toMatchObject({ live: null, problem: expect.stringMatching(detail) });
  });

  test('the pods are the share, and with none ready those that shall run', () => {
    const down = fresh([deployment('api', '3.0.0', 3, 0), deployment('api-green', '3.1.0', 0)], at);
    const found = objects(missing('not-configured'), {}, { deployments: down });
    expect(value(pairOf(byPods, found)).live).toBe('blue');
    expect(value(placeObjects(byPods, found)).serving.map(({ name }) => name)).toEqual(['api']);
  });
});

describe('the objects of a place with a pair', () => {
  test('are those of the live colour, and the idle one is no part of the counts', () => {
    const found = value(placeObjects(bySelector, objects(selects('green'), { blue: 0 })));
    expect(found.serving.map(({ name }) => name)).toEqual(['api-green']);
    expect(found.pods.map(({ name }) => name)).toEqual(['api-green-1-0', 'api-green-1-1', 'api-green-1-2']);
    expect(podTotals(found)).toEqual({ desired: 3, updated: 3, ready: 3 });
    expect(found.pair?.blue.deployment?.desired).toBe(0);
  });

  test('are those of both while both take requests, the larger share first', () => {
    const found = value(placeObjects(byWeight, objects(weighs(5, 95), { blue: 2 })));
    expect(found.serving.map(({ name }) => name)).toEqual(['api-green', 'api']);
    expect(podTotals(found)).toEqual({ desired: 5, updated: 5, ready: 5 });
    expect(found.pods).toHaveLength(5);
  });

  test('a live colour without its Deployment is named', () => {
    const deployments = fresh([deployment('api', '3.0.0', 3)], at);
    const found = objects(selects('green'), {}, { deployments });
    expect(placeObjects(bySelector, found)).toMatchObject({
      state: 'missing',
      detail: 'Namespace shop of cluster one has no Deployment api-green.',
    });
    expect(colourSentence(value(pairOf(bySelector, found)).green)).toBe(
      'green, Deployment api-green is not there, takes all requests',
    );
  });

  test('are as old as the oldest reading, that of the router too', () => {
    const old = stale(value(selects('green')), at.toISOString(), 'timeout', 'Too slow.');
    expect(placeObjects(bySelector, objects(old))).toMatchObject({ state: 'stale', reason: 'timeout' });
    const gone = objects(selects('green'), {}, { pods: missing('unreachable', 'Away.') });
    expect(placeObjects(bySelector, gone)).toMatchObject({ state: 'missing', detail: 'Away.' });
  });
});

test.each([
  [bySelector, selects('blue'), {}, 'green', 'green, 3.1.0, 3 pods, takes no requests'],
  [bySelector, selects('blue'), { green: 1 }, 'green', 'green, 3.1.0, 1 pod, takes no requests'],
  [bySelector, selects('blue'), {}, 'blue', 'blue, 3.0.0, 3 pods, takes all requests'],
  [byWeight, weighs(95, 5), {}, 'green', 'green, 3.1.0, 3 pods, takes 5 % of the requests'],
  [
    bySelector,
    missing('timeout'),
    { green: 0 },
    'green',
    'green, 3.1.0, 0 pods, its part of the requests is not known',
  ],
] as const)('a colour in one line: %#', (where, routed, numbers, colour, sentence) => {
  expect(colourSentence(value(pairOf(where, objects(routed, numbers)))[colour])).toBe(sentence);
});

test('of a router only what says where requests go is kept', () => {
  const kept = value(selects('blue'));
  expect(kept).toEqual({
    ...{ name: 'api', namespace: '', uid: 'r' },
    spec: { selector: { app: 'api', color: 'blue' } },
  });
});

describe('the state of a service with a pair', () => {
  const judged = (more: Parameters<typeof placeObjects>) =>
    judge({
      ...{ errorRatio: fresh(0, at), requestRate: fresh(10, at), pairs: null, alerts: [], change: null },
      objects: placeObjects(...more),
    });

  test.each([
    ['the idle colour has no pods', selects('blue'), { green: 0 }, 'healthy', null],
    ['the live colour has no pods', selects('green'), { green: 0 }, 'down', /scaled to zero/],
    ['the router cannot be read', missing('timeout', 'Too slow.'), {}, 'no-data', /cannot be told: Too slow/],
  ] as const)('when %s', (_what, routed, numbers, state, cause) => {
    const found = judged([bySelector, objects(routed, numbers)]);
    expect(found.state).toBe(state);
    if (cause === null) expect(found.cause).toBeNull();
    else expect(found.cause).toMatch(cause);
  });

  test('names the colour that is short of pods while both are asked, and not the idle one', () => {
    const short = fresh([deployment('api', '3.0.0', 3), deployment('api-green', '3.1.0', 3, 2)], at);
    const of = (blue: number, green: number) =>
      judged([byWeight, objects(weighs(blue, green), {}, { deployments: short })]);
    expect(of(50, 50)).toEqual({
      state: 'deploying',
      cause: expect.stringMatching(/3 of 3 pods of green are new/),
    });
    expect(of(100, 0)).toEqual({ state: 'healthy', cause: null });
  });
});

test('events of both colours are the service’s own', () => {
  const event = (objectKind: string, objectName: string) => ({
    ...{ uid: 'e', name: 'e', namespace: 'shop', owner: null, at: '', warning: false },
    ...{ reason: '', message: '', count: 1, objectKind, objectName },
  });
  const own = (kind: string, name: string) => isOwnEvent(event(kind, name), bySelector);
  expect(own('Deployment', 'api-green')).toBe(true);
  expect(own('Pod', 'api-green-7d9f-x2x4z')).toBe(true);
  expect(own('Pod', 'api-red-7d9f-x2x4z')).toBe(false);
});

describe('a baseline', () => {
  const { pair } = byWeight;
  if (pair === undefined) throw new Error('There is no pair.');
  const where = {
    ...byWeight,
    pair: { ...pair, baseline: { deployment: 'api-baseline', service: 'api-baseline' } },
  };
  const split = router({
    http: [
      {
        name: 'primary',
        route: [
          { destination: { host: 'api-blue' }, weight: 90 },
          { destination: { host: 'api-green' }, weight: 5 },
          { destination: { host: 'api-baseline' }, weight: 5 },
        ],
      },
    ],
  });

  test('has its share, and is neither the live colour nor a part of one', () => {
    const now = value(pairOf(where, objects(split)));
    expect([now.blue.share, now.green.share, now.baseline?.share]).toEqual([90, 5, 5]);
    expect(now.live).toBe('both');
    expect(value(placeObjects(where, objects(split))).serving.map(({ name }) => name)).toEqual([
      'api',
      'api-green',
    ]);
    const rest = value(pairOf(where, objects(weighs(100, 0))));
    expect([rest.live, rest.baseline?.share, rest.baseline?.deployment]).toEqual(['blue', 0, null]);
  });

  test('belongs to its service', () => {
    expect(deploymentsOf(where)).toEqual(['api', 'api-green', 'api-baseline']);
    expect(deploymentsOf(byWeight)).toEqual(['api', 'api-green']);
  });
});
