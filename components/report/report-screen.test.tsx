// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import type { MonthReport } from '@/lib/slo/report/contract';
import { line } from '@/lib/slo/report/testing/lines';
import { ReportScreen } from './report-screen';
import { month, spentLine, testReport } from './testing/report';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const problem = {
  status: 503,
  title: 'The database is gone',
  detail: 'The database does not answer.',
  code: 'unavailable',
};

/** Draws the page; each answer is given once, the last one again and again. */
function show(...answers: (MonthReport | typeof problem | undefined)[]) {
  const sent: unknown[] = [];
  let asked = 0;
  vi.stubGlobal('fetch', async (_url: string, init?: RequestInit) => {
    if (init?.method === 'POST') sent.push(JSON.parse(String(init.body)));
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer === undefined) return new Promise<Response>(() => undefined);
    return new Response(JSON.stringify(answer), { status: 'detail' in answer ? 503 : 200 });
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <EnvironmentProvider environment="production">
        <ReportScreen month={month} />
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
  return { sent, queries, user: userEvent.setup() };
}

const table = async (name: RegExp) => {
  const rows = within(await screen.findByRole('table', { name })).getAllByRole('row');
  return rows.slice(1).map((row) => (row.textContent ?? '').replaceAll('\u00a0', ' '));
};

it('shows a shape on its way, and why there is none', async () => {
  show(undefined);
  expect(screen.getByRole('status', { name: 'Loading the report' })).toBeDefined();
  cleanup();
  show(problem);
  expect(await screen.findByText('The database does not answer.')).toBeDefined();
});

it('tells a frozen month in sentences and figures, with its hash and its method', async () => {
  show(testReport());
  expect((await screen.findByTestId('report-state')).textContent).toBe('Frozen');
  expect(screen.getByRole('heading', { level: 1, name: 'Objectives in October 2026' })).toBeDefined();
  expect(screen.getByText(/these figures never change/).textContent).toContain('2026-11-01 02:00 UTC');
  expect(screen.getByText(/^SHA-256 abab/)).toBeDefined();
  expect(screen.getByText(/1 of 1 objective that can be judged in production was met/)).toBeDefined();
  const [spent, silent] = await table(/^Objectives with target/);
  expect(spent).toMatch(
    /Met99\.977 %99\.95 %22\.32 min4,464 failures10 min2,00044\.8 %12\.32 min2,464100 %counted$/,
  );
  expect(silent).toMatch(/No data–99\.95 %22\.32 min–––0 %nothing counted$/);
  expect(await table(/^What spent each budget/)).toEqual(['Availability5 min1,0005 min1,00010 min2,000']);
  expect((await table(/^Changes and other causes/))[0]).toMatch(
    /^2026-10-02 00:00Deploy 2\.0\.1 c-12Change, Sam ReyesAvailability22\.4 %/,
  );
  expect(screen.getByText(/^A month runs from its first midnight/)).toBeDefined();
  const file = (name: string) => screen.getByRole('link', { name }).getAttribute('href');
  expect(file('CSV')).toBe('/api/v1/reports/2026-10?environment=production&format=csv');
  expect(file('JSON')).toBe('/api/v1/reports/2026-10?environment=production&format=json');
});

it('shows what runs as so far, and what waits as not closed, never as frozen', async () => {
  show(testReport({ state: 'running', frozenAt: null, hash: null }));
  expect((await screen.findByTestId('report-state')).textContent).toBe('So far');
  expect(screen.getByText(/these figures still change/)).toBeDefined();
  expect(screen.queryByRole('heading', { name: 'Corrections' })).toBeNull();
  cleanup();
  show(testReport({ state: 'closing', frozenAt: null, hash: null, waiting: ['Mail: 1 h is missing.'] }));
  expect((await screen.findByTestId('report-state')).textContent).toBe('Not closed yet');
  expect(screen.getByText(/Mail: 1 h is missing/)).toBeDefined();
});

it('says so when nothing was recorded, and when nothing was spent', async () => {
  show(testReport({}, []));
  expect(await screen.findByText('No objectives')).toBeDefined();
  expect(screen.getByText('Nothing was spent')).toBeDefined();
  expect(screen.getByText('No cost has a known cause')).toBeDefined();
  expect(screen.getByText('No corrections')).toBeDefined();
});

it('keeps what it has read when the next reading fails', async () => {
  const { queries } = show(testReport(), problem);
  await screen.findByTestId('report-state');
  await queries.invalidateQueries();
  expect(await screen.findByText(/^The report as read/)).toBeDefined();
  expect(screen.getByText('Deploy 2.0.1')).toBeDefined();
});

it('tells the lines of an edited objective apart, and what was excluded', async () => {
  const excluded = [
    { from: Date.parse(spentLine.from) / 1000, to: Date.parse(spentLine.from) / 1000 + 7200 },
  ];
  const earlier = { ...spentLine, definition: 'old', isEarlier: true, notes: ['Known to both.'] };
  const without = line({
    month,
    excluded,
    exclusions: [{ reason: 'Move of the racks', by: 'Dana', seconds: 7200 }],
  });
  show(testReport({}, [earlier, { ...without, notes: ['Known to both.'] }]));
  expect((await table(/^Objectives with target/))[0]).toMatch(/Shop API, Team Shop, before it was edited/);
  expect(screen.getByText('Excluded: Move of the racks (2 h, Dana)')).toBeDefined();
  expect(screen.getByRole('heading', { name: 'All objectives' })).toBeDefined();
  expect(screen.getAllByText('Known to both.')).toHaveLength(1);
  expect(screen.getByText(/^2 h are excluded\. Without exclusions: 100\.000/)).toBeDefined();
});

it('lets a lead write a correction, and names what is wrong with the form', async () => {
  const { sent, user } = show(testReport({ mayCorrect: true }));
  await user.click(await screen.findByText('Add a correction'));
  await user.click(screen.getByRole('button', { name: 'Add correction' }));
  expect(screen.getByText(/which figure is wrong/)).toBeDefined();
  expect(sent).toEqual([]);
  await user.type(screen.getByLabelText('What is corrected'), 'Load test');
  await user.type(screen.getByLabelText('Failures to add (optional)'), 'many');
  await user.type(screen.getByLabelText('Why'), 'It was ours.');
  expect(screen.getByText('Write a number such as -120.')).toBeDefined();
  await user.clear(screen.getByLabelText('Failures to add (optional)'));
  await user.type(screen.getByLabelText('Failures to add (optional)'), '-120');
  await user.type(screen.getByLabelText('Minutes to add (optional)'), '−1,5');
  await user.click(screen.getByRole('button', { name: 'Add correction' }));
  expect(sent).toEqual([
    {
      environment: 'production',
      objective: 'shop-availability',
      definition: 'abc',
      what: 'Load test',
      why: 'It was ours.',
      failures: -120,
      seconds: -90,
    },
  ]);
});

it('shows corrections with who and why beside the frozen figure, and hides the form from others', async () => {
  const correction = {
    id: '7c1e0f0a-6f3b-4f7e-9a43-2f6f0c6a5d11',
    objective: 'shop-availability',
    definition: 'abc',
    what: 'Load test',
    why: 'It was ours.',
    failures: -120,
    seconds: null,
    by: 'Dana Novak',
    at: '2026-11-03T10:00:00.000Z',
  };
  const corrected = [
    {
      objective: 'shop-availability',
      definition: 'abc',
      failures: 1880,
      seconds: 600,
      isMet: true,
      count: 1,
    },
  ];
  show(testReport({ corrections: [correction], corrected }));
  expect(await screen.findByText('It was ours.')).toBeDefined();
  expect(screen.getByText(/^Dana Novak/)).toBeDefined();
  expect(screen.getByText('−120 failures')).toBeDefined();
  const [spent] = await table(/^Objectives with target/);
  expect(spent).toMatch(/10 min2,000corrected: 10 min1,880, met/);
  expect(screen.queryByText('Add a correction')).toBeNull();
});
