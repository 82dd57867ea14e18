// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { NavigationCount } from '@/components/shell/sidebar';
import type { ApprovalsView } from '@/lib/change/contract';
import { ApprovalsScreen } from './approvals-screen';

afterEach(cleanup);

const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const back = (id: string, dueAt: string, refusal: string | null): ApprovalsView['toReview'][number] => ({
  id,
  kind: 'deploy',
  service: 'api',
  serviceName: 'API',
  environment: 'production',
  region: 'us-east-1',
  title: `Deploy API 1 → ${id}`,
  fromVersion: '1',
  toVersion: '2',
  state: 'BackedOut',
  stateSince: ago(30),
  backingOut: true,
  sentence: 'It went back.',
  requesterName: 'Sam Reyes',
  createdAt: ago(31),
  finishedAt: ago(30),
  expiresAt: null,
  signed: 2,
  needed: 2,
  stepsDone: 1,
  stepsAll: 3,
  dueAt,
  isOverdue: Date.parse(dueAt) <= Date.now(),
  orderedBy: 'Sam Reyes',
  refusal,
});

it('tells a review that is overdue from one that is due, with how long', () => {
  const client = new QueryClient();
  const view: ApprovalsView = {
    yours: [],
    requested: [],
    toReview: [
      back('c-7', ago(50), null),
      back('c-8', ago(-5.5), 'You ordered it back: another lead has to review it.'),
    ],
    lastDecided: [],
  };
  client.setQueryData(['approvals'], view);
  render(
    <QueryClientProvider client={client}>
      <ApprovalsScreen />
    </QueryClientProvider>,
  );
  const row = (title: string) => screen.getByRole('link', { name: title }).closest('li') ?? document.body;
  const late = row('Deploy API 1 → c-7');
  expect(late.textContent).toMatch(/Review overdue for 2 d/);
  expect(within(late).getByText(/Review overdue/).parentElement?.className).toContain('text-crit');
  expect(late.textContent).toContain('waits for you');
  const soon = row('Deploy API 1 → c-8');
  expect(soon.textContent).toMatch(/Review due in 5 h/);
  expect(within(soon).getByText(/Review due in/).parentElement?.className).toContain('text-hold');
  expect(soon.textContent).toContain('another lead has to review it');
});

it('counts what is overdue beside what waits, in words too', () => {
  const { container, rerender } = render(<NavigationCount kind="approvals" count={3} overdue={0} />);
  expect(container.textContent).toBe('3await you');
  expect(container.querySelector('svg')?.getAttribute('class')).toContain('text-hold');
  rerender(<NavigationCount kind="approvals" count={3} overdue={2} />);
  expect(container.textContent).toBe('3await you, 2 overdue');
  expect(container.querySelector('svg')?.getAttribute('class')).toContain('text-crit');
  rerender(<NavigationCount kind="running" count={1} overdue={2} />);
  expect(container.textContent).toBe('1running');
});
