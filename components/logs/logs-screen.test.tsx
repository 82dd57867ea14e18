// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogResult } from '@/lib/logs/contract';
import { emptyUrl, type LogUrl, urlOf } from './log-url';
import { LogsScreen } from './logs-screen';
import { logLine, logResult } from './test-lines';

type Answer =
  | LogResult
  | { status: number; title: string; detail: string; code: string; fields?: unknown }
  | null;

const streams: { url: string; onmessage: ((message: { data: string }) => void) | null }[] = [];

class Stream {
  onmessage: ((message: { data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 1;
  readonly url: string;
  constructor(url: string) {
    this.url = url;
    streams.push(this);
  }
  close(): void {
    this.readyState = 2;
  }
}

// For as long as the process: a page opens its stream a moment later, when the test may have ended.
Object.assign(globalThis, { EventSource: Stream });

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({
    matches: false,
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
  // A page without a layout has no heights; the list needs one to know what is in sight.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(900);
  Element.prototype.scrollTo = () => {};
});

afterEach(() => {
  cleanup();
  streams.length = 0;
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const lines = [
  logLine(3, {
    level: 'error',
    message: 'pool timeout after 5000 ms',
    labels: { service: 'architect-api', region: 'us-east-1' },
    fields: { status: '503', trace_id: '4be1c09f' },
  }),
  logLine(2),
  logLine(1),
];

type HeldProps = { start: Partial<LogUrl>; urls: string[] };

function Held({ start, urls }: HeldProps) {
  const [url, setUrl] = useState<LogUrl>({ ...emptyUrl, ...start });
  return (
    <LogsScreen
      url={url}
      environment="production"
      services={[{ id: 'architect-api', name: 'Architect Dashboard API' }]}
      regions={[{ id: 'us-east-1', name: 'US East' }]}
      onUrl={(next) => {
        urls.push(urlOf(next));
        setUrl(next);
      }}
    />
  );
}

const options = () => within(screen.getByRole('listbox')).getAllByRole('option');
const arrived = async () => {
  await waitFor(() => expect(options().length).toBeGreaterThan(0));
  return options();
};

function show(answer: Answer, start: Partial<LogUrl> = {}) {
  const asked: string[] = [];
  const urls: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    if (answer === null) return new Promise<Response>(() => undefined);
    return new Response(JSON.stringify(answer), { status: 'status' in answer ? answer.status : 200 });
  });
  const view = render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Held start={start} urls={urls} />
    </QueryClientProvider>,
  );
  return { asked, urls, view, user: userEvent.setup() };
}

describe('logs page', () => {
  it('shows that lines are on their way', () => {
    show(null);
    expect(screen.getByRole('status', { name: 'Loading log lines' })).toBeDefined();
  });

  it('asks inside the environment and shows what came, with its limit', async () => {
    const { asked } = show(logResult(lines, { limited: true, about: 48_000 }));
    await arrived();
    expect(options()).toHaveLength(3);
    expect(screen.getByText('first 3 of about 48,000 lines')).toBeDefined();
    expect(asked[0]).toBe('/api/v1/logs?environment=production&from=now-1h&to=now&direction=backward');
  });

  it('judges the volume in a sentence and counts the levels', async () => {
    show(logResult(lines));
    expect(await screen.findByText(/^Errors rose from 2 to 137 per 1 min at/)).toBeDefined();
    expect(screen.getByRole('img', { name: /^Lines per 1 min\. Errors rose/ })).toBeDefined();
  });

  it('says why there is nothing and what to do', async () => {
    const { urls, user } = show(logResult([]), { service: 'architect-api' });
    expect(await screen.findByText('No line in this range')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Clear the search' }));
    expect(urls.at(-1)).toBe('/logs');
  });

  it('shows old lines as old and keeps the volume when only one of both is known', async () => {
    const old = {
      state: 'stale' as const,
      value: lines,
      observedAt: '2026-11-21T09:00:00.000Z',
      reason: 'timeout' as const,
    };
    show(logResult([], { lines: old, volume: { state: 'missing', reason: 'unreachable' } }));
    expect(await screen.findByText(/Lines as of/)).toBeDefined();
    expect(screen.getByText(/No volume: the source does not answer/)).toBeDefined();
    expect(options()).toHaveLength(3);
  });

  it('says that the source does not answer', async () => {
    show(logResult([], { lines: { state: 'missing', reason: 'unreachable' } }));
    expect(await screen.findByText(/No lines: the source does not answer/)).toBeDefined();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
    expect(screen.queryByText('No line in this range')).toBeNull();
  });

  it('explains an error in its panel and asks again', async () => {
    const { asked, user } = show({
      status: 503,
      title: 'The database is gone',
      detail: 'No answer.',
      code: 'unavailable',
    });
    await user.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(asked).toHaveLength(2);
  });

  it("puts Loki's sentence at the query", async () => {
    const sentence = 'parse error at line 1, col 5: syntax error: unexpected }';
    show(
      {
        status: 400,
        title: 'Refused',
        detail: sentence,
        code: 'invalid',
        fields: [{ path: 'query', message: sentence }],
      },
      { query: '{a=}' },
    );
    const field = await screen.findByLabelText('LogQL');
    await waitFor(() => expect(field.getAttribute('aria-invalid')).toBe('true'));
    expect(screen.getByRole('alert').textContent).toBe(sentence);
    expect(field.getAttribute('aria-describedby')).toBe(screen.getByRole('alert').id);
  });

  it('puts a wrong time at its field', async () => {
    const { user, urls } = show(logResult(lines));
    await user.click(screen.getByRole('button', { name: 'Custom' }));
    await user.clear(screen.getByLabelText('From (UTC)'));
    await user.type(screen.getByLabelText('From (UTC)'), 'noon');
    await user.click(screen.getByRole('button', { name: 'Show range' }));
    expect(screen.getByText('Write now, now-15m or 2026-11-21 14:03.')).toBeDefined();
    await user.clear(screen.getByLabelText('From (UTC)'));
    await user.type(screen.getByLabelText('From (UTC)'), '2026-11-21 09:00');
    await user.click(screen.getByRole('button', { name: 'Show range' }));
    expect(urls).toEqual(['/logs?from=2026-11-21T09%3A00%3A00.000Z']);
  });

  it('shows the form as LogQL that can be edited', async () => {
    const { user, urls } = show(logResult(lines));
    await arrived();
    await user.click(screen.getByRole('button', { name: 'Edit LogQL' }));
    await user.type(screen.getByLabelText('LogQL'), ' |= "x"{Enter}');
    expect(urls).toEqual([urlOf({ ...emptyUrl, query: '{environment="production"} |= "x"' })]);
  });

  it('is walked and read by keyboard', async () => {
    const { user } = show(logResult(lines));
    await arrived();
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByLabelText('Text in the line'));
    screen.getByRole('listbox').focus();
    await user.keyboard('jjk{Enter}');
    expect(within(screen.getByRole('listbox')).getByRole('option', { selected: true }).textContent).toContain(
      'pool timeout',
    );
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: /error/ }));
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary', { name: 'Chosen line' })).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('listbox'));
  });

  it('narrows the query by a value of the line', async () => {
    const { user, urls } = show(logResult(lines));
    await user.click((await arrived())[0] ?? document.body);
    await user.click(screen.getByRole('button', { name: 'Filter out status' }));
    expect(urls.at(-1)).toBe(
      urlOf({ ...emptyUrl, query: '{environment="production"} | json | status!="503"' }),
    );
  });

  it('follows the tail, pauses it and counts what came', async () => {
    const { user } = show(logResult(lines));
    await arrived();
    await user.click(screen.getByRole('button', { name: 'Live' }));
    await waitFor(() => expect(streams.some((stream) => stream.url.includes('tails='))).toBe(true));
    const stream = streams.at(-1);
    const asked: { id: string; query: string }[] = JSON.parse(
      new URL(stream?.url ?? '', 'http://x').searchParams.get('tails') ?? '[]',
    );
    expect(asked.map(({ query }) => query)).toEqual(['{environment="production"}']);
    const push = (n: number) =>
      act(() =>
        stream?.onmessage?.({
          data: JSON.stringify({ type: 'tail', tail: asked[0]?.id, lines: [logLine(n)], dropped: 0 }),
        }),
      );
    push(10);
    expect(options()).toHaveLength(4);
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    push(11);
    push(12);
    expect(options()).toHaveLength(4);
    await user.click(screen.getByRole('button', { name: '2 new lines · resume live' }));
    expect(options()).toHaveLength(6);
  });
});
