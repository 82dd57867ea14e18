import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { formatProblem } from './problem';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');
const production = ['services', 0, 'placements', 'production'];

/** Problems of the example with values set at paths. */
function problemsOf(...changes: [path: (string | number)[], value: unknown][]): string[] {
  const document = parseDocument(example);
  for (const [at, value] of changes) document.setIn(at, document.createNode(value));
  return validateConfig(document.toString(), 'signalbox.yaml').problems.map(formatProblem);
}

const pair = {
  blue: { deployment: 'fraiseql-api', service: 'fraiseql-api-blue' },
  green: { deployment: 'fraiseql-api-green', service: 'fraiseql-api-green' },
  traffic: { kind: 'service', name: 'fraiseql-api' },
};
const set = (value: object, place = 0): [(string | number)[], unknown] => [
  [...production, place, 'pair'],
  value,
];
const fourKinds = [
  { kind: 'service', name: 'fraiseql-api' },
  { kind: 'virtual-service', name: 'fraiseql-api' },
  { kind: 'http-route', name: 'fraiseql-api', rule: 1, headerRule: 0 },
  { kind: 'replicas', name: 'fraiseql-api' },
];

test.each(fourKinds)('a pair behind a router of kind $kind is valid, in each region', (traffic) => {
  expect(problemsOf(set({ ...pair, traffic }), set({ ...pair, traffic }, 1))).toEqual([]);
});

test.each<[string, object, string]>([
  [
    'a placement outside its pair',
    { ...pair, blue: { ...pair.blue, deployment: 'other' } },
    'the Deployment fraiseql-api is neither blue nor green of the pair.',
  ],
  [
    'one Deployment for both',
    { ...pair, green: { ...pair.green, deployment: 'fraiseql-api' } },
    'blue and green are the same Deployment, fraiseql-api.',
  ],
  [
    'one Service for both',
    { ...pair, green: { ...pair.green, service: 'fraiseql-api-blue' } },
    'blue and green are the same Service, fraiseql-api-blue.',
  ],
  [
    'a router that is the Service of a colour',
    { ...pair, traffic: { kind: 'service', name: 'fraiseql-api-green' } },
    'the Service fraiseql-api-green selects the pods of one colour alone',
  ],
  [
    'a header route that has the weights',
    { ...pair, traffic: { kind: 'virtual-service', name: 'x', headerRoute: 'primary' } },
    'headerRoute is the one that has the weights, primary.',
  ],
  [
    'a header rule that has the weights',
    { ...pair, traffic: { kind: 'http-route', name: 'x', headerRule: 0 } },
    'headerRule is the one that has the weights, 0.',
  ],
  [
    'a kind of router that is not there',
    { ...pair, traffic: { kind: 'ingress', name: 'x' } },
    'pair.traffic.kind',
  ],
  ['a colour that is missing', { blue: pair.blue, traffic: pair.traffic }, 'pair.green'],
])('%s is refused', (_what, value, message) => {
  const problems = problemsOf(set(value));
  expect(problems.filter((problem) => problem.includes(message))).toHaveLength(1);
});

test('a Deployment of a pair, or a rule of a router, belongs to one service alone', () => {
  const document = parseDocument(example);
  const config = document.toJS();
  const twin = { ...config.services[0], id: 'twin' };
  for (const list of Object.values<{ namespace: string; deployment: string; pair?: object }[]>(
    twin.placements,
  )) {
    for (const placement of list) placement.deployment = `twin-${placement.deployment}`;
  }
  twin.placements.production[0].pair = {
    ...pair,
    blue: { ...pair.blue, deployment: 'twin-fraiseql-api' },
    traffic: { kind: 'virtual-service', name: 'fraiseql-api' },
  };
  const text = parseDocument(example);
  text.addIn(['services'], text.createNode(twin));
  const problems = validateConfig(text.toString(), 'signalbox.yaml').problems.map(formatProblem);
  expect(problems.join('\n')).toContain(
    'the Deployment us-east-1/fraiseql/fraiseql-api-green already belongs to fraiseql-api in production.',
  );
  expect(problems.join('\n')).toContain(
    'us-east-1/fraiseql/VirtualService/fraiseql-api route primary already sends the requests of fraiseql-api in production.',
  );
});

test('weights rise from step to step', () => {
  const falling = [
    { weight: 25, hold: '1m' },
    { weight: 5, hold: '1m' },
  ];
  expect(problemsOf([['strategies', 'canary'], falling]).join()).toContain(
    'strategies.canary[1].weight: a step to 5 % follows one of 25 %.',
  );
  expect(problemsOf([['strategies', 'gradual'], falling]).join()).toContain('strategies.gradual[1].weight');
});

const mesh = { kind: 'virtual-service', name: 'fraiseql-api' };
const beside = { deployment: 'fraiseql-api-baseline', service: 'fraiseql-api-baseline' };

test.each([mesh, { kind: 'http-route', name: 'fraiseql-api', rule: 1 }])(
  'a baseline beside weights of kind $kind is valid',
  (traffic) => {
    expect(problemsOf(set({ ...pair, traffic, baseline: beside }))).toEqual([]);
  },
);

test.each<[string, object, object, string]>([
  [
    'behind a Service',
    pair.traffic,
    beside,
    'pair.baseline: a baseline gets its part of the requests by weights',
  ],
  ['behind pods', { kind: 'replicas', name: 'fraiseql-api' }, beside, 'and replicas has none'],
  [
    'of pods of a colour',
    mesh,
    { ...beside, deployment: 'fraiseql-api-green' },
    'pair.baseline.deployment: the Deployment fraiseql-api-green of the baseline is that of a colour.',
  ],
  [
    'behind the Service of a colour',
    mesh,
    { ...beside, service: 'fraiseql-api-blue' },
    'pair.baseline.service: the Service fraiseql-api-blue of the baseline is that of a colour.',
  ],
])('a baseline %s is refused', (_what, traffic, baseline, message) => {
  expect(problemsOf(set({ ...pair, traffic, baseline })).join('\n')).toContain(message);
});

test('the Deployment of a baseline runs nothing else', () => {
  const taken = { ...beside, deployment: 'fraiseql-api' };
  expect(problemsOf(set({ ...pair, traffic: mesh, baseline: taken })).join('\n')).toContain(
    'pair.baseline.deployment',
  );
});
