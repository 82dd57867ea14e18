// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import type { HistoryRow } from '@/lib/change/history/contract';
import { RecordLinks } from '../record-links';
import { HistoryTable } from './history-table';
import { type HistoryLook, historyHref, historyLookOf, listedIn } from './history-url';
import { HistoryPanel, ServiceHistory } from './service-history';
import { line, noMeasures, row, usual, view, where } from './test-history';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the address of a history', () => {
  const read = (url: string) => {
    const query = new URL(url, 'http://x').searchParams;
    return historyLookOf((name) => query.get(name) ?? undefined);
  };

  it.each<HistoryLook>([
    usual,
    { in: 'all', kind: 'set-env', outcome: 'not-carried-out', before: 'c-12', days: '90' },
    { ...usual, in: 'staging', outcome: 'open' },
  ])('keeps what is shown: %j', (look) => {
    expect(read(historyHref(where, look, { before: look.before }))).toEqual(look);
  });

  it('begins at the newest change again with another filter, and keeps the place with another number of days', () => {
    const look = { ...usual, before: 'c-12', kind: 'deploy' };
    expect(read(historyHref(where, look, { kind: '' })).before).toBe('');
    expect(read(historyHref(where, look, { days: '90', before: look.before }))).toEqual({
      ...look,
      days: '90',
    });
  });

  it('drops rubbish, and lists the environment of the page', () => {
    expect(read('/x?kind=cake&outcome=__proto__&before=c-0&days=7&in=%00')).toEqual(usual);
    expect(listedIn(where, usual)).toBe('production');
    expect(listedIn(where, { ...usual, in: 'all' })).toBe('all');
  });
});

describe('the table of changes', () => {
  const table = (changes: HistoryRow[], isFiltered = false) =>
    render(
      <HistoryTable changes={changes} name="Architect API" isFiltered={isFiltered} clearHref="/clear" />,
    );

  it('says who, why, how long, how it ended and what it cost, with the interval', () => {
    table([row({ ticket: 'OPS-7' })]);
    const cells = within(screen.getAllByRole('row')[1] ?? document.body);
    expect(cells.getByRole('link', { name: /^Deploy Architect/ }).getAttribute('href')).toBe('/changes/c-12');
    expect(cells.getByText('Sam Okafor')).toBeDefined();
    expect(cells.getByText(/Ships the work of this week/).textContent).toContain('OPS-7');
    expect(cells.getByText('10 min 5 s')).toBeDefined();
    expect(cells.getByText('Succeeded')).toBeDefined();
    expect(cells.getByText('1.23 %')).toBeDefined();
    expect(cells.getByText('1.00 % to 1.50 %')).toBeDefined();
    expect(cells.queryByText('shared')).toBeNull();
  });

  it('marks what is shared, still counted, or known in part', () => {
    const cost = { ...line, sharedWith: ['entry:1'], isCounting: true, coverage: 0.5 };
    table([row({ cost: { state: 'priced', lines: [cost, line] } })]);
    expect(screen.getByText('shared, still counting, 50 % known')).toBeDefined();
    expect(screen.getByText(/and 1 more/)).toBeDefined();
  });

  it.each([
    ['not-carried-out', 'nothing done'],
    ['no-objective', 'no objective'],
    ['not-counted', 'not counted'],
  ] as const)('of %s it says so instead of 0', (state, words) => {
    table([row({ cost: { state, lines: [] } })]);
    expect(screen.getByText(words)).toBeDefined();
    expect(screen.queryByText(/^0/)).toBeNull();
  });

  it('an objective of slices has no share of requests', () => {
    const slices = {
      ...line,
      unit: 'slices' as const,
      failed: 3,
      low: 2,
      high: 4,
      share: null,
      shareLow: null,
      shareHigh: null,
    };
    table([row({ cost: { state: 'priced', lines: [slices] } })]);
    expect(screen.getByText('3 bad slices')).toBeDefined();
    expect(screen.getByText('2 to 4 slices')).toBeDefined();
  });

  it('empty because of a filter leads out of it', () => {
    table([], true);
    expect(screen.getByText('No changes match')).toBeDefined();
    expect(screen.getByRole('link', { name: 'Show all of them' }).getAttribute('href')).toBe('/clear');
    cleanup();
    table([]);
    expect(screen.getByText('No changes')).toBeDefined();
  });
});

test('pages lead to older changes and back to the newest', () => {
  const look = { ...usual, kind: 'deploy' };
  render(<HistoryPanel view={view([row()], { next: 'c-12' })} where={where} look={look} />);
  const pages = () => within(screen.getByRole('navigation', { name: 'Pages of changes' }));
  expect(pages().getByRole('link', { name: 'Older changes' }).getAttribute('href')).toBe(
    '/services/architect-api?environment=production&region=us-east-1&tab=changes&kind=deploy&before=c-12',
  );
  expect(pages().queryByRole('link', { name: 'Newest' })).toBeNull();
  const kinds = within(screen.getByRole('navigation', { name: 'Kind' }));
  expect(kinds.getByRole('link', { name: 'Deploy' }).getAttribute('aria-current')).toBe('true');
  cleanup();
  render(<HistoryPanel view={view([row()])} where={where} look={{ ...look, before: 'c-20' }} />);
  expect(pages().getByRole('link', { name: 'Newest' }).getAttribute('href')).not.toContain('before');
  expect(pages().getByText('These are the oldest.')).toBeDefined();
  cleanup();
  render(<HistoryPanel view={view([row()])} where={where} look={look} />);
  expect(screen.queryByRole('navigation', { name: 'Pages of changes' })).toBeNull();
});

test('the record of a change is offered as two files', () => {
  render(<RecordLinks change="c-12" />);
  const links = screen.getAllByRole('link');
  expect(links.map((link) => link.getAttribute('href'))).toEqual([
    '/api/v1/changes/c-12/record?format=json',
    '/api/v1/changes/c-12/record?format=text',
  ]);
  expect(links.every((link) => link.hasAttribute('download'))).toBe(true);
});

const answered = (answer: (url: string) => Response) => {
  vi.stubGlobal('fetch', async (url: string) => answer(String(url)));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ServiceHistory where={where} look={{ ...usual, outcome: 'succeeded' }} />
    </QueryClientProvider>,
  );
};

test('the tab asks for what its address says, and shows all three parts', async () => {
  const asked: string[] = [];
  answered((url) => {
    asked.push(url);
    return Response.json(url.includes('/measures') ? noMeasures : view([row()]));
  });
  expect(screen.getByRole('status', { name: 'Loading the history' })).toBeDefined();
  expect(screen.getByRole('status', { name: 'Loading measures' })).toBeDefined();
  expect(await screen.findByRole('heading', { name: 'What runs where' })).toBeDefined();
  expect(await screen.findByText(/^DORA, production/)).toBeDefined();
  expect(asked.toSorted()).toEqual([
    '/api/v1/changes/measures?environment=production&days=30&service=architect-api',
    '/api/v1/services/architect-api/history?environment=production&outcome=succeeded',
  ]);
});

test('a part that has no answer says what was blocked, and the others stay', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Unavailable',
    status: 503,
    detail: 'The database does not answer.',
  };
  answered((url) =>
    url.includes('/measures')
      ? Response.json({ ...problem, code: 'unavailable', requestId: 'r', fields: [] }, { status: 503 })
      : Response.json(view([])),
  );
  expect(await screen.findByText('The database does not answer.')).toBeDefined();
  expect(await screen.findByText('No changes match')).toBeDefined();
});
