import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Pair } from '@/lib/config/traffic';
import type { Fields } from './contract';
import { sharesOf, withShares } from './router';

const pairWith = (traffic: object) =>
  Pair.parse({
    blue: { deployment: 'api', service: 'api-blue' },
    green: { deployment: 'api-green', service: 'api-green' },
    baseline: { deployment: 'api-baseline', service: 'api-baseline' },
    traffic,
  });
const mesh = pairWith({ kind: 'virtual-service', name: 'api' });
const gateway = pairWith({ kind: 'http-route', name: 'api' });

const istio = (weights: Record<string, number>): Fields => ({
  http: [
    {
      name: 'primary',
      route: Object.entries(weights).map(([host, weight]) => ({ destination: { host }, weight })),
    },
  ],
});
const route = (weights: Record<string, number | undefined>): Fields => ({
  rules: [
    {
      backendRefs: Object.entries(weights).map(([name, weight]) =>
        weight === undefined ? { name } : { name, weight },
      ),
    },
  ],
});

test('the baseline has a share of its own, and is part of no colour', () => {
  expect(sharesOf(mesh, istio({ 'api-blue': 90, 'api-green': 5, 'api-baseline': 5 }))).toEqual({
    blue: 90,
    green: 5,
    baseline: 5,
  });
  expect(sharesOf(mesh, istio({ 'api-blue': 100, 'api-green': 0 }))).toEqual({
    blue: 100,
    green: 0,
    baseline: 0,
  });
  expect(sharesOf(gateway, route({ 'api-blue': 2, 'api-green': 0, 'api-baseline': 2 }))).toEqual({
    blue: 50,
    green: 0,
    baseline: 50,
  });
  // An absent weight of a backend is one.
  expect(sharesOf(gateway, route({ 'api-blue': 1, 'api-baseline': undefined }))?.baseline).toBe(50);
});

test('weights that leave something over with the baseline say nothing', () => {
  expect(sharesOf(mesh, istio({ 'api-blue': 95, 'api-green': 5, 'api-baseline': 5 }))).toBeNull();
  const { baseline: _, ...bare } = mesh;
  expect(sharesOf(bare, istio({ 'api-blue': 90, 'api-green': 5, 'api-baseline': 5 }))).toBeNull();
});

test('its entry is added while it has a part, and left as it is found', () => {
  const two = istio({ 'api-blue': 100, 'api-green': 0 });
  const three = istio({ 'api-blue': 100, 'api-green': 0, 'api-baseline': 0 });
  const shares = { blue: 90, green: 5, baseline: 5 };
  const split = istio({ 'api-blue': 90, 'api-green': 5, 'api-baseline': 5 });
  expect(withShares(mesh, two, shares, null)).toEqual(split);
  expect(withShares(mesh, three, shares, null)).toEqual(split);
  expect(withShares(mesh, two, { blue: 0, green: 100 }, null)).toEqual(
    istio({ 'api-blue': 0, 'api-green': 100 }),
  );
  expect(withShares(mesh, split, { blue: 0, green: 100 }, null)).toEqual(
    istio({ 'api-blue': 0, 'api-green': 100, 'api-baseline': 0 }),
  );
});

test('shares that do not sum to 100, or a baseline that is none, are refused', () => {
  const two = istio({ 'api-blue': 100, 'api-green': 0 });
  expect(() => withShares(mesh, two, { blue: 95, green: 5, baseline: 5 }, null)).toThrow(/sum to 100/);
  const { baseline: _, ...bare } = mesh;
  expect(() => withShares(bare, two, { blue: 90, green: 5, baseline: 5 }, null)).toThrow(/no baseline/);
});

const RUNS = 200;
test('what is written of three is what is read', () => {
  const cases = [
    [mesh, istio({ 'api-blue': 100, 'api-green': 0 })],
    [gateway, route({ 'api-green': 1, 'api-blue': 3 })],
  ] as const;
  let runs = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 50 }), fc.constantFrom(...cases), (part, [pair, router]) => {
      runs += 1;
      const shares = { blue: 100 - 2 * part, green: part, baseline: part };
      expect(sharesOf(pair, withShares(pair, router, shares, null))).toEqual(shares);
    }),
    { numRuns: RUNS },
  );
  expect(runs).toBe(RUNS);
});
