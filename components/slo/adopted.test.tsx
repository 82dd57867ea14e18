// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import type { AdoptedList, AdoptedPage, AdoptedPart, AdoptedRow } from '@/lib/slo/adopted/contract';
import { AdoptedPanel } from './adopted-panel';
import { AdoptedScreen } from './adopted-screen';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const at = new Date().toISOString();
const figure = (value: number) => ({ value, why: null });
const part = (more: Partial<AdoptedPart> = {}): AdoptedPart => ({
  labels: {},
  ratio: figure(0.002),
  burn: figure(2),
  budgetLeft: figure(0.75),
  ...more,
});
const row = (more: Partial<AdoptedRow> = {}): AdoptedRow => ({
  id: '0123456789abcdef',
  tool: 'sloth',
  toolName: 'Sloth',
  name: 'orders',
  service: 'shop',
  labels: { tier: '2' },
  objective: '99.9',
  windowSeconds: 2_592_000,
  windowWords: '30 d',
  method: "mean of 5-minute ratios, by Sloth's rules",
  source: 'metrics',
  word: 'healthy',
  sentence: '75 % of its budget is left, and no alert of Sloth fires.',
  worst: part(),
  groups: [part()],
  copies: 1,
  seenAt: at,
  notes: [],
  ...more,
});
const list = (more: Partial<AdoptedList> = {}): AdoptedList => ({
  environment: 'production',
  at,
  rows: [row()],
  hidden: [],
  sources: [{ source: 'metrics', readAt: at, problem: null }],
  ...more,
});
const page = (more: Partial<AdoptedPage> = {}): AdoptedPage => ({
  environment: 'production',
  at,
  row: row(),
  source: { source: 'metrics', readAt: at, problem: null },
  firstSeenAt: at,
  configured: null,
  rules: [
    {
      name: 'slo:sli_error:ratio_rate5m',
      query: 'a / b',
      group: 'g',
      file: '/r.yml',
      labels: {},
      failure: null,
    },
  ],
  queries: ['slo:sli_error:ratio_rate5m{sloth_id="shop-orders"}'],
  proposal: { yaml: 'slos:\n  - id: shop-orders\n', notes: ['signalbox.yaml has no service shop.'] },
  ...more,
});

function show(of: 'panel' | 'page', body: unknown, status = 200) {
  vi.stubGlobal('fetch', async () =>
    body === undefined
      ? new Promise<Response>(() => undefined)
      : new Response(JSON.stringify(body), { status }),
  );
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <EnvironmentProvider environment="production">
        {of === 'panel' ? <AdoptedPanel /> : <AdoptedScreen adopted="0123456789abcdef" />}
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
}
const gone = {
  status: 503,
  title: 'The database is gone',
  detail: 'It does not answer.',
  code: 'unavailable',
};
const lines = async () =>
  within(await screen.findByRole('table'))
    .getAllByRole('row')
    .slice(1)
    .map((line) => line.textContent ?? '');

describe('the panel of adopted objectives', () => {
  it('shows that it is on its way, and an error', async () => {
    show('panel', undefined);
    expect(screen.getByRole('status', { name: 'Loading adopted objectives' })).toBeDefined();
    cleanup();
    show('panel', gone, 503);
    expect(await screen.findByText('The database is gone')).toBeDefined();
  });

  it('says that there are none, and that a server is not read yet', async () => {
    show('panel', list({ rows: [], sources: [{ source: 'metrics', readAt: null, problem: null }] }));
    expect(await screen.findByText('No objectives of other tools')).toBeDefined();
    expect(screen.getByText(/metrics has not been looked through yet/)).toBeDefined();
  });

  it('shows figures, method, tool and server of each, with a link to its page', async () => {
    show('panel', list());
    const [line] = await lines();
    for (const text of [
      'Healthy',
      'orders',
      'shop',
      '99.9',
      '30 d',
      '75.0',
      '2.0×',
      'mean of 5-minute ratios',
      'Sloth',
      'metrics',
    ]) {
      expect(line).toContain(text);
    }
    expect(screen.getByRole('link', { name: 'orders' }).getAttribute('href')).toBe(
      '/slos/adopted/0123456789abcdef',
    );
    expect(screen.getByText(/Signalbox does not count these/)).toBeDefined();
  });

  it('gives the reason for a figure that is missing, which is no 0 and no 100 %', async () => {
    const none = part({
      ratio: { value: null, why: 'no requests' },
      burn: { value: null, why: 'no requests' },
      budgetLeft: { value: null, why: 'Sloth records NaN' },
    });
    show('panel', list({ rows: [row({ word: 'partial', sentence: 'Sloth records NaN.', worst: none })] }));
    const [line] = await lines();
    expect(line).toContain('Partial data');
    expect(line).toContain('– Sloth records NaN');
    expect(line).toContain('– no requests');
    expect(line).not.toMatch(/(?<!99\.9\u00a0)\b(0|100)\u00a0%/);
  });

  it('says since when a server is not read, and why', async () => {
    const problem = 'Prometheus metrics cannot be reached.';
    show('panel', list({ sources: [{ source: 'metrics', readAt: at, problem }] }));
    expect((await screen.findByText(/are as of/)).textContent).toContain(problem);
  });

  it('names the group that is worst, and what the configuration counts already', async () => {
    const groups = [part({ labels: { region: 'eu' } }), part({ labels: { region: 'us' } })];
    const hidden = [
      { id: 'f'.repeat(16), name: 'latency', toolName: 'Sloth', source: 'metrics', slo: 'api-latency' },
    ];
    show('panel', list({ rows: [row({ groups, worst: part({ labels: { region: 'eu' } }) })], hidden }));
    expect((await lines())[0]).toContain('worst of 2 groups: region=eu');
    expect(screen.getByRole('link', { name: 'api-latency' }).getAttribute('href')).toBe('/slos/api-latency');
  });
});

describe('the page of an adopted objective', () => {
  it('shows that it is on its way, and that there is none', async () => {
    show('page', undefined);
    expect(screen.getByRole('status', { name: 'Loading adopted objective' })).toBeDefined();
    cleanup();
    show('page', { ...gone, title: 'Not found' }, 404);
    expect(await screen.findByText('Not found')).toBeDefined();
  });

  it('says that nobody counts it here, what its rules are, and what it would be in the configuration', async () => {
    show('page', page());
    expect(await screen.findByRole('heading', { name: 'orders', level: 1 })).toBeDefined();
    expect(screen.getByText(/counts nothing itself/)).toBeDefined();
    expect(screen.getByText(/in group g, \/r\.yml/)).toBeDefined();
    expect(screen.getByText('a / b')).toBeDefined();
    expect(screen.getByText(/id: shop-orders/)).toBeDefined();
    expect(screen.getByText('signalbox.yaml has no service shop.')).toBeDefined();
  });

  it('leads to the objective of the configuration, and says when there is no rule to show', async () => {
    const proposal = { yaml: null, notes: ['written by hand'] };
    show('page', page({ configured: 'shop-orders', rules: [], proposal }));
    const link = await screen.findByRole('link', { name: 'shop-orders' });
    expect(link.getAttribute('href')).toBe('/slos/shop-orders');
    expect(screen.getByText(/another one evaluates them/)).toBeDefined();
    expect(screen.getByText('written by hand')).toBeDefined();
  });
});
