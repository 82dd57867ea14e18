// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { GateView } from '@/lib/slo/gate/contract';
import { GateLine } from './gate-line';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const at = '2026-11-21T14:00:00.000Z';
const one: GateView['objectives'][number] = {
  id: 'api-availability',
  name: 'API availability',
  objective: '99.95',
  window: '30 d',
  budgetLeft: 0.6,
  state: 'ok',
  coverage: 1,
  word: 'healthy',
  asOf: at,
  away: null,
  verdict: 'open',
  unknown: null,
  below: null,
  signOffs: [],
  sentence: 'API availability: 60.0 % of its error budget is left.',
};
const gate = (more: Partial<GateView> = {}): GateView => ({
  open: true,
  verdict: 'open',
  basis: 'budget',
  service: 'api',
  serviceName: 'API',
  environment: 'production',
  action: 'deploy',
  policy: 'production',
  usualSignOffs: ['engineering_lead'],
  signOffs: [],
  sentence: one.sentence,
  reason: one.sentence,
  next: null,
  objectives: [one],
  at,
  href: '/slos/api-availability',
  ...more,
});

function show(body: object, status = 200) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return new Response(JSON.stringify(body), { status });
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <GateLine service="api" environment="production" />
    </QueryClientProvider>,
  );
  return asked;
}

it('says that the gate is open and on which figure, which are behind the line', async () => {
  const asked = show(gate());
  const line = await screen.findByText('Deploy gate open.');
  expect(asked).toEqual(['/api/v1/services/api/gate?environment=production']);
  expect(line.closest('summary')?.textContent).toContain('60.0 % of its error budget is left.');
  await userEvent.setup().click(line);
  expect(screen.getByRole('link', { name: 'API availability' }).getAttribute('href')).toBe(
    '/slos/api-availability',
  );
  expect(screen.getByText(/^Objective 99\.95 % over 30 d, 100\.0.% of it recorded, as of/)).toBeDefined();
});

it('counts the sign-offs that come on top and names them', async () => {
  const reason =
    'API availability: 12.0 % of its error budget is left, below the 25 % of the policy production.';
  show(gate({ open: false, verdict: 'sign-offs', signOffs: ['cto'], reason, next: 'Ask for the deploy.' }));
  expect(await screen.findByText('A deploy needs 1 more sign-off.')).toBeDefined();
  expect(screen.getByText('CTO / VP Engineering')).toBeDefined();
});

it('says that it is closed, why, and what to do', async () => {
  show(
    gate({
      open: false,
      verdict: 'closed',
      reason: 'Nothing is left.',
      next: 'Go back to a version before.',
    }),
  );
  expect(await screen.findByText('Deploy gate closed.')).toBeDefined();
  expect(screen.getByText('Nothing is left.')).toBeDefined();
  expect(screen.getByText('Go back to a version before.')).toBeDefined();
});

it('does not look healthy where an unknown budget may pass', async () => {
  show(gate({ objectives: [{ ...one, unknown: 'The recorder has stopped.' }] }));
  expect(await screen.findByText('Deploy gate open, budget not known.')).toBeDefined();
  expect(screen.queryByText('Deploy gate open.')).toBeNull();
});

it('stays quiet where no policy asks the budget, and says so when it cannot be read', async () => {
  show(
    gate({ basis: 'no-policy', policy: null, objectives: [], reason: 'No policy asks the error budget.' }),
  );
  expect(await screen.findByText('No policy asks the error budget.')).toBeDefined();
  expect(screen.queryByText('Deploy gate open.')).toBeNull();
  cleanup();
  show({ status: 503, title: 'Gone', detail: 'The database does not answer.', code: 'unavailable' }, 503);
  expect(await screen.findByText(/cannot be read: The database does not answer\./)).toBeDefined();
});
