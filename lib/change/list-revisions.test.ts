import { expect, test } from 'vitest';
import { missing } from '@/lib/core/reading';
import { bySelector, byWeight, objects, selects, weighs } from '@/lib/service/testing/pair';
import { revisionsOf } from './list-revisions';

const names = (...asked: Parameters<typeof revisionsOf>) => {
  const found = revisionsOf(...asked);
  return found.state === 'missing' ? found.detail : found.value.map(({ replicaSet }) => replicaSet);
};

test('the revisions are those of the colour that takes the requests', () => {
  expect(names(bySelector, objects(selects('blue')))).toEqual(['api-1']);
  expect(names(bySelector, objects(selects('green')))).toEqual(['api-green-1']);
});

test('while both take requests, or nobody knows which does, there are none to choose from', () => {
  expect(names(byWeight, objects(weighs(90, 10)))).toMatch(
    /^Both colours take requests \(api and api-green\)/,
  );
  expect(names(bySelector, objects(missing('unauthorised', 'HTTP 403.')))).toMatch(
    /cannot be told: HTTP 403/,
  );
});
