import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { vi } from 'vitest';
import { EnvironmentProvider } from '@/components/shell/environment';
import { type PageChoice, usualChoice } from '../page-url';
import { SloScreen } from '../slo-screen';

/** Draws the page of an objective with `body` as the API's answer; undefined: it never answers. */
export function showSlo(body: unknown, choice: PageChoice = usualChoice, status = 200) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    // The gate of its service is asked by a part of its own.
    if (url.includes('/gate?')) return new Promise<Response>(() => undefined);
    asked.push(url);
    if (body === undefined) return new Promise<Response>(() => undefined);
    return new Response(JSON.stringify(body), { status });
  });
  const { container } = render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <EnvironmentProvider environment="production">
        <SloScreen slo="api-availability" choice={choice} />
      </EnvironmentProvider>
    </QueryClientProvider>,
  );
  return { asked, container, user: userEvent.setup() };
}

/** What a tile says: its name, its figure and the sentence under it. */
export async function tile(name: string): Promise<string> {
  const term = await screen.findByText(name, { selector: 'dt' });
  return term.parentElement?.textContent ?? '';
}

export const panel = async (title: string): Promise<HTMLElement> => {
  const heading = await screen.findByRole('heading', { name: title, level: 2 });
  const section = heading.closest('section');
  if (section === null) throw new Error(`${title} stands in no panel.`);
  return section;
};
