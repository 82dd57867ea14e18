// @vitest-environment jsdom
import { cleanup, fireEvent, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testMarker } from './test-page';
import { iso } from './test-slo';
import { hour, labels, showSpan, span, spanOf, spanPanel } from './testing/show-span';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('a span of the chart', () => {
  it('says what it cost, who failed in it and what happened', async () => {
    showSpan({
      cost: spanOf({
        markers: [
          testMarker('change:c-7', 'change', span.from + 60, { href: '/changes/c-7', title: 'Deploy 3.2.0' }),
        ],
      }),
    });
    const found = within(await spanPanel());
    const said = await found.findByText(/^This span cost/);
    expect(said.textContent).toBe(
      'This span cost 7.30\u00a0% of the budget: 1,204 failures of 98,112 requests, burning at 24.5×.',
    );
    expect(found.getByText('83 %, 1,000 of 50,000 requests')).toBeDefined();
    expect(found.getByRole('link', { name: 'Deploy 3.2.0' }).getAttribute('href')).toBe('/changes/c-7');
    expect(await found.findByText('503')).toBeDefined();
    expect(found.getByText('and 2 more')).toBeDefined();
    expect(found.getByText(/^Counts are kept in buckets of 5 min/)).toBeDefined();
  });

  it('loses neither its cost nor its labels when another source is gone', async () => {
    showSpan();
    const found = within(await spanPanel());
    expect(await found.findByText(/^No lines: Loki main did not answer in time\.$/)).toBeDefined();
    expect(found.getByRole('link', { name: 'Open this span in Logs' }).getAttribute('href')).toContain(
      'level=error',
    );
    expect(found.getByText(/^This span cost/)).toBeDefined();
    cleanup();
    showSpan({
      labels: {
        ...labels,
        failed: { state: 'missing', reason: 'unreachable', detail: 'Prometheus main is away.' },
      },
    });
    const other = within(await spanPanel());
    expect(await other.findByText('No labels: Prometheus main is away.')).toBeDefined();
  });

  it('says what is unknown instead of a figure', async () => {
    showSpan({
      cost: spanOf({
        state: 'no-data',
        total: null,
        bad: null,
        share: null,
        burn: null,
        coverage: 0,
        remarks: ['Nothing was recorded in it: that is no data, not no failures.'],
      }),
    });
    const found = within(await spanPanel());
    expect((await found.findByText(/What this span cost is not known/)).textContent).toContain('No data');
    expect(found.getByText(/^Nothing was recorded in it/)).toBeDefined();
  });

  it('has the shape of its answer while it is priced', async () => {
    const [waits, answer] = [Promise.withResolvers<void>(), spanOf()];
    showSpan();
    const before = globalThis.fetch;
    vi.stubGlobal('fetch', async (url: string) => {
      if (!/span\?/.test(url)) return before(url);
      await waits.promise;
      return new Response(JSON.stringify(answer));
    });
    const found = within(await spanPanel());
    expect(found.getByRole('status', { name: 'Loading the span' })).toBeDefined();
    waits.resolve();
    expect(await found.findByText(/^This span cost/)).toBeDefined();
  });

  it('shows the sentence of a refusal, and lets go of the span', async () => {
    const { user, chosen } = showSpan({ cost: 400 });
    const found = within(await spanPanel());
    expect(await found.findByText('It lies in the future.')).toBeDefined();
    await user.click(found.getByRole('button', { name: 'Let go of the span' }));
    expect(chosen).toEqual([null]);
  });

  it('takes typed bounds, and refuses those that end before they begin', async () => {
    const { user, chosen } = showSpan();
    const found = within(await spanPanel());
    const to = found.getByLabelText(/^Span to/);
    fireEvent.change(to, { target: { value: '2020-01-01T00:00' } });
    await user.click(found.getByRole('button', { name: 'Show this span' }));
    expect(found.getByText('The end must be after the beginning.')).toBeDefined();
    fireEvent.change(to, { target: { value: iso(span.to + hour).slice(0, 16) } });
    await user.click(found.getByRole('button', { name: 'Show this span' }));
    expect(chosen).toEqual([{ from: span.from, to: span.to + hour }]);
  });
});
