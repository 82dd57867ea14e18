// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { StatusAdminView } from '@/lib/status/contract';
import { StatusAdminScreen } from './status-admin-screen';
import { adminView, message } from './test-status';

type Sent = { url: string; body: unknown; key: string | null };
type Answer = { status: number; body: unknown };

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const refusal: Answer = {
  status: 409,
  body: {
    status: 409,
    title: 'Somebody was faster',
    detail: 'The message has changed since you read it.',
    code: 'conflict',
    next: 'Read it again.',
  },
};

function show(view: StatusAdminView | Answer | null, write: Answer = { status: 201, body: {} }) {
  const sent: Sent[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    if (init.method === 'POST') {
      sent.push({
        url,
        body: JSON.parse(String(init.body)),
        key: new Headers(init.headers).get('idempotency-key'),
      });
      return new Response(JSON.stringify(write.body), { status: write.status });
    }
    if (view === null || url.endsWith('/me')) return new Promise<Response>(() => undefined);
    return 'status' in view
      ? new Response(JSON.stringify(view.body), { status: view.status })
      : new Response(JSON.stringify(view));
  });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <StatusAdminScreen />
    </QueryClientProvider>,
  );
  return { sent, user: userEvent.setup() };
}

describe('status page administration', () => {
  it('shows that it is on its way', () => {
    show(null);
    expect(screen.getByRole('status', { name: 'Loading the status page' })).toBeDefined();
  });

  it('explains an error in its panel', async () => {
    show({
      status: 503,
      body: { status: 503, title: 'The database is gone', detail: 'No answer.', code: 'unavailable' },
    });
    expect(await screen.findByText('The database is gone')).toBeDefined();
  });

  it('shows what the public sees and what is measured', async () => {
    show(adminView);
    expect(await screen.findByText('Architect Dashboard is slow in the European region')).toBeDefined();
    expect(screen.getByText('FraiseQL API, Americas')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Open the public page' }).getAttribute('href')).toBe('/status');
  });

  it('says that nothing is published yet', async () => {
    show({ ...adminView, published: null, messages: [], components: [] });
    expect(await screen.findByText('Nothing is published yet')).toBeDefined();
    expect(screen.getByText('No message is active')).toBeDefined();
    expect(screen.getByText('No system is listed')).toBeDefined();
  });

  it('warns when the public page is no longer renewed', async () => {
    show({
      ...adminView,
      published: adminView.published && { ...adminView.published, publishedAt: '2020-01-01T00:00:00.000Z' },
    });
    expect(await screen.findByText(/not being renewed/)).toBeDefined();
  });

  it('tells others why they cannot publish', async () => {
    const { sent, user } = show({ ...adminView, mayPublish: false });
    expect(await screen.findByText(/for the leads/)).toBeDefined();
    expect(screen.queryByRole('button', { name: /Write a message/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Resolve' }));
    expect(screen.queryByLabelText('Text')).toBeNull();
    expect(sent).toEqual([]);
  });

  it('publishes a message once, after showing it as the public will read it', async () => {
    const { sent, user } = show(adminView);
    await user.click(await screen.findByRole('button', { name: /Write a message/ }));
    await user.click(screen.getByRole('button', { name: 'Publish message' }));
    expect(screen.getByText('Write a title of at least 3 characters.')).toBeDefined();
    await user.type(screen.getByLabelText('Title'), 'Slow pages');
    await user.selectOptions(screen.getByLabelText('Impact'), 'major');
    await user.click(screen.getByLabelText('FraiseQL API, Americas'));
    await user.type(screen.getByLabelText('Text'), 'We look into it.');
    const preview = within(screen.getByRole('region', { name: 'Preview of the public text' }));
    expect(preview.getByText('Slow pages')).toBeDefined();
    expect(preview.getByText('Major impact')).toBeDefined();
    expect(preview.getByText(/We look into it\./)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Publish message' }));
    expect(await screen.findByText(/Message published/)).toBeDefined();
    expect(sent.map(({ url, body }) => ({ url, body }))).toEqual([
      {
        url: '/api/v1/status/messages',
        body: {
          title: 'Slow pages',
          impact: 'major',
          state: 'investigating',
          components: ['fraiseql-api/us-east-1'],
          body: 'We look into it.',
        },
      },
    ]);
    expect(sent[0]?.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('updates a message with the version that was read', async () => {
    const { sent, user } = show(adminView);
    await user.click(await screen.findByRole('button', { name: 'Post an update' }));
    await user.selectOptions(screen.getByLabelText('State'), 'identified');
    await user.type(screen.getByLabelText('Text'), 'It is the database.');
    await user.click(screen.getByRole('button', { name: 'Post update' }));
    await screen.findByRole('button', { name: 'Post an update' });
    expect(sent[0]).toMatchObject({
      url: `/api/v1/status/messages/${message.id}`,
      body: { state: 'identified', body: 'It is the database.', version: 2 },
    });
  });

  it('resolves a message', async () => {
    const { sent, user } = show(adminView);
    await user.click(await screen.findByRole('button', { name: 'Resolve' }));
    await user.click(screen.getByRole('button', { name: 'Resolve message' }));
    await screen.findByRole('button', { name: 'Resolve' });
    expect(sent[0]).toMatchObject({ body: { state: 'resolved', body: 'This is resolved.', version: 2 } });
  });

  it('keeps what was written when the write is refused, and says why', async () => {
    const { user } = show(adminView, refusal);
    await user.click(await screen.findByRole('button', { name: 'Post an update' }));
    await user.type(screen.getByLabelText('Text'), 'It is the database.');
    await user.click(screen.getByRole('button', { name: 'Post update' }));
    expect(await screen.findByText('Somebody was faster')).toBeDefined();
    expect(screen.getByLabelText<HTMLTextAreaElement>('Text').value).toBe('It is the database.');
  });
});
