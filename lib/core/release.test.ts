import { expect, test } from 'vitest';
import { releaseOf } from './release';

const template = (more: object = {}, metadata: object = { labels: { app: 'api' } }) => ({
  metadata,
  spec: { containers: [{ name: 'api', image: 'r/api:1', env: [{ name: 'POOL', value: '20' }], ...more }] },
});

test('image and settings are the release; hash, marks of restarts, order and nulls are not', () => {
  const release = releaseOf(template());
  expect(release).toMatch(/^[0-9a-f]{64}$/);
  const same = [
    template({}, { labels: { app: 'api', 'pod-template-hash': '7f9' }, creationTimestamp: null }),
    template({}, { labels: { app: 'api' }, annotations: { 'signalbox.dev/restart': 'p-1' } }),
    template({}, { labels: { app: 'api' }, annotations: { 'kubectl.kubernetes.io/restartedAt': 'now' } }),
    template({ command: null }),
    JSON.parse(
      '{"spec":{"containers":[{"image":"r/api:1","env":[{"value":"20","name":"POOL"}],"name":"api"}]},"metadata":{"labels":{"app":"api"},"annotations":{}}}',
    ),
  ];
  expect(same.map(releaseOf)).toEqual(same.map(() => release));
  const others = [
    template({ image: 'r/api:2' }),
    template({ env: [{ name: 'POOL', value: '40' }] }),
    template({}, { labels: { app: 'api', color: 'green' } }),
    template({}, { labels: { app: 'api' }, annotations: { team: 'a' } }),
  ].map(releaseOf);
  expect(new Set([release, ...others]).size).toBe(5);
});

test.each([undefined, null, 'x', [], {}, { spec: 1 }])('%j is no template', (value) => {
  expect(releaseOf(value)).toBe(null);
});
