// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { changeQuery } from '@/lib/change/client';
import type { ChangeState } from '@/lib/change/model';
import { ChangeScreen } from './change-screen';
import { testView } from './test-view';

beforeEach(() => vi.stubGlobal('fetch', () => new Promise(() => undefined)));
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(state: ChangeState) {
  const view = testView(state);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } });
  client.setQueryData(changeQuery(view.change.id).queryKey, view);
  render(
    <QueryClientProvider client={client}>
      <ChangeScreen id={view.change.id} />
    </QueryClientProvider>,
  );
}
const again = () => screen.queryByRole('link', { name: 'Plan it again…' });

it.each(['Rejected', 'Voided', 'Expired', 'Cancelled'] as const)(
  'a change that ended as %s offers the form with what was asked for',
  (state) => {
    show(state);
    const url = new URL(again()?.getAttribute('href') ?? '', 'http://console');
    expect(url.pathname).toBe('/changes/new/deploy');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      service: 'architect-api',
      version: 'v3.2.0',
    });
  },
);

it.each(['InReview', 'Running', 'Succeeded', 'BackedOut'] as const)('one that is %s does not', (state) => {
  show(state);
  expect(again()).toBeNull();
});
