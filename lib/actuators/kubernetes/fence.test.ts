import { expect, test } from 'vitest';
import { compareFence, FENCE_ANNOTATION, readFence, writeFence } from './fence';
import { deploymentPatch, impersonate } from './write';

test('a fence survives being written and read', () => {
  expect(readFence({ [FENCE_ANNOTATION]: writeFence({ change: 12, epoch: 3 }) })).toEqual({
    change: 12,
    epoch: 3,
  });
  expect(readFence({ [FENCE_ANNOTATION]: 'nonsense' })).toBe(null);
});

const ours = { change: 5, epoch: 2 };
test.each([
  [null, 'free'],
  [{ change: 5, epoch: 1 }, 'ours'],
  [{ change: 5, epoch: 2 }, 'ours'],
  [{ change: 5, epoch: 3 }, 'newer'],
  [{ change: 4, epoch: 9 }, 'foreign'],
] as const)('%o against ours is %s', (live, expected) => expect(compareFence(live, ours)).toBe(expected));

test('the patch carries version check and fence on metadata only', () => {
  const write = {
    ref: { namespace: 'a', name: 'b' },
    spec: { paused: true },
    resourceVersion: '77',
    fence: ours,
    onBehalfOf: { user: 'sam@example.com', attempt: 'c-5/1' },
  };
  expect(deploymentPatch(write)).toEqual({
    metadata: { resourceVersion: '77', annotations: { 'signalbox.dev/fence': 'c-5/2' } },
    spec: { paused: true },
  });
});

test('names outside ASCII and line breaks cannot leave their header', () => {
  const headers = impersonate({ user: 'Ä\r\nX: y', attempt: 'c-1' });
  expect(headers['impersonate-user']).toBe('%C3%84%0D%0AX:%20y');
});
