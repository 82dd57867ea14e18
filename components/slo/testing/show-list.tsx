import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import type { FleetRow } from '@/lib/slo/contract';
import type { Fleet, FleetDays } from '@/lib/slo/fleet/contract';
import { everything, type FleetLook } from '../fleet-url';
import { SlosScreen } from '../slos-screen';
import { testFleet } from './fleet';

export const fleetOf = (rows: FleetRow[], other: Partial<Fleet> = {}): Fleet => ({
  ...testFleet(rows),
  ...other,
});

/** What `GET /api/v1/slo-days` answers. */
const days: FleetDays = {
  environment: 'production',
  days: ['2026-11-19', '2026-11-20', '2026-11-21'],
  rows: [
    { id: 'a', spent: [null, 0, 0.4] },
    { id: 'b', spent: null },
  ],
};

/** Draws the list with `body` as the API's answer; undefined: it never answers. */
export function showList(
  body: unknown,
  change: Partial<FleetLook> = {},
  status = 200,
  answerDays: () => Promise<Response> = async () => new Response(JSON.stringify(days)),
) {
  const looks: FleetLook[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.startsWith('/api/v1/views')) return new Response(JSON.stringify({ views: [] }));
    if (url.startsWith('/api/v1/slo-days')) return answerDays();
    return body === undefined
      ? new Promise<Response>(() => undefined)
      : new Response(JSON.stringify(body), { status });
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <EnvironmentProvider environment="production">
        <SlosScreen look={{ ...everything, ...change }} onLook={(next) => looks.push(next)} />
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
  return { looks, user: userEvent.setup() };
}
