import { expect, test } from 'vitest';
import { Pace } from './budget';

const paceAt = (at: { ms: number }) => new Pace({ connections: 1, perSecond: 10, burst: 2 }, () => at.ms);

test('after the burst each call has its turn, and a pause fills the bucket no further than the burst', () => {
  const at = { ms: 0 };
  const pace = paceAt(at);
  expect([pace.take(), pace.take(), pace.take(), pace.take()]).toEqual([0, 0, 100, 200]);
  at.ms = 60_000;
  expect([pace.take(), pace.take(), pace.take()]).toEqual([0, 0, 100]);
});

test('what the server asks for is kept until it is over; a shorter wish does not shorten it', () => {
  const at = { ms: 1_000 };
  const pace = paceAt(at);
  expect(pace.closedSeconds()).toBe(0);
  pace.close(5);
  pace.close(1);
  at.ms = 4_000;
  expect(pace.closedSeconds()).toBe(2);
  at.ms = 6_000;
  expect(pace.closedSeconds()).toBe(0);
});
