import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import type { BackupDatabase } from '@/lib/backup/contract';
import type { RetentionView } from '@/lib/backup/retention/contract';
import { BackupsScreen } from '../backups-screen';
import { backups, copy, detail, drillList, retention } from './backups';

export const problem = {
  status: 503,
  title: 'Not now',
  detail: 'The database does not answer.',
  code: 'unavailable',
};
type Answers = { backups?: unknown; retention?: unknown; drills?: unknown; detail?: unknown };
type Sent = { url: string; body: unknown };

/** Renders the page over canned answers; undefined never comes. */
export function show(answers: Answers) {
  const sent: Sent[] = [];
  const now = { ...answers };
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    if (init?.method === 'POST') {
      sent.push({ url, body: JSON.parse(String(init.body)) });
      const asked = { drill: copy(9).id, database: 'architect', copy: copy(0).id, object: copy(0).object };
      const ids = url.includes('let-go')
        ? { database: 'architect', copies: 1 }
        : url.includes('/drills/')
          ? asked
          : { copy: copy(0).id, pins: [] };
      return new Response(JSON.stringify(ids));
    }
    const body = url.includes('/drills')
      ? now.drills
      : url.includes('/retention')
        ? now.retention
        : url.includes('/copies/')
          ? now.detail
          : url.includes('/api/v1/backups')
            ? now.backups
            : undefined;
    if (body === undefined) return new Promise<Response>(() => undefined);
    const isProblem = typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
    return new Response(JSON.stringify(body), { status: isProblem ? 503 : 200 });
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <EnvironmentProvider environment="production">
        <BackupsScreen />
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
  return { queries, sent, now };
}

export const plain = (text: string | null): string => (text ?? '').replaceAll('\u00a0', ' ');
export async function shown(databases: BackupDatabase[], ...views: RetentionView[]) {
  const world = show({
    backups: backups(...databases),
    retention: retention(...views),
    drills: drillList(true),
    detail: detail(0),
  });
  await screen.findByTestId('backups-sentence');
  if (views.length > 0) await screen.findAllByText(/^Retention: /);
  return world;
}
export const sentence = () => plain(screen.getByTestId('backups-sentence').textContent);
