import { expect, test } from 'vitest';
import { diffLines } from './diff';
import { parseQuantity, surgePods } from './quantity';
import { quotaCheck } from './quota-check';

test('containers are compared by name, other lists whole', () => {
  const before = {
    spec: {
      containers: [
        { name: 'api', image: 'a:1' },
        { name: 'side', image: 's:1' },
      ],
      args: ['a'],
    },
  };
  const after = {
    spec: {
      containers: [
        { name: 'side', image: 's:1' },
        { name: 'api', image: 'a:2' },
      ],
      args: ['a', 'b'],
    },
  };
  expect(diffLines(before, after)).toEqual([
    { path: 'spec.args', before: '["a"]', after: '["a","b"]' },
    { path: 'spec.containers[api].image', before: 'a:1', after: 'a:2' },
  ]);
  expect(diffLines({ a: 1 }, { b: { c: true } })).toEqual([
    { path: 'a', before: '1', after: null },
    { path: 'b', before: null, after: '{"c":true}' },
  ]);
  expect(diffLines(before, before)).toEqual([]);
});

test('objects without names are compared by their place in lists of one length, else whole', () => {
  const rules = (weight: number, ...more: object[]) =>
    JSON.parse(
      JSON.stringify({ rules: [{ matches: [{ path: '/' }], to: [{ host: 'a', weight }] }, ...more] }),
    );
  expect(diffLines(rules(1), rules(2))).toEqual([{ path: 'rules[0].to[0].weight', before: '1', after: '2' }]);
  expect(diffLines(rules(1), rules(1, { to: [] })).map(({ path }) => path)).toEqual(['rules']);
});

test.each([
  ['500m', 0.5],
  ['2', 2],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['100M', 1e8],
  ['many', null],
])('%s is %s', (text, value) => expect(parseQuantity(text)).toBe(value));

test.each([
  ['1', 10, 1],
  ['25%', 10, 3],
  ['0', 10, 0],
])('a surge of %s of %i pods is %i', (surge, replicas, pods) =>
  expect(surgePods(surge, replicas)).toBe(pods),
);

const template = {
  spec: {
    containers: [
      { name: 'api', resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { cpu: '2' } } },
    ],
  },
};
const quota = (hard: Record<string, string>, used: Record<string, string>) => [
  { metadata: { name: 'compute' }, status: { hard, used } },
];

test.each([
  ['no quota', [], 'pass'],
  ['room', quota({ 'requests.cpu': '24', pods: '60' }, { 'requests.cpu': '3', pods: '6' }), 'pass'],
  ['just enough', quota({ 'requests.cpu': '2' }, { 'requests.cpu': '1500m' }), 'pass'],
  ['cpu is short', quota({ 'requests.cpu': '2' }, { 'requests.cpu': '1600m' }), 'fail'],
  ['limits are short', quota({ 'limits.cpu': '4' }, { 'limits.cpu': '3' }), 'fail'],
  ['pods are short', quota({ pods: '3' }, { pods: '3' }), 'fail'],
  [
    'a resource that no container asks for',
    quota({ 'requests.storage': '1Gi' }, { 'requests.storage': '1Gi' }),
    'pass',
  ],
] as const)('quota: %s', (_, quotas, result) => {
  expect(quotaCheck([...quotas], template, 1).result).toBe(result);
});
