// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import { ChangesScreen } from './changes-screen';
import { testView } from './test-view';

let asked: string[] = [];
let changes: unknown[] = [];

beforeEach(() => {
  asked = [];
  changes = [];
  vi.stubGlobal('fetch', async (url: string) => {
    if (!/\/changes\?/.test(url)) return new Promise<Response>(() => undefined);
    asked.push(url);
    return new Response(JSON.stringify({ changes, next: null }));
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const show = (filter: Parameters<typeof ChangesScreen>[0]['filter']) =>
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <EnvironmentProvider environment="production">
        <ChangesScreen filter={filter} days="30" services={[{ id: 'api', name: 'API' }]} />
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
const linkIn = (label: string, name: string) =>
  within(screen.getByRole('navigation', { name: label })).getByRole('link', { name });

it('asks the server for what the address says, and each choice keeps the others', async () => {
  show({ service: 'api', kind: 'deploy', before: 'c-9' });
  expect(await screen.findByText('No changes match')).toBeDefined();
  expect(asked).toEqual(['/api/v1/changes?service=api&kind=deploy&before=c-9']);
  expect(linkIn('Outcome', 'Backed out').getAttribute('href')).toBe(
    '/changes?service=api&kind=deploy&outcome=backed-out',
  );
  expect(linkIn('Kind', 'All kinds').getAttribute('href')).toBe('/changes?service=api');
  expect(linkIn('Kind', 'Deploy').getAttribute('aria-current')).toBe('true');
  expect(screen.getByRole('link', { name: 'Show all of them' }).getAttribute('href')).toBe('/changes');
});

it('shows a change of several regions with all of them', async () => {
  const { change } = testView('Succeeded');
  changes = [{ ...change, regions: ['us-east-1', 'eu-west-1'] }];
  show({});
  expect(await screen.findByText('us-east-1, eu-west-1')).toBeDefined();
});
