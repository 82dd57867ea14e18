// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import type { RequestPlan, RevisionList } from '@/lib/change/contract';
import { withWayBack } from './plan-form';
import { RevisionField } from './revision-field';

afterEach(cleanup);

const place = { service: 'api', environment: 'production', region: 'us-east-1' };
const revision = (version: string, more: object = {}) => ({
  replicaSet: `api-${version}`,
  revision: version,
  version,
  image: `r/api:${version}`,
  createdAt: '2026-11-20T10:00:00.000Z',
  isCurrent: false,
  isLastKnownGood: false,
  grade: null,
  why: null,
  since: null,
  ...more,
});
const good = {
  isLastKnownGood: true,
  grade: 'good' as const,
  why: 'c-4 brought it and its watch ended well',
  since: '2026-11-20T14:03:00.000Z',
};
const list = (
  lastKnownGood: RevisionList['lastKnownGood'],
  ...revisions: ReturnType<typeof revision>[]
): RevisionList => ({
  revisions: { state: 'fresh', value: revisions, observedAt: '2026-11-22T10:00:00.000Z' },
  lastKnownGood,
});

function show(data: RevisionList, value: Extract<RequestPlan, { kind: 'rollback' }>, hasPair = false) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const { service, environment, region } = place;
  client.setQueryData(['revisions', service, { environment, region }], data);
  const asked: RequestPlan[] = [];
  render(
    <QueryClientProvider client={client}>
      <RevisionField value={value} onChange={(next) => asked.push(next)} hasPair={hasPair} />
    </QueryClientProvider>,
  );
  return { asked, user: userEvent.setup() };
}
const options = () => [...screen.getByLabelText('Back to').querySelectorAll('option')].map((one) => one.text);
const known = { replicaSet: 'api-2', sentence: 'The last known good is 2.', next: null };
const some = [
  revision('3', { isCurrent: true, grade: 'worse' }),
  revision('2', good),
  revision('1', { grade: 'went-back', why: 'c-2 brought it and went back' }),
];

it('has the last known good chosen, with why and since when, and says of others what is known', async () => {
  const { asked, user } = show(list(known, ...some, revision('0')), {
    kind: 'rollback',
    ...place,
    lastKnownGood: true,
  });
  expect(options().slice(1)).toEqual([
    'Last known good: 2 · api-2',
    '3 · worse than before · revision 3 · 11-20 10:00 · runs now',
    '2 · known good · revision 2 · 11-20 10:00 · api-2',
    '1 · went back · revision 1 · 11-20 10:00 · api-1',
    '0 · never judged by this console · revision 0 · 11-20 10:00 · api-0',
  ]);
  expect(screen.getByRole<HTMLOptionElement>('option', { name: /^Last known good/ }).selected).toBe(true);
  expect(
    screen.getByText(/c-4 brought it and its watch ended well, since 11-20 14:03\./).textContent,
  ).toContain('known good');
  await user.selectOptions(screen.getByLabelText('Back to'), 'api-1');
  expect(asked.at(-1)).toEqual({ kind: 'rollback', ...place, replicaSet: 'api-1' });
});

it('says of a revision that is chosen by name why it is not known to be good, and leads back', async () => {
  const { asked, user } = show(list(known, ...some), { kind: 'rollback', ...place, replicaSet: 'api-1' });
  expect(screen.getByText(/c-2 brought it and went back/).textContent).toContain('went back');
  await user.selectOptions(screen.getByLabelText('Back to'), 'Last known good: 2 · api-2');
  expect(asked.at(-1)).toEqual({ kind: 'rollback', ...place, lastKnownGood: true });
});

it('says that nothing is known to be good, and what to do', () => {
  show(list({ replicaSet: null, sentence: 'No earlier revision is known.', next: 'Choose one by name.' }), {
    kind: 'rollback',
    ...place,
    lastKnownGood: true,
  });
  expect(options()[1]).toBe('Last known good: none to go back to');
  expect(screen.getByRole('status').textContent).toBe('No earlier revision is known. Choose one by name.');
});

it('with a pair there is no last known good among the revisions', () => {
  show(list(null, ...some), { kind: 'rollback', ...place, replicaSet: '' }, true);
  expect(options().some((text) => text.startsWith('Last known good'))).toBe(false);
});

it('a form that nothing is said of goes back to the other colour of a pair, or else to the last known good', () => {
  const at = (traffic: 'service' | null) => ({
    services: [
      { id: 'api', name: 'API', placements: [{ environment: 'production', region: 'us-east-1', traffic }] },
    ],
    environments: [],
    strategies: { canary: [], gradual: [], watchSeconds: 60 },
  });
  const value: RequestPlan = { kind: 'rollback', ...place, lastKnownGood: true };
  expect(withWayBack(value, at(null))).toEqual(value);
  expect(withWayBack(value, at('service'))).toEqual({ kind: 'rollback', ...place });
});
