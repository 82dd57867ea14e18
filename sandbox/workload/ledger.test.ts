import { expect, test } from 'vitest';
import { Ledger } from './ledger';

const key = {
  cluster: 'us-east-1',
  namespace: 'fraiseql',
  service: 'fraiseql-api',
  version: '1.8.0',
  pod: 'a',
};
const START = 1_795_240_000_000;

test('requests are summed by second and pod', () => {
  const ledger = new Ledger();
  ledger.record(START + 100, key, false, 0.02);
  ledger.record(START + 900, key, true, 0.03);
  ledger.record(START + 1000, key, false, 0.5);
  ledger.record(START, { ...key, pod: 'b', version: '2.0.0' }, true, 1);
  const rows = ledger.rows({ pod: 'a' });
  expect(rows.map(({ second, requests, failures }) => [second - START / 1000, requests, failures])).toEqual([
    [0, 2, 1],
    [1, 1, 0],
  ]);
  expect(rows[0]?.latencySumSeconds).toBeCloseTo(0.05);
  expect(ledger.totals({ version: '2.0.0' })).toEqual([
    { ...key, pod: 'b', version: '2.0.0', requests: 1, failures: 1, latencySumSeconds: 1 },
  ]);
});

test('a range begins with its first second and ends before its last', () => {
  const ledger = new Ledger();
  for (let second = 0; second < 10; second++) ledger.record(START + second * 1000, key, false, 0);
  const from = START / 1000 + 2;
  expect(ledger.totals({ from, to: from + 3 }).map(({ requests }) => requests)).toEqual([3]);
});

test('what is older than two hours is forgotten', () => {
  const ledger = new Ledger();
  ledger.record(START, key, false, 0);
  ledger.record(START + 7_300_000, { ...key, pod: 'b' }, false, 0);
  ledger.forget(START + 7_300_000);
  expect(ledger.totals().map(({ pod }) => pod)).toEqual(['b']);
});
