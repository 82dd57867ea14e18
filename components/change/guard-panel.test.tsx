// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render as renderPart, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, expect, it } from 'vitest';
import { GuardPanel } from './guard-panel';
import { testView } from './test-view';

afterEach(cleanup);

function render(part: ReactElement) {
  const client = new QueryClient();
  const page = (now: ReactElement) => <QueryClientProvider client={client}>{now}</QueryClientProvider>;
  const { rerender } = renderPart(page(part));
  return { rerender: (now: ReactElement) => rerender(page(now)) };
}

it('says that nothing is judged where nothing is asked, and waits for no reading', () => {
  const view = testView('Watching');
  const { rerender } = render(<GuardPanel view={view} />);
  expect(screen.queryByText(/nothing to judge/)).toBeNull();
  const guard = { ...view.plan.guard, judges: false };
  rerender(<GuardPanel view={{ ...view, measurements: [], plan: { ...view.plan, guard } }} />);
  expect(screen.getByText(/takes no requests, so there is nothing to judge/)).toBeDefined();
  expect(screen.queryByText('Not read yet')).toBeNull();
});

it('counts every reading, and says how many are not drawn', () => {
  const view = testView('Watching');
  const reading = {
    id: '1',
    at: '2026-11-21T14:00:00.000Z',
    step: 3,
    verdict: 'PASS',
    total: 100,
    failed: 0,
    detail: null,
    region: null,
    proves: false,
    share: null,
    baselineTotal: null,
    baselineFailed: null,
  } as const;
  const all = {
    region: null,
    passed: 211,
    failed: 1,
    unjudged: 0,
    firstJudged: reading,
    lastJudged: reading,
  };
  render(<GuardPanel view={{ ...view, measurements: [reading], measured: [all] }} />);
  expect(screen.getByText('212 readings: 211 passed, 1 failed, 0 without a verdict')).toBeDefined();
  expect(screen.getByText(/The newest 1 are shown; 211 older ones/)).toBeDefined();
});
