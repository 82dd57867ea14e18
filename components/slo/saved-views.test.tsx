// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SavedView } from '@/lib/saved-view/contract';
import { everything, type FleetLook } from './fleet-url';
import { queryOfLook, SavedViews } from './saved-views';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const viewOf = (name: string, more: Partial<SavedView> = {}): SavedView => ({
  id: crypto.randomUUID(),
  page: 'slos',
  name,
  query: 'group=service',
  shared: false,
  owner: 'Sam Reyes',
  isMine: true,
  mayChange: true,
  updatedAt: '2026-11-21T14:00:00.000Z',
  ...more,
});

type Sent = { url: string; method: string; body: unknown };
const problem = (status: number, detail: string) =>
  new Response(JSON.stringify({ status, title: 'Refused', detail, code: 'conflict' }), { status });

/** `answer`: what a write is answered with. */
function show(
  views: SavedView[] | Response | undefined,
  look: Partial<FleetLook> = {},
  answer?: () => Response,
) {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    if (method === 'GET') {
      if (!url.startsWith('/api/v1/views')) return new Response('{}');
      if (views instanceof Response) return views;
      return views === undefined
        ? new Promise<Response>(() => undefined)
        : new Response(JSON.stringify({ views }));
    }
    sent.push({ url, method, body: JSON.parse(String(init.body)) });
    return answer?.() ?? new Response(JSON.stringify(viewOf('new')), { status: 201 });
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SavedViews look={{ ...everything, ...look }} />
    </QueryClientProvider>,
  );
  return { sent, user: userEvent.setup() };
}

const opened = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.click(screen.getByRole('button', { name: /^View/ }));
  return screen.findByRole('dialog', { name: 'Saved views' });
};

describe('saved views', () => {
  it('says what a view is while there is none', async () => {
    const { user } = show([]);
    const popover = await opened(user);
    expect(await within(popover).findByText(/No view has a name yet/)).toBeDefined();
  });

  it('says that views are on their way', async () => {
    const { user } = show(undefined);
    expect(within(await opened(user)).getByRole('status').textContent).toBe('Loading views…');
  });

  it('says why there are no views', async () => {
    const { user } = show(problem(503, 'The database does not answer.'));
    expect(await within(await opened(user)).findByText('The database does not answer.')).toBeDefined();
  });

  it('lists one’s own and those of others, opens each by a link, and names the one that is shown', async () => {
    const views = [
      viewOf('Mine', { query: 'state=exhausted&group=owner' }),
      viewOf('Theirs', { isMine: false, mayChange: false, shared: true, owner: 'Ana', query: 'sort=burn' }),
    ];
    const { user } = show(views, { words: ['exhausted'], group: 'owner' });
    expect(await screen.findByRole('button', { name: 'View: Mine' })).toBeDefined();
    const popover = await opened(user);
    const link = (name: string) => within(popover).getByRole('link', { name });
    expect(link('Mine').getAttribute('href')).toBe('/slos?state=exhausted&group=owner');
    expect(link('Mine').getAttribute('aria-current')).toBe('true');
    expect(link('Theirs').getAttribute('href')).toBe('/slos?sort=burn');
    expect(within(popover).getByText('Ana')).toBeDefined();
    expect(within(popover).queryByRole('button', { name: 'Change view Theirs' })).toBeNull();
  });

  it('saves what is shown under a name, once it has one', async () => {
    const look = { text: 'api', sort: 'budget', show: 'days' } as const;
    const { user, sent } = show([], look);
    const popover = await opened(user);
    const save = within(popover).getByRole('button', { name: 'Save view' });
    expect(save.getAttribute('aria-disabled')).toBe('true');
    await user.type(within(popover).getByLabelText('Save what is shown as'), ' Hot ');
    await user.click(within(popover).getByLabelText('Share with everybody'));
    await user.click(save);
    const body = { page: 'slos', name: 'Hot', query: 'text=api&sort=budget&show=days', shared: true };
    expect(sent).toEqual([{ url: '/api/v1/views', method: 'POST', body }]);
    expect(body.query).toBe(queryOfLook({ ...everything, ...look }));
  });

  it('tells why a name was refused, and keeps what was typed', async () => {
    const { user } = show([], {}, () => problem(409, 'There is a view of the name "Hot" already.'));
    const popover = await opened(user);
    await user.type(within(popover).getByLabelText('Save what is shown as'), 'Hot');
    await user.click(within(popover).getByRole('button', { name: 'Save view' }));
    expect(await within(popover).findByText(/of the name "Hot" already/)).toBeDefined();
    expect(within(popover).getByLabelText('Save what is shown as')).toHaveProperty('value', 'Hot');
  });

  it('renames a view, keeps another look under it, and deletes it', async () => {
    const view = viewOf('Hot');
    const { user, sent } = show([view], { sort: 'burn' });
    const open = async () => {
      await user.click(within(await opened(user)).getByRole('button', { name: 'Change view Hot' }));
      return screen.findByRole('dialog', { name: 'Change view Hot' });
    };
    const first = await open();
    const name = within(first).getByLabelText('Name');
    await user.clear(name);
    await user.type(name, 'Hotter');
    await user.click(within(first).getByLabelText('Keep what is shown now under this name'));
    await user.click(within(first).getByRole('button', { name: 'Change view' }));
    const second = await open();
    await user.click(within(second).getByRole('button', { name: 'Delete view' }));
    expect(sent).toEqual([
      {
        url: `/api/v1/views/${view.id}`,
        method: 'POST',
        body: { name: 'Hotter', shared: false, query: 'sort=burn' },
      },
      { url: `/api/v1/views/${view.id}`, method: 'DELETE', body: null },
    ]);
  });
});
