import { expect, test } from 'vitest';
import { Poll } from './poll';

/** A poll of a counter; `reads` tells how often it was read. */
function counting(idleMs: number, intervalMs = 5) {
  let reads = 0;
  const poll = new Poll<number>({ name: 'counter', intervalMs, idleMs, read: async () => ++reads });
  return { poll, reads: () => reads };
}

/** Until nothing was read for longer than the longest pause: the poll was left alone. */
async function asleep(reads: () => number): Promise<void> {
  for (let before = -1; before !== reads(); ) {
    before = reads();
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('after a time without readers the first one gets a value read now, not the old one', async () => {
  const { poll, reads } = counting(100);
  await poll.get(1000);
  await asleep(reads);
  const before = reads();
  expect(await poll.get(1000)).toBe(before + 1);
  poll.close();
});

test('while somebody reads, the value at hand is given without a new read', async () => {
  const { poll, reads } = counting(60_000, 60_000);
  expect([await poll.get(1000), await poll.get(1000), poll.peek(), reads()]).toEqual([1, 1, 1, 1]);
  poll.close();
});

test('a source that hangs when the first reader is back does not hold the last value back', async () => {
  let hang = false;
  let reads = 0;
  const poll = new Poll<number>({
    name: 'hanging',
    intervalMs: 5,
    idleMs: 100,
    read: async () => (hang ? new Promise<number>(() => {}) : ++reads),
  });
  await poll.get(1000);
  await asleep(() => reads);
  hang = true;
  expect(await poll.get(50)).toBe(reads);
  poll.close();
});
