import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { formatProblem } from './problem';
import { guideSlis, levelSliIds, sliIds } from './sli-guide';
import { changeLimits, levelLimits } from './sli-limits';
import { validateConfig } from './validate';

const example = fs.readFileSync(path.resolve(import.meta.dirname, '../../signalbox.example.yaml'), 'utf8');

/** The example with the indicators of its one service replaced. */
function check(slis: object | null) {
  const document = parseDocument(example);
  if (slis === null) document.deleteIn(['services', 0, 'slis']);
  else document.setIn(['services', 0, 'slis'], document.createNode(slis));
  return validateConfig(document.toString(), 'c.yaml');
}
const problems = (slis: object) =>
  check(slis)
    .problems.map(formatProblem)
    .map((text) => text.replace(/^c\.yaml:\d+:\d+: /, ''));
function service(slis: object | null) {
  const { config, problems: found } = check(slis);
  expect(found.map(formatProblem)).toEqual([]);
  const [first] = config?.services ?? [];
  if (first === undefined) throw new Error('The service is gone.');
  return first;
}
const series = { metric: 'some_metric' };

test('the defaults are the table of guide 004', () => {
  const table = sliIds.map((id) => {
    const { ref, limits } = guideSlis[id];
    return limits.kind === 'baseline'
      ? [ref, id, limits.up, limits.down]
      : [ref, id, limits.kind, limits.low, limits.target, limits.warning, limits.critical];
  });
  expect(table).toEqual([
    ['SLI-01', 'latency-p95', 'below', null, 0.1, 0.15, 0.3],
    ['SLI-02', 'latency-p99', 'below', null, 0.3, 0.5, 1],
    ['SLI-03', 'error-rate', 'below', null, 0.0001, 0.0005, 0.001],
    ['SLI-04', 'cpu', 'band', 0.4, 0.6, 0.7, 0.85],
    ['SLI-05', 'memory', 'band', 0.5, 0.7, 0.8, 0.9],
    ['SLI-06', 'disk-io-wait', 'below', null, 0.05, 0.1, 0.2],
    ['SLI-07', 'connections', 'band', 0.5, 0.7, 0.8, 0.9],
    ['SLI-08', 'cache-hits', 'above', null, 0.95, 0.9, 0.85],
    ['SLI-09', 'requests', { warning: 0.5, critical: 1 }, { warning: 0.5, critical: 1 }],
  ]);
});

test('a service that says nothing has the limits of the guide, and each says so', () => {
  const silent = service(null);
  for (const id of levelSliIds) {
    const { limits, origins, reasons } = levelLimits(silent, id, 'production');
    expect(limits).toEqual(guideSlis[id].limits);
    expect([...new Set(Object.values(origins))]).toEqual(['guide']);
    expect(reasons).toEqual({ service: null, environment: null });
  }
  expect(changeLimits(silent, 'production').limits).toEqual(guideSlis.requests.limits);
});

test('limits of an environment go before those of the service, those before the guide', () => {
  const own = service({
    'latency-p95': {
      warning: '200ms',
      reason: 'a slow partner',
      environments: { staging: { critical: '1s', reason: 'staging is small' } },
    },
    requests: { up: { warning: '80%' }, environments: { staging: { down: { critical: '90%' } } } },
  });
  const production = levelLimits(own, 'latency-p95', 'production');
  expect([production.limits.target, production.limits.warning, production.limits.critical]).toEqual([
    0.1, 0.2, 0.3,
  ]);
  expect([production.origins.target, production.origins.warning, production.reasons.service]).toEqual([
    'guide',
    'service',
    'a slow partner',
  ]);
  const staging = levelLimits(own, 'latency-p95', 'staging');
  expect([staging.limits.warning, staging.limits.critical]).toEqual([0.2, 1]);
  expect([staging.origins.warning, staging.origins.critical, staging.reasons.environment]).toEqual([
    'service',
    'environment',
    'staging is small',
  ]);
  expect(changeLimits(own, 'production').limits.up).toEqual({ warning: 0.8, critical: 1 });
  const changed = changeLimits(own, 'staging');
  expect([changed.limits.up.warning, changed.limits.down.critical, changed.origins.down.critical]).toEqual([
    0.8,
    0.9,
    'environment',
  ]);
});

test('a percentage is the number that people would write', () => {
  const own = service({ 'error-rate': { target: '0.03%', warning: '0.07 %', critical: '0.3%' } });
  const { limits } = levelLimits(own, 'error-rate', 'production');
  expect([limits.target, limits.warning, limits.critical]).toEqual([0.0003, 0.0007, 0.003]);
});

test('limits without a gap, and a band that begins at 0, are allowed', () => {
  const own = service({
    'cache-hits': { target: '70%', warning: '70%', critical: '50%' },
    cpu: { low: '0%' },
  });
  expect(levelLimits(own, 'cache-hits', 'production').limits.warning).toBe(0.7);
  expect(levelLimits(own, 'cpu', 'production').limits.low).toBe(0);
});

test.each<[string, object, string | RegExp]>([
  [
    'a misspelt indicator',
    { 'latency-p59': {} },
    'services[0].slis: the key latency-p59 is unknown. Did you mean latency-p95?',
  ],
  [
    'a misspelt limit',
    { cpu: { warn: '70%' } },
    'services[0].slis.cpu: the key warn is unknown. Use one of low, target, warning, critical',
  ],
  [
    'a lower edge where there is no band',
    { 'error-rate': { low: '1%' } },
    'services[0].slis.error-rate: the key low is unknown.',
  ],
  [
    'a number without a unit',
    { cpu: { warning: 0.7 } },
    'services[0].slis.cpu.warning: 0.7 is of the wrong type. Expected: A percentage such as 70% or 0.05%.',
  ],
  [
    'a share in other words',
    { cpu: { warning: 'high' } },
    'services[0].slis.cpu.warning: "high" must be a number with its unit, %. Expected: A percentage such as 70% or 0.05%.',
  ],
  [
    'more than the whole',
    { cpu: { critical: '120%' } },
    'slis.cpu.critical: "120%" must be at most 100%: the indicator is a share of a whole.',
  ],
  [
    'a latency without a unit',
    { 'latency-p95': { warning: '150' } },
    'slis.latency-p95.warning: "150" must be a duration above 0, such as 150ms or 1.5s.',
  ],
  [
    'a fall of more than all',
    { requests: { down: { critical: '150%' } } },
    'must be at most 100%: traffic cannot fall by more than all of it',
  ],
  [
    'a warning below the target of the guide',
    { 'latency-p95': { warning: '50ms' } },
    'services[0].slis.latency-p95.warning: target (100ms, of guide 004) must be below warning (50ms) or equal to it. Higher is worse here: target, warning and critical rise.',
  ],
  [
    'a critical at the warning',
    { 'latency-p95': { critical: '150ms' } },
    'slis.latency-p95.critical: warning (150ms, of guide 004) must be below critical (150ms).',
  ],
  [
    'limits of the cache in the wrong direction',
    { 'cache-hits': { target: '80%' } },
    'slis.cache-hits.target: warning (90%, of guide 004) must be below target (80%) or equal to it. Lower is worse here: target, warning and critical fall.',
  ],
  [
    'a band that ends before it begins',
    { memory: { low: '75%' } },
    'slis.memory.low: low (75%) must be below target (70%, of guide 004).',
  ],
  [
    'a rise that is critical before it warns',
    { requests: { up: { warning: '200%' } } },
    'slis.requests.up.warning: warning (200%) must be below critical (100%, of guide 004).',
  ],
  [
    'an environment that breaks the order of the service',
    { cpu: { warning: '75%', environments: { staging: { target: '80%' } } } },
    'slis.cpu.environments.staging.target: target (80%) must be below warning (75%, of the service) or equal to it.',
  ],
  [
    'an environment that does not exist',
    { cpu: { environments: { stagng: { target: '65%' } } } },
    'services[0].slis.cpu.environments: the environment stagng does not exist. Did you mean staging?',
  ],
  [
    'a gauge that is not there',
    { cpu: { gauge: 'cpus' } },
    'slis.cpu.gauge: fraiseql-api has no gauge cpus in its metrics. Did you mean cpu?',
  ],
  [
    'a gauge that is no share',
    { connections: { gauge: 'connections' } },
    'slis.connections.gauge: the gauge connections is a number of count, and the indicator is a share. Give the gauge a limit, or the unit ratio.',
  ],
  [
    'half of a pair',
    { 'cache-hits': { hits: series } },
    'slis.cache-hits.hits: hits needs misses beside it: the indicator is a share of both. Add misses: {metric: …}.',
  ],
  [
    'the other half of a pair',
    { 'disk-io-wait': { all: series } },
    'slis.disk-io-wait.all: all needs waited beside it',
  ],
  [
    'two bindings',
    { cpu: { gauge: 'cpu', used: series, limit: series } },
    'slis.cpu.gauge: the indicator has both a gauge and series of its own. Keep gauge, or used and limit.',
  ],
  [
    'no metric',
    { 'cache-hits': { hits: { metric: 'a b' }, misses: series } },
    'must be a Prometheus metric name',
  ],
])('refused: %s', (_name, slis, said) => {
  const found = problems(slis);
  expect(found).toHaveLength(1);
  if (typeof said === 'string') expect(found[0]).toContain(said);
  else expect(found[0]).toMatch(said);
});

test('what the service got wrong is said once, not again for each environment', () => {
  const found = problems({
    cpu: { warning: '50%', environments: { staging: { low: '10%' }, production: { low: '20%' } } },
  });
  expect(found).toHaveLength(1);
  expect(found[0]).toContain('slis.cpu.warning');
});
