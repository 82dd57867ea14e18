// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SloWord } from '@/lib/slo/math/word';
import { type CountMethod, countMethods, type DataState, dataStates } from '@/lib/slo/model';
import { everything } from './fleet-url';
import { iso, nowUnix, testRow, testRowNumbers } from './test-slo';
import { fleetOf, showList as show } from './testing/show-list';
import { methodText, stateText } from './words';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const lines = async () => {
  const table = await screen.findByRole('table', { name: /^Service level objectives/ });
  return within(table)
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent ?? '');
};

describe('list of objectives', () => {
  it('shows that it is on its way, what an error is, and what an empty one needs', async () => {
    show(undefined);
    expect(screen.getByRole('status', { name: 'Loading objectives' })).toBeDefined();
    cleanup();
    show(
      { status: 503, title: 'The database is gone', detail: 'It does not answer.', code: 'unavailable' },
      {},
      503,
    );
    expect(await screen.findByText('The database is gone')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
    cleanup();
    show(fleetOf([]));
    expect(await screen.findByText(/add them under slos/)).toBeDefined();
  });

  it('counts by word, and each count is a filter', async () => {
    const { looks, user } = show(fleetOf([testRow('a', 'burning-fast'), testRow('b'), testRow('c')]));
    await user.click(await screen.findByRole('button', { name: '1 burning fast' }));
    await user.click(screen.getByRole('button', { name: '2 healthy' }));
    expect(looks).toEqual([
      { ...everything, words: ['burning-fast'] },
      { ...everything, words: ['healthy'] },
    ]);
    expect(screen.queryByRole('button', { name: /no traffic/ })).toBeNull();
  });

  it('narrows to the filter and tells which broken ones it leaves out', async () => {
    const broken = testRow('gone', 'no-data', testRowNumbers('no-data'));
    const { looks, user } = show(fleetOf([broken, testRow('b')]), { words: ['healthy'] });
    expect(await lines()).toHaveLength(1);
    expect(screen.getByText('1 objective that cannot be judged is outside this filter.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Show them' }));
    expect(looks).toEqual([{ ...everything, words: ['invalid', 'no-data'] }]);
  });

  it('finds by name, service, owner and label, and offers the way out of nothing', async () => {
    const { looks, user } = show(fleetOf([testRow('a')]), { text: 'nobody' });
    expect(await screen.findByText('No objective matches')).toBeDefined();
    await user.type(screen.getByLabelText('Name, service, owner or region'), ' x{Enter}');
    expect(looks).toEqual([{ ...everything, text: 'nobody x' }]);
  });

  it('never clamps an overspent budget', async () => {
    const spent = testRowNumbers('ok', {
      bad: 3340,
      budgetLeft: -2.34,
      failuresLeft: -2340,
      soonest: { kind: 'spent', recoversInSeconds: 7200 },
    });
    show(fleetOf([testRow('a', 'exhausted', spent)]));
    const [line] = await lines();
    expect(line).toContain('−234.0\u00a0%');
    expect(line).toContain('2,340 over the 1,000 allowed');
    expect(line).toContain('spentback in 2 h');
  });

  it.each(dataStates)('says %s in words, and a figure only where there is one', async (state: DataState) => {
    const words: Partial<Record<DataState, SloWord>> = {
      'no-data': 'no-data',
      invalid: 'invalid',
      'no-traffic': 'no-traffic',
    };
    show(fleetOf([testRow('a', words[state] ?? 'healthy', testRowNumbers(state))]));
    const [line] = await lines();
    expect(line).toContain(stateText[state]);
    expect(line?.includes('99.980\u00a0%')).toBe(state === 'ok' || state === 'partial');
    expect(line?.includes('100.000\u00a0%')).toBe(state === 'no-errors');
    if (state === 'partial') expect(line).toContain('41.0\u00a0% known');
  });

  it('tells the five states and the full one apart by their words', () => {
    expect(new Set(Object.values(stateText)).size).toBe(dataStates.length);
  });

  it.each(countMethods)('says how it was counted: %s', async (method: CountMethod) => {
    show(fleetOf([testRow('a', 'healthy', testRowNumbers('ok', { method }))]));
    const [line] = await lines();
    expect(line).toContain(methodText[method]);
  });

  it('keeps old figures and says how old they are, and why there are none', async () => {
    const old = testRow('a', 'healthy', testRowNumbers(), {
      numbers: {
        state: 'stale',
        value: testRowNumbers(),
        observedAt: iso(nowUnix - 3600),
        reason: 'too-late',
      },
    });
    const none = testRow('b', 'no-data', testRowNumbers(), {
      numbers: { state: 'missing', reason: 'no-series', detail: 'Nothing was ever recorded.' },
    });
    show(
      fleetOf([none, old], {
        freshness: { state: 'stale', recordedUntil: null, sentence: 'The recorder is away.' },
      }),
    );
    const [first, second] = await lines();
    expect(first).toContain('Nothing was ever recorded.');
    expect(second).toContain('99.980\u00a0%');
    expect(second).toContain('as of');
    expect(screen.getByText('The recorder is away.')).toBeDefined();
  });

  it('shows how far the past is filled in and what stops it', async () => {
    const progress = {
      backfill: { done: 12, total: 30 },
      backfilledFrom: null,
      recordedUntil: null,
      problem: { reason: 'timeout', message: 'Prometheus did not answer in time.' },
      gapSeconds: 0,
      sentence: 'Filling in the past: 12 of 30 days.',
    };
    show(fleetOf([testRow('a', 'partial', testRowNumbers('partial'), { progress })]));
    const [line] = await lines();
    expect(line).toContain('Filling in the past: 12 of 30 days.');
    expect(line).toContain('Prometheus did not answer in time.');
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('12');
  });

  it('orders what needs attention by the time to exhaustion and prices the last change', async () => {
    const burning = (id: string, word: SloWord, seconds: number) =>
      testRow(
        id,
        word,
        testRowNumbers('ok', { burn1h: 15, soonest: { kind: 'in', seconds }, latest: { kind: 'never' } }),
        {
          lastChange: {
            id: 'c-214',
            title: 'Deploy 3.2.0',
            by: 'Ana',
            at: iso(nowUnix - 60),
            failed: 20,
            low: 10,
            high: 30,
            share: 0.02,
            isShared: true,
          },
        },
      );
    const gone = testRow(
      'gone',
      'exhausted',
      testRowNumbers('ok', { soonest: { kind: 'spent', recoversInSeconds: null } }),
    );
    show(
      fleetOf([
        burning('slow', 'burning-slow', 90_000),
        burning('fast', 'burning-fast', 7200),
        gone,
        testRow('well'),
      ]),
    );
    const section = await screen.findByRole('region', { name: /Needs attention now/ });
    const cards = within(section)
      .getAllByRole('listitem')
      .map((card) => card.textContent ?? '');
    expect(cards).toHaveLength(3);
    expect(cards[0]).toContain('Availability of gone');
    expect(cards[1]).toContain('2 h');
    expect(cards[1]).toContain('Suspected change Deploy 3.2.0: cost 2.00\u00a0%, shared');
    expect(cards[2]).toContain('Availability of slow');
  });

  it('walks the rows by j and k', async () => {
    const { user } = show(fleetOf([testRow('a'), testRow('b')]));
    const [first, second] = within(
      await screen.findByRole('table', { name: /^Service level objectives/ }),
    ).getAllByRole('link');
    await user.keyboard('j');
    expect(document.activeElement).toBe(first);
    await user.keyboard('j');
    expect(document.activeElement).toBe(second);
    await user.keyboard('k');
    expect(document.activeElement).toBe(first);
  });

  it('draws of a long list what is in sight, and counts all of it', async () => {
    // Without a layout every element is 0 high, and so nothing would be in sight.
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600);
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(52);
    vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1000);
    show(fleetOf(Array.from({ length: 500 }, (_, index) => testRow(`slo-${index}`))));
    const table = await screen.findByRole('table', { name: /^Service level objectives/ });
    expect(table.getAttribute('aria-rowcount')).toBe('501');
    const drawn = within(table).getAllByRole('link').length;
    expect(drawn).toBeGreaterThan(5);
    expect(drawn).toBeLessThan(100);
  });
});
