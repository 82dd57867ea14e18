// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { ChangeTable } from '@/components/change/change-table';
import { TimeChart } from '@/components/charts/time-chart';
import { BurnStrips } from '@/components/service/burn-strips';
import { ServiceWorkloadsPanels } from '@/components/service/service-workloads';
import { ServicesScreen } from '@/components/service/services-screen';
import { TimelineList } from '@/components/service/timeline-list';
import { EnvironmentProvider } from '@/components/shell/environment';
import { SlosScreen } from '@/components/slo/slos-screen';
import { ReadingNote, ReadingValue } from '@/components/ui/reading-value';
import { SkeletonRows } from '@/components/ui/skeleton';
import { missing } from '@/lib/core/reading';
import { sloWords } from '@/lib/slo/math/word';

/** States that no fault brings about: panel-table.ts points here. */
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a strip without points says that there is no data', () => {
  const points = missing('unreachable', 'Prometheus does not answer.');
  render(<BurnStrips strips={[{ service: 'api', name: 'API', region: 'here', points }]} changes={[]} />);
  expect(screen.getByRole('img', { name: /^Burn of API in here over 6 hours: no data$/ })).toBeDefined();
});

test('a list without changes says what would stand there', () => {
  render(<ChangeTable changes={[]} caption="Changes" />);
  expect(screen.getByText('No changes')).toBeDefined();
});

test('a timeline without entries says what would stand there', () => {
  render(<TimelineList entries={[]} />);
  expect(screen.getByText('Nothing happened yet')).toBeDefined();
});

test('a plan on its way shows its shape', () => {
  render(<SkeletonRows rows={6} label="the plan" />);
  expect(screen.getByRole('status', { name: 'Loading the plan' })).toBeDefined();
});

test('a figure without a value says why', () => {
  const nothing = missing('no-series', 'No requests arrived.');
  render(
    <>
      <ReadingValue reading={nothing}>{() => 'a value'}</ReadingValue>
      <ReadingNote reading={nothing} what="Requests" />
    </>,
  );
  expect(screen.queryByText('a value')).toBeNull();
  expect(screen.getByText('No requests: No requests arrived.')).toBeDefined();
});

function shown(children: ReactNode, body: unknown): void {
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(body)));
  render(
    <QueryClientProvider client={new QueryClient()}>
      <EnvironmentProvider environment="production">{children}</EnvironmentProvider>
    </QueryClientProvider>,
  );
}

test('a page without services says so', async () => {
  shown(<ServicesScreen />, { environment: 'production', services: [] });
  expect(await screen.findByText('No service runs here')).toBeDefined();
});

test('a page without objectives says so', async () => {
  shown(<SlosScreen />, {
    environment: 'production',
    at: '2026-11-21T14:00:00.000Z',
    counts: Object.fromEntries(sloWords.map((word) => [word, 0])),
    services: {},
    windows: [],
    changes: [],
    rows: [],
    freshness: { state: 'missing', recordedUntil: null, sentence: null },
  });
  expect(await screen.findByText('No objectives')).toBeDefined();
});

const nothing = { state: 'fresh', value: [], observedAt: '2026-11-21T09:00:00.000Z' };
const where = { service: 'api', environment: 'production', region: 'here' };
const idle = {
  cluster: 'here',
  namespace: 'apps',
  pair: null,
  workloads: nothing,
  pods: nothing,
  podsTotal: 0,
  events: nothing,
};

test('a workload without pods says so', async () => {
  shown(<ServiceWorkloadsPanels where={where} />, idle);
  expect(await screen.findByText('No pods')).toBeDefined();
});

test('a workload without events says so', async () => {
  shown(<ServiceWorkloadsPanels where={where} />, idle);
  expect(await screen.findByText('No events')).toBeDefined();
});

test('a chart without lines keeps its axes', () => {
  render(<TimeChart label="Requests over time" lines={[]} from={0} to={3600} format={String} />);
  expect(screen.getByRole('img', { name: 'Requests over time' }).childElementCount).toBeGreaterThan(0);
});
