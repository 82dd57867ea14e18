// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import type { MonthList } from '@/lib/slo/report/contract';
import { ReportsScreen } from './reports-screen';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const open = {
  state: 'running' as const,
  frozenAt: null,
  hash: null,
  met: null,
  judged: null,
  objectives: null,
  coverage: null,
  corrections: 0,
};
const list: MonthList = {
  environment: 'production',
  timeZone: 'Europe/Berlin',
  months: [
    { ...open, month: '2026-11' },
    {
      month: '2026-10',
      state: 'frozen',
      frozenAt: '2026-11-01T01:00:00.000Z',
      hash: 'ab'.repeat(32),
      met: 5,
      judged: 6,
      objectives: 7,
      coverage: 0.322,
      corrections: 2,
    },
  ],
};

function show(...bodies: unknown[]) {
  let asked = 0;
  vi.stubGlobal('fetch', async () => {
    const body = bodies[Math.min(asked, bodies.length - 1)];
    asked += 1;
    if (body === undefined) return new Promise<Response>(() => undefined);
    const isProblem = typeof body === 'object' && body !== null && 'detail' in body;
    return new Response(JSON.stringify(body), { status: isProblem ? 503 : 200 });
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <EnvironmentProvider environment="production">
        <ReportsScreen />
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
  return queries;
}

it('lists months with how final they are, what they say and their files', async () => {
  show(list);
  const rows = within(await screen.findByRole('table', { name: /^Monthly reports/ })).getAllByRole('row');
  const [, running, frozen] = rows.map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' '));
  expect(running).toBe('November 2026So farin the report–0CSVJSON');
  expect(frozen).toBe('October 2026Frozen2026-11-01 02:00 Europe/Berlin5 of 61 not judged32.2 %2CSVJSON');
  expect(screen.getByText(/months of Europe\/Berlin/)).toBeDefined();
  expect(screen.getByRole('link', { name: 'October 2026' }).getAttribute('href')).toBe('/reports/2026-10');
  expect(screen.getByRole('link', { name: 'October 2026 as CSV' }).getAttribute('href')).toBe(
    '/api/v1/reports/2026-10?environment=production&format=csv',
  );
});

it('says what an empty list waits for, shows a shape on its way, and why there is none', async () => {
  show({ ...list, months: [] });
  expect(await screen.findByText('No reports')).toBeDefined();
  cleanup();
  show(undefined);
  expect(screen.getByRole('status', { name: 'Loading monthly reports' })).toBeDefined();
  cleanup();
  show({ status: 503, title: 'Gone', detail: 'The database does not answer.', code: 'unavailable' });
  expect(await screen.findByText('The database does not answer.')).toBeDefined();
});

it('keeps the months that it has read when the next reading fails', async () => {
  const queries = show(list, {
    status: 503,
    title: 'Gone',
    detail: 'It does not answer.',
    code: 'unavailable',
  });
  await screen.findByRole('link', { name: 'October 2026' });
  await queries.invalidateQueries();
  expect(await screen.findByText('It does not answer.')).toBeDefined();
  expect(screen.getByRole('link', { name: 'October 2026' })).toBeDefined();
});
