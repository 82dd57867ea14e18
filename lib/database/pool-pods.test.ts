import { expect, test } from 'vitest';
import { missing } from '@/lib/core/reading';
import { at, bySelector, objects, selects } from '@/lib/service/testing/pair';
import { podsWithPools } from './pool-pods';

const observedAt = at.toISOString();

test('the pods of both colours hold connections, whichever takes the requests', () => {
  const both = objects(selects('green'), { blue: 4, green: 3 });
  expect(podsWithPools(bySelector, both)).toEqual({ state: 'fresh', value: 7, observedAt });
});

test('which colour takes the requests need not be known for that', () => {
  const unknown = objects(missing('unreachable', 'The router cannot be read.'), { blue: 4, green: 3 });
  expect(podsWithPools(bySelector, unknown)).toMatchObject({ value: 7 });
});

test('without a pair they are those of the Deployment', () => {
  const single = { ...bySelector, pair: undefined };
  expect(podsWithPools(single, objects(missing('not-configured'), { blue: 4 }))).toMatchObject({ value: 4 });
});

test('a cluster that cannot be read is unknown, and not no pods', () => {
  const away = objects(selects('green'), {}, { pods: missing('unreachable', 'Away.') });
  expect(podsWithPools(bySelector, away)).toMatchObject({ state: 'missing', reason: 'unreachable' });
});
