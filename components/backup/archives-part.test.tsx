// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ArchiveSeries } from '@/lib/archive/contract';
import { ArchivesPart } from './archives-part';
import { archive, archiveDetail, series } from './testing/archives';
import { plain, problem } from './testing/show';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Renders the part over canned answers; undefined never comes. */
function show(list: unknown, detail?: unknown) {
  const now = { list };
  vi.stubGlobal('fetch', async (url: string) => {
    const body = /archives\/[^/]+$/.test(url) ? detail : now.list;
    if (body === undefined) return new Promise<Response>(() => undefined);
    return new Response(JSON.stringify(body), { status: body === problem ? 503 : 200 });
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <ArchivesPart />
    </QueryClientProvider>,
  );
  return { queries, now };
}
const shown = async (...all: ArchiveSeries[]) => {
  const world = show({ folder: '/archives', series: all }, archiveDetail(all[0]?.kind ?? 'audit'));
  await screen.findAllByRole('heading', { level: 3 });
  return world;
};
const text = (name: string) => plain(screen.getByRole('region', { name }).textContent);

describe('the part', () => {
  it('says that it is being read', () => {
    show(undefined);
    expect(screen.getByRole('status', { name: 'Loading archives' })).toBeDefined();
  });

  it('says so when nothing is archived', async () => {
    show({ folder: null, series: [] });
    expect(await screen.findByText('Nothing is archived')).toBeDefined();
  });

  it('says why it cannot be read', async () => {
    show(problem);
    expect(await screen.findByText(/database does not answer/)).toBeDefined();
  });

  it('keeps what it has read when the next reading fails', async () => {
    const { queries, now } = await shown(series('audit'));
    now.list = problem;
    await queries.refetchQueries();
    expect(await screen.findByText(/Archives as of/)).toBeDefined();
    expect(text('Audit log')).toContain('L4 Proven');
  });
});

describe('a kind of archive', () => {
  it('has its newest with level, entries and size, how many stay and how long, and the next run', async () => {
    await shown(series('configuration'), series('audit'));
    expect(text('Audit log')).toContain('entries 100 to 1303, 4.0 KiB');
    expect(text('Audit log')).toContain('2 archives, 8.0 KiB');
    expect(text('Audit log')).toContain('2,408 entries in all of them');
    expect(text('Audit log')).toContain('for good: each is a link of one chain');
    expect(text('Audit log')).toContain('2026-11-22 01:00 UTC');
    expect(text('Configuration')).toContain('2 files, 4.0 KiB');
    expect(screen.getByTestId('archives-configuration').textContent).toBe('L4 Proven');
  });

  it('says since when it is unchanged, which is a good run', async () => {
    const lastRun = archive('configuration', 9, {
      state: 'unchanged',
      bytes: null,
      entries: null,
      level: null,
    });
    await shown(series('configuration', { lastRun }));
    expect(text('Configuration')).toContain('Unchanged since 11-21 01:00');
    expect(screen.getByTestId('archives-configuration').textContent).toBe('L4 Proven');
  });

  it('says that a run failed, why, and when the last good one was', async () => {
    const lastRun = archive('audit', 9, {
      state: 'failed',
      error: 'The folder has no space left.',
      level: null,
    });
    await shown(series('audit', { lastRun }));
    expect(screen.getByTestId('archives-audit').textContent).toBe('Last run failed');
    expect(text('Audit log')).toContain('The folder has no space left.');
    expect(text('Audit log')).toContain('The last good run was');
  });

  it('says that runs were missed', async () => {
    const missed = {
      slots: 2,
      firstAt: '2026-11-20T01:00:00Z',
      lastAt: '2026-11-21T01:00:00Z',
      sentence: 'No worker ran.',
    };
    await shown(series('audit', { missed }));
    expect(screen.getByTestId('archives-audit').textContent).toBe('Runs missed');
    expect(text('Audit log')).toContain('2 runs missed');
  });

  it('never calls an archive good that nobody looked at, or whose look failed', async () => {
    await shown(series('audit', { newest: archive('audit', 0, { level: 2 }) }));
    expect(screen.getByTestId('archives-audit').textContent).toBe('L2 Listed');
    cleanup();
    const newest = archive('audit', 0, {
      level: 3,
      isSpoilt: true,
      finding: 'The live log has other entries.',
    });
    await shown(series('audit', { newest, lastRun: newest }));
    expect(screen.getByTestId('archives-audit').textContent).toBe('Does not hold');
    expect(text('Audit log')).toContain('The live log has other entries.');
    cleanup();
    await shown(
      series('audit', { newest: null, lastRun: null, archives: [], kept: 0, entries: 0, bytes: 0 }),
    );
    expect(screen.getByTestId('archives-audit').textContent).toBe('No archive yet');
  });
});

it('opens an archive to its checks, its files, and the names of secrets that it leaves out', async () => {
  await shown(series('configuration'));
  const user = userEvent.setup();
  await user.click(screen.getByText('Archives', { selector: 'span' }));
  const [first] = screen.getAllByRole('listitem');
  if (first === undefined) throw new Error('No archive is listed.');
  await user.click(within(first).getByText('2026-11-21 01:00:00'));
  await waitFor(() => expect(plain(first.textContent)).toContain('Configuration is valid'));
  expect(plain(first.textContent)).toContain('L4 Proven: passed');
  expect(plain(first.textContent)).toContain('Files: signalbox.yaml');
  expect(plain(first.textContent)).toContain(
    'Named and left out, as secrets: /etc/signalbox/secrets/shop.url',
  );
});
