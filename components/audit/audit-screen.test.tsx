// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AuditFilter } from '@/lib/audit/client';
import { AuditScreen } from './audit-screen';
import { auditRow } from './test-rows';

type Answer = { status?: number; body: unknown };
const verified = {
  state: 'verified',
  verifiedTo: 8412,
  size: 8413,
  checkedAt: '2026-11-21T14:05:00.000Z',
  firstBroken: null,
};
const list = {
  entries: [
    auditRow(7, { result: 'refused', reason: 'Own request', details: { planHash: 'ab'.repeat(32) } }),
    auditRow(6, { change: null, action: 'session.started' }),
  ],
  next: 6,
  size: 8413,
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(answers: { list?: Answer; verification?: Answer }, filter: AuditFilter = {}) {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const answer = url.includes('/verification') ? answers.verification : answers.list;
    if (answer === undefined) return new Promise<Response>(() => undefined);
    return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
  });
  const filters: AuditFilter[] = [];
  const view = render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <AuditScreen filter={filter} onFilter={(next) => filters.push(next)} />
    </QueryClientProvider>,
  );
  return { asked, filters, view, user: userEvent.setup() };
}

describe('audit page', () => {
  it('shows that entries are on their way', () => {
    show({});
    expect(screen.getByRole('status', { name: 'Loading the audit log' })).toBeDefined();
    expect(screen.getByText('Verifying the log')).toBeDefined();
  });

  it('says to which entry the log verifies, and verifies again', async () => {
    const { asked, user } = show({ list: { body: list }, verification: { body: verified } });
    expect(await screen.findByText(/Verified to entry 8,412/)).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Verify now' }));
    const verdicts = asked.filter((url) => url.includes('verification'));
    expect(verdicts.map((url) => url.endsWith('?anew=true'))).toEqual([false, true]);
  });

  it('names the first entry that does not verify', async () => {
    show({
      list: { body: list },
      verification: {
        body: {
          ...verified,
          state: 'broken',
          verifiedTo: 40,
          firstBroken: { seq: 41, what: 'the leaf does not match the entry' },
        },
      },
    });
    expect(
      await screen.findByText(/Entry 41 does not verify: the leaf does not match the entry/),
    ).toBeDefined();
    expect(screen.getByText(/Entries up to 40 verify/)).toBeDefined();
  });

  it('opens an entry by keyboard and walks the rows with j and k', async () => {
    const { user } = show({ list: { body: list }, verification: { body: verified } });
    const [first, second] = await screen.findAllByRole('button', { expanded: false });
    first?.focus();
    await user.keyboard('j');
    expect(document.activeElement).toBe(second);
    await user.keyboard('k{Enter}');
    expect(screen.getByRole('button', { expanded: true }).textContent).toBe('Change requested');
    expect(screen.getByText('Own request')).toBeDefined();
    expect(screen.getByTitle('ab'.repeat(32))).toBeDefined();
    expect(screen.getByTitle('07'.repeat(32))).toBeDefined();
    expect(screen.getByTitle('06'.repeat(32))).toBeDefined();
  });

  it('shows a refusal as a word, the day as a header and nothing to edit with', async () => {
    show({ list: { body: list }, verification: { body: verified } });
    const table = await screen.findByRole('table', { name: /Audit log/ });
    expect(within(table).getByText('Refused')).toBeDefined();
    expect(within(table).getByText('Saturday 21 November 2026')).toBeDefined();
    expect(screen.queryByRole('button', { name: /delete|edit|remove/i })).toBeNull();
  });

  it('pages by position', async () => {
    const { filters, user } = show(
      { list: { body: list }, verification: { body: verified } },
      { actor: 'Ana' },
    );
    await user.click(await screen.findByRole('button', { name: 'Older' }));
    expect(filters).toEqual([{ actor: 'Ana', before: '6' }]);
  });

  it('applies the filter and refuses a time it cannot read, at the field', async () => {
    const { filters, user } = show({ list: { body: list }, verification: { body: verified } });
    await user.type(screen.getByLabelText('From (UTC)'), 'yesterday');
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    expect(screen.getByText('Write it as 2026-11-21 14:03.')).toBeDefined();
    expect(filters).toEqual([]);
    await user.clear(screen.getByLabelText('From (UTC)'));
    await user.type(screen.getByLabelText('From (UTC)'), '2026-11-20 10:00');
    await user.type(screen.getByLabelText('Actor'), 'Ana');
    await user.click(screen.getByRole('button', { name: 'Apply' }));
    expect(filters).toEqual([{ actor: 'Ana', from: '2026-11-20T10:00:00.000Z' }]);
  });

  it('says why a filtered log is empty and offers the way out', async () => {
    const { filters, user } = show(
      { list: { body: { entries: [], next: null, size: 9 } }, verification: { body: verified } },
      { actor: 'Nobody' },
    );
    expect(await screen.findByText('No entry matches')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Clear the filter' }));
    expect(filters).toEqual([{}]);
  });

  it('says what an empty log will hold', async () => {
    show({
      list: { body: { entries: [], next: null, size: 0 } },
      verification: { body: { ...verified, state: 'empty', verifiedTo: null, size: 0 } },
    });
    expect(
      await screen.findByText('Nothing is recorded yet', { selector: 'p.font-medium:not(.text-body)' }),
    ).toBeDefined();
  });

  it('explains an error inside its panel', async () => {
    show({
      list: {
        status: 503,
        body: {
          status: 503,
          title: 'The database is gone',
          detail: 'It does not answer.',
          code: 'unavailable',
        },
      },
      verification: { body: verified },
    });
    expect(await screen.findByText('The database is gone')).toBeDefined();
    expect(await screen.findByText(/Verified to entry 8,412/)).toBeDefined();
  });

  it('keeps what was read when a later read fails, and says how old it is', async () => {
    const answers: { list: Answer; verification: Answer } = {
      list: { body: list },
      verification: { body: verified },
    };
    const { view } = show(answers);
    await screen.findByText('Signed in');
    answers.list = {
      status: 503,
      body: { status: 503, title: 'Gone', detail: 'The database does not answer.', code: 'unavailable' },
    };
    window.dispatchEvent(new Event('visibilitychange'));
    await waitFor(() => expect(view.container.textContent).toContain('The database does not answer.'));
    expect(screen.getByText('Signed in')).toBeDefined();
  });
});
