import { expect, test } from 'vitest';
import { sliConfig } from './sli/testing/answers';
import { gaugeThresholds, levelLines, levelsOf } from './thresholds';

const serviceWith = (slis: object) => {
  const [service] = sliConfig('http://127.0.0.1:9', slis).services;
  if (service === undefined) throw new Error('The service is gone.');
  return service;
};

test('charts and figures have the limits that hold for the service there', () => {
  const service = serviceWith({
    'latency-p95': { warning: '200ms', environments: { production: { critical: '1s' } } },
  });
  expect(levelsOf(service, 'latency-p95', 'production')).toEqual({ target: 0.1, warning: 0.2, critical: 1 });
  expect(levelLines(service, 'error-rate', 'production')).toEqual([
    { value: 0.0001, label: 'Target', severity: 'target' },
    { value: 0.0005, label: 'Warning', severity: 'warn' },
    { value: 0.001, label: 'Critical', severity: 'crit' },
  ]);
});

test('a gauge has the limits of the indicator that is read from it', () => {
  const values = (service: ReturnType<typeof serviceWith>, gauge: string) =>
    gaugeThresholds(service, gauge, 'ratio', 'production').map(({ value }) => value);
  const plain = serviceWith({});
  expect(values(plain, 'memory')).toEqual([0.7, 0.8, 0.9]);
  expect(values(plain, 'something-else')).toEqual([]);
  expect(gaugeThresholds(plain, 'memory', 'bytes', 'production')).toEqual([]);
  const bound = serviceWith({ cpu: { gauge: 'memory' }, memory: { gauge: 'cpu' } });
  expect([values(bound, 'memory'), values(bound, 'cpu')]).toEqual([
    [0.6, 0.7, 0.85],
    [0.7, 0.8, 0.9],
  ]);
});
