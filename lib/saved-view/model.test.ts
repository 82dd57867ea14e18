import { describe, expect, test } from 'vitest';
import { ChangeView, SaveView } from './contract';
import { canonicalQuery, VIEW_NAME_MAX, VIEW_QUERY_MAX, viewParts } from './model';

describe('the query of a view', () => {
  test.each([
    ['group=service&state=exhausted,healthy', 'state=exhausted%2Chealthy&group=service'],
    ['?text=a+b%26c&sort=', 'text=a+b%26c'],
    ['', ''],
  ])('%j is spelled %j', (text, query) => expect(canonicalQuery('slos', text)).toEqual({ query }));

  test('is the same however its parts were ordered', () => {
    const parts = viewParts.slos.map((name) => [name, `${name} value`]);
    const spelled = canonicalQuery('slos', new URLSearchParams(parts).toString());
    expect(canonicalQuery('slos', new URLSearchParams(parts.toReversed()).toString())).toEqual(spelled);
    expect('query' in spelled && new URLSearchParams(spelled.query).size).toBe(viewParts.slos.length);
  });

  test.each([
    ['unknown=1', /"unknown"/],
    ['__proto__=1', /"__proto__"/],
    ['state=a&state=b', /twice/],
    [`text=${'é'.repeat(VIEW_QUERY_MAX / 2)}`, /longer than/],
  ])('%.20s is refused with the reason', (text, problem) => {
    expect(canonicalQuery('slos', text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

test.each([
  ['', false],
  ['   ', false],
  ['Mine', true],
  ['Überblick 🚀', true],
  ['two\nlines', false],
  ['bell\u0007', false],
  ['right\u202eleft', false],
  ['x'.repeat(VIEW_NAME_MAX), true],
  ['x'.repeat(VIEW_NAME_MAX + 1), false],
  [7, false],
])('the name %j is taken: %s', (name, taken) => {
  expect(SaveView.safeParse({ page: 'slos', name, query: '' }).success).toBe(taken);
  expect(ChangeView.safeParse({ name }).success).toBe(taken);
});

test('a view is of a page that has views, and has no fields of its own', () => {
  expect(SaveView.safeParse({ page: 'audit', name: 'a', query: '' }).success).toBe(false);
  expect(SaveView.safeParse({ page: 'slos', name: 'a', query: '', personId: 'b' }).success).toBe(false);
  expect(SaveView.parse({ page: 'slos', name: ' a ', query: '' })).toEqual({
    page: 'slos',
    name: 'a',
    query: '',
    shared: false,
  });
});
