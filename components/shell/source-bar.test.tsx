// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SourceBar } from './source-bar';
import { type SourceState, sourcesKey } from './sources';

beforeAll(() => {
  // jsdom measures nothing; the list only asks whether something changed its size.
  globalThis.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});
afterEach(cleanup);

const late: SourceState = {
  id: 'prometheus',
  kind: 'prometheus',
  state: 'late',
  observedAt: '2026-11-21T14:00:00.000Z',
  reason: 'timeout',
  detail: 'No answer within 5 s',
};
const live: SourceState = { ...late, id: 'us-east-1', kind: 'cluster', state: 'fresh', detail: null };

function show(sources: SourceState[]) {
  const client = new QueryClient();
  client.setQueryData(sourcesKey, sources);
  render(
    <QueryClientProvider client={client}>
      <SourceBar />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

describe('the bar of sources', () => {
  it('is absent until the stream has spoken', () => {
    show([]);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('names what does not answer as it should', () => {
    show([late, live]);
    expect(screen.getByRole('button', { name: /^Data sources: Prometheus late/ })).toBeDefined();
    cleanup();
    show([live]);
    expect(screen.getByRole('button', { name: /^Data sources: all answer/ }).textContent).toContain('live');
  });

  it.each(['click', '{Enter}', '{ArrowDown}'])('opens with %s and says of each source why', async (how) => {
    const user = show([late, live]);
    const button = screen.getByRole('button', { name: /^Data sources: Prometheus late/ });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    if (how === 'click') await user.click(button);
    else {
      button.focus();
      await user.keyboard(how);
    }
    expect(await screen.findByText(/No answer within 5 s/)).toBeDefined();
    expect(screen.getByText('us-east-1')).toBeDefined();
    expect(screen.getAllByText('Prometheus').length).toBeGreaterThan(0);
  });

  it('closes with Escape and can be opened again', async () => {
    const user = show([late]);
    await user.click(screen.getByRole('button', { name: /^Data sources/ }));
    await screen.findByText(/No answer within 5 s/);
    await user.keyboard('{Escape}');
    expect(screen.queryByText(/No answer within 5 s/)).toBeNull();
    await user.click(screen.getByRole('button', { name: /^Data sources/ }));
    expect(await screen.findByText(/No answer within 5 s/)).toBeDefined();
  });
});
