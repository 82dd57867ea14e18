import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colours } from '@/lib/config/colours';
import { Pair } from '@/lib/config/traffic';
import type { Fields } from './contract';
import { sharesFor, sharesOf, withShares } from './router';

const pairWith = (traffic: object) =>
  Pair.parse({
    blue: { deployment: 'api', service: 'api-blue' },
    green: { deployment: 'api-green', service: 'api-green' },
    traffic,
  });
const byService = pairWith({ kind: 'service', name: 'api' });
const byWeights = pairWith({ kind: 'virtual-service', name: 'api', headerRoute: 'canary-header' });
const byRule = pairWith({ kind: 'http-route', name: 'api', rule: 1, headerRule: 0 });
const byPods = pairWith({ kind: 'replicas', name: 'api' });

const to = (host: string, weight?: number) => ({
  destination: { host, port: { number: 80 } },
  ...(weight === undefined ? {} : { weight }),
});
const istio = (route: object[], more: object = {}, header: object = {}): Fields =>
  JSON.parse(
    JSON.stringify({
      http: [
        { name: 'admin', match: [{ uri: { prefix: '/admin' } }], route: [to('api-blue')] },
        {
          name: 'canary-header',
          match: [{ headers: { 'x-canary': { exact: 'true' } } }],
          route: [to('api-blue', 100)],
          ...header,
        },
        { name: 'primary', timeout: '5s', route, ...more },
      ],
    }),
  );
const ref = (name: string, weight?: number) => ({
  group: '',
  kind: 'Service',
  name,
  port: 80,
  ...(weight === undefined ? {} : { weight }),
});
const gateway = (backendRefs: object[], more: object = {}, header: object = {}): Fields =>
  JSON.parse(
    JSON.stringify({
      rules: [
        {
          matches: [{ headers: [{ name: 'X-Canary', value: 'true' }] }],
          backendRefs: [ref('api-blue', 1)],
          ...header,
        },
        { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs, ...more },
      ],
    }),
  );

describe('what the shares are', () => {
  const cases: [string, Pair, Fields | null, object | null][] = [
    ['a selector', byService, { selector: { app: 'api', color: 'green' } }, { blue: 0, green: 100 }],
    ['a selector without a colour', byService, { selector: { app: 'api' } }, null],
    ['a selector with another colour', byService, { selector: { color: 'red' } }, null],
    ['weights', byWeights, istio([to('api-blue', 95), to('api-green', 5)]), { blue: 95, green: 5 }],
    [
      'whole names',
      byWeights,
      istio([to('api-blue.shop.svc.cluster.local', 60), to('api-green.shop', 40)]),
      { blue: 60, green: 40 },
    ],
    ['an only destination', byWeights, istio([to('api-green')]), { blue: 0, green: 100 }],
    [
      'an absent weight, which is none',
      byWeights,
      istio([to('api-blue', 100), to('api-green')]),
      { blue: 100, green: 0 },
    ],
    ['weights that sum to 90', byWeights, istio([to('api-blue', 60), to('api-green', 30)]), null],
    ['another backend', byWeights, istio([to('api-blue', 50), to('api-green', 40), to('other', 10)]), null],
    ['a subset', byWeights, istio([{ destination: { host: 'api-blue', subset: 'v1' }, weight: 100 }]), null],
    ['a Service twice', byWeights, istio([to('api-blue', 50), to('api-blue', 50)]), null],
    ['no such route', byWeights, { http: [{ name: 'other', route: [to('api-blue', 100)] }] }, null],
    ['no routes', byWeights, {}, null],
    ['a rule', byRule, gateway([ref('api-blue', 75), ref('api-green', 25)]), { blue: 75, green: 25 }],
    [
      'weights that are relative',
      byRule,
      gateway([ref('api-blue', 3), ref('api-green', 1)]),
      { blue: 75, green: 25 },
    ],
    [
      'absent weights, one each',
      byRule,
      gateway([ref('api-blue'), ref('api-green')]),
      { blue: 50, green: 50 },
    ],
    [
      'an absent weight beside none',
      byRule,
      gateway([ref('api-blue'), ref('api-green', 0)]),
      { blue: 100, green: 0 },
    ],
    ['weights of nothing', byRule, gateway([ref('api-blue', 0), ref('api-green', 0)]), null],
    ['another namespace', byRule, gateway([{ ...ref('api-blue', 1), namespace: 'x' }]), null],
    ['another kind', byRule, gateway([{ ...ref('api-blue', 1), kind: 'ServiceImport', group: 'x' }]), null],
    ['no router', byRule, null, null],
  ];
  test.each(cases)('%s', (_, pair, router, expected) => expect(sharesOf(pair, router)).toEqual(expected));

  test('pods share what one Service selects', () => {
    expect(sharesOf(byPods, null, { blue: 3, green: 1 })).toEqual({ blue: 75, green: 25 });
    expect(sharesOf(byPods, null, { blue: 0, green: 0 })).toBeNull();
    expect(sharesOf(byPods, null)).toBeNull();
  });
});

const RUNS = 400;
const weight = fc.integer({ min: 0, max: 100 });
const colour = fc.constantFrom(...colours);
const header = fc.option(colour);

/** Everything but the weights of the named rule and the host of the header rule. */
function rest(router: Fields): string {
  return JSON.stringify(router, (key, value) => {
    if (key === 'weight') return undefined;
    return typeof value === 'string' && /^api-(blue|green)/.test(value) ? 'api' : value;
  });
}

test('what is written is what is read, and nothing else changes', () => {
  let cases = 0;
  fc.assert(
    fc.property(weight, weight, colour, header, (before, after, of, head) => {
      const now = sharesFor('blue', before);
      const wanted = sharesFor(of, after);
      const routers: [Pair, Fields][] = [
        [byWeights, istio([to('api-blue', now.blue), to('api-green', now.green)])],
        [byRule, gateway([ref('api-green', now.green), ref('api-blue', now.blue)])],
      ];
      for (const [pair, router] of routers) {
        const copy = JSON.stringify(router);
        const written = withShares(pair, router, wanted, head);
        expect(sharesOf(pair, written)).toEqual(wanted);
        expect(JSON.stringify(router)).toBe(copy);
        expect(rest(written)).toBe(rest(router));
        expect(withShares(pair, written, now, head === null ? null : 'blue')).toEqual(router);
        cases += 1;
      }
    }),
    { numRuns: RUNS },
  );
  expect(cases).toBe(2 * RUNS);
});

test('a selector is switched in its colour alone', () => {
  const router = { selector: { app: 'api', color: 'blue' } };
  expect(withShares(byService, router, sharesFor('green', 100), 'green')).toEqual({
    selector: { app: 'api', color: 'green' },
  });
});

test('both weights are written, and a destination that was left out comes with its own', () => {
  const { http } = withShares(byWeights, istio([to('api-blue.shop')]), sharesFor('green', 5), null);
  expect(JSON.parse(JSON.stringify(http))[2].route).toEqual([
    to('api-blue.shop', 95),
    to('api-green.shop', 5),
  ]);
  const { rules } = withShares(byRule, gateway([ref('api-green')]), sharesFor('green', 100), null);
  expect(JSON.parse(JSON.stringify(rules))[1].backendRefs).toEqual([
    ref('api-green', 100),
    ref('api-blue', 0),
  ]);
});

test('the header rule alone is sent elsewhere', () => {
  const router = istio([to('api-blue', 100), to('api-green', 0)]);
  const written = JSON.parse(JSON.stringify(withShares(byWeights, router, sharesFor('green', 5), 'green')));
  expect(written.http.map(({ route }: { route: object[] }) => route)).toEqual([
    [to('api-blue')],
    [to('api-green', 100)],
    [to('api-blue', 95), to('api-green', 5)],
  ]);
});

const both = [to('api-blue', 100), to('api-green', 0)];
const refs = [ref('api-blue', 1), ref('api-green', 0)];
const refused: [string, Pair, Fields, RegExp][] = [
  ['no such route', byWeights, { http: [] }, /no http route named primary/],
  [
    'two routes of that name',
    byWeights,
    {
      http: [
        { name: 'primary', route: both },
        { name: 'primary', route: both },
      ],
    },
    /has it twice/,
  ],
  [
    'another backend',
    byWeights,
    istio([...both, to('other', 0)]),
    /does not send to api-blue and api-green alone/,
  ],
  ['a mirror', byWeights, istio(both, { mirror: { host: 'other' } }), /has a mirror beside its weights/],
  ['a delegate', byWeights, istio(both, { delegate: { name: 'other' } }), /has a delegate/],
  [
    'no header route',
    byWeights,
    { http: [{ name: 'primary', route: both }] },
    /no http route named canary-header/,
  ],
  [
    'a header route that matches everything',
    byWeights,
    istio(both, {}, { match: [{ uri: { prefix: '/' } }] }),
    /matches other requests/,
  ],
  [
    'a header route with one lax match',
    byWeights,
    istio(both, {}, { match: [{ headers: { 'x-canary': { exact: 'true' } } }, {}] }),
    /matches other requests/,
  ],
  [
    'a header route to elsewhere',
    byWeights,
    istio(both, {}, { route: [to('other')] }),
    /not send to one Service/,
  ],
  ['no such rule', byRule, { rules: [] }, /no rule number 1/],
  ['a mirror filter', byRule, gateway(refs, { filters: [{ type: 'RequestMirror' }] }), /has a RequestMirror/],
  [
    'a header rule by pattern',
    byRule,
    gateway(
      refs,
      {},
      { matches: [{ headers: [{ name: 'x-canary', value: 'true', type: 'RegularExpression' }] }] },
    ),
    /matches other requests/,
  ],
  ['a selector without a colour', byService, { selector: { app: 'api' } }, /does not name a colour/],
  ['a split by a selector', byService, { selector: { color: 'blue' } }, /cannot split/],
  ['pods', byPods, {}, /has no weights/],
];
test.each(refused)('%s is refused', (_, pair, router, message) => {
  const write = () => withShares(pair, router, sharesFor('green', 5), 'green');
  expect(write).toThrow(message);
  expect(write).toThrow(expect.objectContaining({ code: 'precondition', next: expect.any(String) }));
});

test('a header route behind the weights would never match', () => {
  const router = istio(both);
  const http = JSON.parse(JSON.stringify(router['http']));
  const turned = { http: [http[2], http[1]] };
  expect(() => withShares(byWeights, turned, sharesFor('green', 5), 'green')).toThrow(/comes after/);
  expect(() => withShares(byWeights, turned, sharesFor('green', 5), null)).not.toThrow();
});

test.each([[{ blue: 50, green: 49 }], [{ blue: 50.5, green: 49.5 }], [{ blue: 110, green: -10 }]])(
  'shares of %j are refused',
  (shares) =>
    expect(() => withShares(byRule, gateway(refs), shares, null)).toThrow(
      expect.objectContaining({ code: 'precondition' }),
    ),
);
