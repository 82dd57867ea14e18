import { expect, test } from 'vitest';
import { DatabaseWatch } from './database-watch';
import { databaseAt, databaseText } from './exporters';

test('a cluster without a database of its own has figures by the clock', () => {
  const watch = new DatabaseWatch(new Map());
  expect(watch.facts('us-east-1', 'architect-api', 5000)).toEqual(databaseAt('architect-api', 5000));
});

test('a database that does not answer is down, and only pg_up says so', async () => {
  const watch = new DatabaseWatch(new Map([['us-east-1', 'postgresql://nobody@127.0.0.1:1/none']]));
  watch.start();
  await watch.stop();
  const facts = watch.facts('us-east-1', 'architect-api', 5000);
  expect(facts).toBe(null);
  expect(databaseText(facts)).toBe('# TYPE pg_up gauge\npg_up 0\n');
});
