import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, beforeEach, vi } from 'vitest';

/** What the pages of copies answer; undefined never comes. A write is kept, and answered with the id of a change. */
export type Canned = {
  answers: { backups?: unknown; drills?: unknown };
  sent: { url: string; body: unknown }[];
  /** What writes are refused with; null: they are not. */
  refusal: object | null;
};

/** For each test of a file: canned answers in place of the console, and an empty page. */
export function canned(): Canned {
  const world: Canned = { answers: {}, sent: [], refusal: null };
  beforeEach(() => {
    world.answers = {};
    world.sent = [];
    world.refusal = null;
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      if (init?.method === 'POST') {
        world.sent.push({ url, body: JSON.parse(String(init.body)) });
        return world.refusal === null
          ? new Response(JSON.stringify({ id: 'c-12' }))
          : new Response(JSON.stringify(world.refusal), { status: 409 });
      }
      const body = url.includes('/drills') ? world.answers.drills : world.answers.backups;
      if (body === undefined) return new Promise<Response>(() => undefined);
      const isProblem = typeof body === 'object' && body !== null && 'code' in body;
      return new Response(JSON.stringify(body), { status: isProblem ? 503 : 200 });
    });
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
  return world;
}

/** Renders a part; `refetch` reads everything again. */
export function show(part: ReactElement) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={queries}>{part}</QueryClientProvider>);
  return { refetch: () => act(() => queries.refetchQueries()) };
}
export const body = (): string => (document.body.textContent ?? '').replaceAll('\u00a0', ' ');
