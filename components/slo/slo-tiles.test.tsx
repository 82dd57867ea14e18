// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DataState, dataStates } from '@/lib/slo/model';
import { testData, testMode, testPage, testRule } from './test-page';
import { iso, nowUnix, testNumbers, testRow, testRowNumbers } from './test-slo';
import { showSlo, tile } from './testing/show';
import { stateWhy } from './words';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the five tiles', () => {
  it('show level, budget in events and minutes, burn with its word, exhaustion with its range, and the last change', async () => {
    const lastChange = {
      id: 'c-213',
      title: 'Deploy 3.2.0',
      by: 'Marek',
      at: iso(nowUnix - 600),
      failed: 20,
      low: 16,
      high: 25,
      share: 0.02,
      isShared: true,
    };
    const row = testRow('a', 'burning-fast', testRowNumbers('ok', { burn1h: 14.9 }), { lastChange });
    const data = testData(testMode(), {
      pairs: [testRule('page-1h', { word: 'critical', firing: true, long: 14.9, short: 36 })],
    });
    showSlo(testPage(data, { row }));
    expect(await tile('Service level')).toContain('99.980\u00a0%target 99.95 %; 2,000,000 requests');
    expect(await tile('Budget left')).toContain(
      '60.0\u00a0%600 of 1,000 failures; 12 min 57 s of 21 min 36 s',
    );
    expect(await tile('Burn, 1 h')).toContain('14.9×critical: 1 h and 5 min above 14.4×');
    expect(await tile('Budget gone in')).toContain('Tue 24 Nov 14:00; never at the slowest pace');
    expect(await tile('Last change cost')).toContain(
      '2.00\u00a0%c-213 Deploy 3.2.0; 16 to 25 failures; shared',
    );
  });

  it('show an overspent budget below zero, with how much too much', async () => {
    const spent = testMode(-0.37, {
      numbers: testNumbers('ok', {
        budgetLeft: -0.37,
        failuresLeft: -370,
        secondsLeft: -479,
        isMet: false,
        sli: 0.999_315,
      }),
      soonest: { kind: 'spent', recoversInSeconds: null },
    });
    showSlo(testPage(testData(spent)));
    expect(await tile('Budget left')).toContain(
      '−37.0\u00a0%370 over the 1,000 allowed; 7 min 59 s of full outage too much',
    );
    expect(await tile('Budget gone in')).toContain('Spentdoes not come back at this pace');
  });

  it.each(dataStates)('show no figure that %s does not have, and say why', async (state: DataState) => {
    const mode = testMode(0.6, {
      numbers: testNumbers(state),
      soonest: { kind: 'unknown' },
      latest: { kind: 'unknown' },
    });
    showSlo(testPage(testData(mode), { row: testRow('a', 'healthy', testRowNumbers(state)) }));
    const level = await tile('Service level');
    const hasFigure = testNumbers(state).sli !== null;
    expect(/\d\u00a0%/.test(level.split('target')[0] ?? '')).toBe(hasFigure);
    if (!hasFigure) expect(level).toContain(stateWhy[state]);
    if (state === 'no-traffic') expect(level).toContain('No traffic');
    if (state === 'partial') expect(level).toContain('41.0\u00a0% known');
  });

  it('never show a missed target as met by rounding', async () => {
    const mode = testMode(-0.01, { numbers: testNumbers('ok', { sli: 0.999_499_6, isMet: false }) });
    showSlo(testPage(testData(mode)));
    expect(await tile('Service level')).toContain('99.949\u00a0%');
  });

  it('say by key how each was computed, with the numbers and the query', async () => {
    const { user } = showSlo(testPage());
    const triggers = await screen.findAllByRole('button', { name: /^How computed: / });
    expect(triggers).toHaveLength(5);
    triggers[1]?.focus();
    await user.keyboard('{Enter}');
    const shown = await screen.findByRole('dialog', { name: 'How budget left is computed' });
    expect(within(shown).getByText('budget with its numbers')).toBeDefined();
    expect(within(shown).getByText('sum(increase(budget[30d]))')).toBeDefined();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
