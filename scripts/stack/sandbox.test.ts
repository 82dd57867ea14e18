import { expect, test } from 'vitest';
import { parseLine } from './sandbox';

const ready = {
  ready: true,
  urls: {
    kubernetes: { 'us-east-1': 'https://127.0.0.1:1' },
    loki: 'http://127.0.0.1:2',
    prometheus: 'http://127.0.0.1:3',
    alertmanager: 'http://127.0.0.1:4',
    control: 'http://127.0.0.1:5',
    metrics: 'http://127.0.0.1:6',
    registry: 'http://127.0.0.1:7',
  },
  kubeconfigs: { web: '/w', worker: '/k', admin: '/a' },
};

test('progress and readiness are told apart, and other lines of the log are neither', () => {
  expect(parseLine('{"progress":"writing history"}')).toEqual({ kind: 'progress', text: 'writing history' });
  expect(parseLine(JSON.stringify(ready))).toMatchObject({
    kind: 'ready',
    ready: { kubeconfigs: { web: '/w' } },
  });
  expect(parseLine('{"level":"info","msg":"ready"}')).toBeUndefined();
  expect(parseLine('{"ready":true}')).toBeUndefined();
  expect(parseLine('{"progress":"cut')).toBeUndefined();
  expect(parseLine('Listening')).toBeUndefined();
});
