// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { ExecutionLog } from './execution-log';
import { testView } from './test-view';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const line = (seq: number): ChangeView['observations'][number] => ({
  seq,
  step: 2,
  at: '2026-11-21T14:00:00.000Z',
  kind: 'act',
  sentence: `Line ${seq}`,
});

const show = (part: Partial<ChangeView>) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ExecutionLog view={{ ...testView('Running'), ...part }} />
    </QueryClientProvider>,
  );
const sentences = () =>
  within(screen.getByRole('list', { name: 'Execution log' }))
    .getAllByRole('listitem')
    .map((item) => item.lastElementChild?.textContent);

it('says nothing of older lines where there are none', () => {
  show({ observations: [line(1), line(2)] });
  expect(sentences()).toEqual(['Line 2', 'Line 1']);
  expect(screen.queryByRole('button')).toBeNull();
  expect(screen.queryByRole('link')).toBeNull();
});

it('says that it is cut, has the record beside it, and shows older lines on demand', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return Response.json({ observations: [line(2), line(1)], next: null });
  });
  show({ observations: [line(3), line(4)], olderObservations: 2 });
  expect(screen.getByText('The newest 2 of 4 lines are shown.')).toBeDefined();
  const record = screen.getByRole('link', { name: 'The whole log is in the deployment record' });
  expect(record.getAttribute('href')).toMatch(/^\/api\/v1\/changes\/c-\d+\/record\?format=text$/);
  await userEvent.setup().click(screen.getByRole('button', { name: 'Show older lines' }));
  await screen.findByText('Line 1');
  expect(sentences()).toEqual(['Line 4', 'Line 3', 'Line 2', 'Line 1']);
  expect(asked).toEqual([expect.stringMatching(/\/log\?before=3$/)]);
  expect(screen.queryByText(/The newest/)).toBeNull();
});
