// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SloPage } from '@/lib/slo/page/contract';
import { usualChoice } from './page-url';
import { testData, testLedger, testLine, testMode, testPage, testRule } from './test-page';
import { iso, nowUnix, testRow, testRowNumbers } from './test-slo';
import { panel, showSlo, tile } from './testing/show';

const day = 86_400;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('burn alerts', () => {
  it('are the four pairs and the two rules of the guides, with words, limits and what holds them back', async () => {
    const data = testData();
    const [first, second] = data.pairs;
    if (first === undefined || second === undefined) throw new Error('The pairs are gone.');
    data.pairs[0] = { ...first, word: null, long: null, short: null, failures: null };
    data.pairs[1] = { ...second, isHeldBack: true, failures: 2 };
    data.guides[0] = testRule('guide-1h', {
      shortSeconds: null,
      problem: 'The rule guide-1h can never fire: it waits.',
    });
    showSlo(testPage({ ...data, minFailures: 5 }));
    const section = await panel('Burn by window');
    const rows = within(section)
      .getAllByRole('row')
      .map((row) => row.textContent ?? '');
    expect(rows).toHaveLength(1 + 4 + 1 + 2 + 2);
    expect(rows[1]).toContain('No dataPage1 h / 5 min14.4×');
    expect(section.textContent).toContain('Held back: 2 failures are too few to page.');
    expect(section.textContent).toContain('The rule guide-1h can never fire: it waits.');
    expect(section.textContent).toContain('with 5 failures or more');
  });

  it('have their lines on the burn chart, named page and ticket', async () => {
    showSlo(testPage());
    const section = await panel('Burn rate');
    for (const name of ['page 14.4×', 'page 6×', 'ticket 3×', 'ticket 1×'])
      expect(within(section).getByText(name)).toBeDefined();
  });
});

describe('what spent the budget', () => {
  const lines = [
    testLine('change:213', 40, {
      change: 'c-213',
      regions: ['us-east-1', 'eu-west-1'],
      sharedWith: [{ id: 'change:212', title: 'Deploy 3.1.9' }],
    }),
    testLine('entry:e1', 170, { cause: 'incident', title: 'Redis failover', by: 'Ana', beganInOutage: true }),
    testLine('change:200', 0.5, { isGross: true, low: { failed: 0, share: null, outageSeconds: null } }),
  ];

  it('lists the dearest first, then what nobody explains, and adds up to what was spent', async () => {
    const ledger = testLedger(lines, 400);
    showSlo(testPage(testData(), { ledger }));
    const table = await screen.findByRole('table', { name: 'What spent the budget, the dearest first' });
    const drawn = within(table).getAllByRole('row').slice(1);
    const rows = drawn.map((row) => row.textContent ?? '');
    expect(rows.map((row) => /Redis|213|200|Unexplained|Spent/.exec(row)?.[0])).toEqual([
      'Redis',
      '213',
      '200',
      'Unexplained',
      'Spent',
    ]);
    expect(rows[0]).toContain('Incident');
    expect(rows[0]).toContain('13.6\u00a0% to 20.4\u00a0%');
    expect(rows[0]).toContain('began in an outage');
    expect(rows[1]).toContain('Shared with Deploy 3.1.9');
    expect(rows[1]).toContain('Marek, us-east-1, eu-west-1');
    expect(rows[2]).toContain('all failures counted: no traffic before it');
    const shown = drawn.map((row) =>
      Number(/^[\d.]+/.exec(within(row).getAllByText(/^[\d.]+ %$/)[0]?.textContent ?? '')?.[0]),
    );
    const [a = 0, b = 0, c = 0, unexplained = 0, spent = 0] = shown;
    expect(a + b + c + unexplained).toBeCloseTo(spent, 1);
    expect((await panel('What spent the budget')).textContent).toContain(
      '40.0\u00a0% spent, 18.9\u00a0% unexplained',
    );
  });

  it('says so when nothing was spent, and when nobody can tell', async () => {
    showSlo(testPage(testData(), { ledger: testLedger([], 0) }));
    expect(await screen.findByText('Nothing was spent')).toBeDefined();
    cleanup();
    showSlo(testPage(testData(), { ledger: null }));
    expect(await screen.findByText('What was spent cannot be attributed now')).toBeDefined();
  });

  it('toggles the exclusions in the URL and asks for the figures without them', async () => {
    const exclusion = {
      id: null,
      reason: 'Patch window',
      when: {
        kind: 'recurring' as const,
        rule: 'FREQ=WEEKLY;BYDAY=SU',
        starts: '2026-01-04T02:00',
        zone: 'Europe/Berlin',
        seconds: 7200,
      },
      by: null,
      createdAt: null,
      voided: null,
      secondsInWindow: 28_800,
    };
    const ledger = testLedger(lines, 400, {
      exclusions: { applied: true, excludedSeconds: 28_800, rows: [exclusion], maintenance: 'counts' },
    });
    const page = testPage(testData(), { ledger, exclusions: { applied: true, seconds: 28_800, count: 1 } });
    const { asked } = showSlo(page, { mode: 'rolling', exclusions: 'off' });
    const toggle = within(await screen.findByRole('navigation', { name: 'Exclusions' }));
    expect(toggle.getByRole('link', { current: true }).textContent).toBe('All counted');
    expect(toggle.getByRole('link', { name: 'Without exclusions' }).getAttribute('href')).toBe(
      '/slos/api-availability?mode=rolling',
    );
    expect(asked[0]).toContain('exclusions=off');
    expect(screen.getByText('Patch window')).toBeDefined();
    expect(screen.getByText('signalbox.yaml')).toBeDefined();
  });

  it('offers what people add only to those who may', async () => {
    showSlo(testPage());
    await panel('What spent the budget');
    expect(screen.queryByText('Add what spent budget')).toBeNull();
    cleanup();
    showSlo(testPage(testData(), { ledger: testLedger(lines, 400, { mayAdd: true, mayExclude: true }) }));
    expect(await screen.findByText('Add what spent budget')).toBeDefined();
    expect(screen.getByText('Exclude a span')).toBeDefined();
    expect(screen.getAllByRole('button', { name: /^Void the entry/ })).toHaveLength(1);
  });
});

describe('groups and definition', () => {
  it('judge each group with its own state, counts and method', async () => {
    const groups = [
      {
        key: 'a',
        labels: { region: 'us-east-1' },
        word: 'exhausted' as const,
        numbers: testRowNumbers('ok', { budgetLeft: -0.2 }),
      },
      {
        key: 'b',
        labels: { region: 'eu-west-1' },
        word: 'no-data' as const,
        numbers: testRowNumbers('no-data'),
      },
    ];
    showSlo(testPage(testData(), { row: testRow('a', 'exhausted', testRowNumbers(), { groups }) }));
    const rows = within(await panel('By region'))
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent ?? '');
    expect(rows[0]).toContain('us-east-1');
    expect(rows[0]).toContain('−20.0\u00a0%');
    expect(rows[1]).toContain('No dataeu-west-1–––––');
  });

  it('name the methods of a mixed window, impossible counts, gaps and earlier definitions', async () => {
    const data = testData(testMode(), {
      counted: {
        words: 'The older part is estimated.',
        shares: [
          { method: 'counted', share: 0.1 },
          { method: 'estimated', share: 0.9 },
        ],
      },
      invalid: [{ at: nowUnix - day, words: 'more failures than requests' }],
    });
    const earlier = [
      {
        hash: '00ff00ff',
        words: '99.9 % of requests answer.',
        seenFrom: iso(nowUnix - 40 * day),
        seenTo: iso(nowUnix - 30 * day),
        from: null,
        to: null,
      },
    ];
    showSlo(testPage(data, { earlier, gaps: [{ from: nowUnix - 7200, to: nowUnix - 3600 }] }));
    const section = await panel('Definition and method');
    expect(section.textContent).toContain('The older part is estimated.');
    expect(section.textContent).toContain('estimated From increase(), which extrapolates');
    expect(section.textContent).toContain('counted From raw samples');
    expect(section.textContent).toContain('more failures than requests');
    expect(section.textContent).toContain('1 span without an answer, together 1 h; asked for again.');
    expect(section.textContent).toContain('1 earlier definition');
    expect(section.textContent).toContain('99.9 % of requests answer.');
    expect(section.textContent).toContain('sum(http_requests_total)');
  });
});

describe('states of the page', () => {
  it('shows its shape first, and an error with a way on', async () => {
    showSlo(undefined);
    expect(screen.getByRole('status', { name: 'Loading the objective' })).toBeDefined();
    cleanup();
    showSlo(
      { status: 503, title: 'The database is gone', detail: 'It does not answer.', code: 'unavailable' },
      usualChoice,
      503,
    );
    expect(await screen.findByText('The database is gone')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
  });

  it('keeps old figures with their age', async () => {
    const page: SloPage = testPage(undefined, {
      data: {
        state: 'stale',
        value: testData(),
        observedAt: iso(nowUnix - 3600),
        reason: 'too-late',
        detail: 'The recorder is away.',
      },
      freshness: {
        state: 'stale',
        recordedUntil: iso(nowUnix - 3600),
        sentence: 'The recorder has been away for 1 h.',
      },
    });
    showSlo(page);
    expect((await panel('Error budget left')).textContent).toContain(
      'Budget over time as of 2026-11-21 13:00:00: The recorder is away.',
    );
    expect((await panel('Burn by window')).textContent).toContain('Burn rates as of');
    expect(screen.getByText('The recorder has been away for 1 h.')).toBeDefined();
    expect(await tile('Service level')).toContain('99.980');
  });

  it('says what is missing instead of drawing an empty chart', async () => {
    const row = testRow('a', 'no-data', testRowNumbers(), {
      numbers: { state: 'missing', reason: 'no-series', detail: 'Nothing was ever recorded.' },
    });
    showSlo(
      testPage(undefined, {
        row,
        data: { state: 'missing', reason: 'no-series', detail: 'Nothing was ever recorded.' },
      }),
    );
    expect(await tile('Service level')).toContain('No dataNothing was ever recorded.');
    expect((await panel('Error budget left')).textContent).toContain(
      'No budget over time: Nothing was ever recorded.',
    );
    expect(screen.queryByRole('img', { name: /^Error budget left/ })).toBeNull();
  });
});
