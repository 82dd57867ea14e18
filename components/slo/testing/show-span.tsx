import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import type { SloBacktest } from '@/lib/slo/backtest/contract';
import type { SloSpan, SpanLabels } from '@/lib/slo/span/contract';
import type { Span } from '../chart/frame';
import { SloScreen } from '../slo-screen';
import { testPage } from '../test-page';
import { iso, nowUnix } from '../test-slo';

export const hour = 3600;
export const span = { from: nowUnix - 3 * hour, to: nowUnix - 2 * hour };

export const spanOf = (other: Partial<SloSpan> = {}): SloSpan => ({
  slo: 'api-availability',
  environment: 'production',
  from: iso(span.from),
  to: iso(span.to),
  seconds: hour,
  bucketSeconds: 300,
  asked: { from: iso(span.from), to: iso(span.to) },
  unit: 'events',
  state: 'ok',
  coverage: 1,
  method: 'counted',
  total: 98_112,
  bad: 1204,
  share: 0.073,
  burn: 24.5,
  steps: Array.from({ length: 12 }, (_, index): [number, number] => [span.from + (index + 1) * 300, 24]),
  remarks: [],
  groups: [
    { key: 'region=us', labels: { region: 'us' }, state: 'ok', total: 50_000, bad: 1000, part: 1000 / 1204 },
    { key: 'region=eu', labels: { region: 'eu' }, state: 'ok', total: 48_112, bad: 204, part: 204 / 1204 },
  ],
  markers: [],
  exclusions: { applied: true, seconds: 0 },
  ...other,
});
export const labels: SpanLabels = {
  from: iso(span.from),
  to: iso(span.to),
  query: 'topk(500, …)',
  failed: {
    state: 'fresh',
    observedAt: iso(nowUnix),
    value: {
      series: 4,
      isCut: false,
      labels: [{ label: 'status', values: [{ value: '503', part: 0.9 }], others: 2 }],
    },
  },
};
export const backtest: SloBacktest = {
  slo: 'api-availability',
  environment: 'production',
  from: nowUnix - 30 * 86_400,
  to: nowUnix,
  bucketSeconds: 300,
  sentence: 'These settings would have paged 3 times, for 2 h altogether in 30 d, and opened 1 ticket.',
  pages: 3,
  tickets: 1,
  rules: [
    {
      id: 'page-1h',
      severity: 'page',
      notJudged: null,
      judgedFrom: nowUnix - 30 * 86_400,
      fired: [{ from: nowUnix - 9 * hour, to: nowUnix - 8 * hour, peak: 31 }],
      firedSeconds: hour,
    },
  ],
  limits: ['Judged at the end of every 5 min.'],
  series: null,
};
const noLogs = { state: 'missing', reason: 'timeout', detail: 'Loki main did not answer in time.' };
const logs = {
  query: '{}',
  from: iso(span.from),
  to: iso(span.to),
  lines: noLogs,
  limited: false,
  about: null,
  volume: noLogs,
  stepSeconds: 60,
  services: [],
};

/** The page with a span in its URL; each part is answered by itself, and a status is a refusal. */
export function showSpan(parts: { cost?: unknown; labels?: unknown; chosen?: Span | null } = {}) {
  const chosen: (Span | null)[] = [];
  const answers: [string, unknown][] = [
    ['/span/labels', parts.labels ?? labels],
    ['/span', parts.cost ?? spanOf()],
    ['/backtest', backtest],
    ['/logs', logs],
  ];
  vi.stubGlobal('fetch', async (url: string) => {
    const { pathname } = new URL(url, 'http://test');
    const body = answers.find(([end]) => pathname.endsWith(end))?.[1] ?? testPage();
    return typeof body === 'number'
      ? new Response(
          JSON.stringify({
            status: body,
            title: 'Refused',
            detail: 'It lies in the future.',
            code: 'invalid',
          }),
          { status: body },
        )
      : new Response(JSON.stringify(body));
  });
  const view = render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <EnvironmentProvider environment="production">
        <SloScreen
          slo="api-availability"
          choice={{ mode: 'fixed', exclusions: 'on', span: parts.chosen === undefined ? span : parts.chosen }}
          onSpan={(one) => chosen.push(one)}
        />
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
  return { chosen, user: userEvent.setup(), container: view.container };
}

/** The panel of the span, once the page is drawn. */
export const spanPanel = async (): Promise<HTMLElement> => {
  const heading = await screen.findByRole('heading', { name: 'What this span cost', level: 2 });
  const section = heading.closest('section');
  if (section === null) throw new Error('The span stands in no panel.');
  return section;
};
