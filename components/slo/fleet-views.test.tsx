// @vitest-environment jsdom
import { cleanup, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ListChange } from '@/lib/slo/fleet/contract';
import { iso, nowUnix, testRow, testRowNumbers } from './test-slo';
import { testFleet } from './testing/fleet';
import { fleetOf, showList as show } from './testing/show-list';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('views of the list', () => {
  it('groups by what is asked for, with a summary of each group, and folds them', async () => {
    const { looks, user } = show(
      fleetOf([
        testRow('a', 'burning-fast', testRowNumbers('ok', { bad: 1500, budgetLeft: -0.5 })),
        testRow('b', 'healthy', undefined, { service: 'billing', serviceName: 'Billing' }),
        testRow('c'),
      ]),
      { group: 'service', closed: ['billing'] },
    );
    const table = await screen.findByRole('table', { name: /^Service level objectives/ });
    const heads = within(table)
      .getAllByRole('button')
      .map((head) => [head.getAttribute('aria-expanded'), head.textContent]);
    expect(heads).toEqual([
      ['true', 'FraiseQL API21 burning fast1 healthyLeast budget left −50.0\u00a0%'],
      ['false', 'Billing11 healthyLeast budget left 60.0\u00a0%'],
    ]);
    expect(within(table).queryByText('Availability of b')).toBeNull();
    await user.click(within(table).getByRole('button', { name: /Billing/ }));
    await user.click(screen.getByRole('button', { name: 'Fold all groups' }));
    await user.selectOptions(screen.getByLabelText('Group by'), 'owner');
    await user.selectOptions(screen.getByLabelText('Sort by'), 'burn');
    expect(looks.map(({ group, closed, sort }) => [group, closed, sort])).toEqual([
      ['service', [], 'state'],
      ['service', ['fraiseql-api', 'billing'], 'state'],
      ['owner', [], 'state'],
      ['service', ['billing'], 'burn'],
    ]);
  });

  it('shows what each day spent in figures and in words, and walks the days by keys', async () => {
    const { user } = show(fleetOf([testRow('a'), testRow('b')]), { show: 'days' });
    const table = await screen.findByRole('table', { name: /^Share of the budget/ });
    const cells = within(table).getAllByRole('img');
    expect(cells.map((cell) => [cell.textContent, cell.getAttribute('tabindex')])).toEqual([
      ['–', '-1'],
      ['·', '-1'],
      ['40', '0'],
    ]);
    expect(within(table).getByText(/Nothing to show/)).toBeDefined();
    cells[2]?.focus();
    const words = 'Availability of a, Sat 21 Nov: 40.0 % of the budget, 6 times the even pace or more';
    expect(await screen.findByText(words)).toBeDefined();
    await user.keyboard('{ArrowLeft}');
    expect(document.activeElement?.getAttribute('aria-label')).toBe(
      'Availability of a, Fri 20 Nov: nothing of the budget',
    );
    expect(document.activeElement?.getAttribute('tabindex')).toBe('0');
  });

  it.each([
    ['Suspected change', 3600, 0.5],
    ['Last change', 3600, 0],
    ['Last change', 90_000, 0.5],
  ])('calls a change “%s” that was %i s ago and cost %d at least', async (words, ago, low) => {
    const lastChange = {
      id: 'c-2',
      title: 'Deploy 3.2.0',
      by: 'Ana',
      at: iso(nowUnix - ago),
      failed: 20,
      low,
      high: 30,
      share: 0.02,
      isShared: false,
    };
    const numbers = testRowNumbers('ok', { burn1h: 20, soonest: { kind: 'in', seconds: 7200 } });
    show(fleetOf([testRow('a', 'burning-fast', numbers, { lastChange })]));
    const cards = await screen.findByRole('region', { name: /Needs attention now/ });
    expect(cards.textContent).toContain(`${words} Deploy 3.2.0: cost 2.00\u00a0%`);
    const links = within(cards).getAllByRole('link');
    expect(links.map((link) => [link.textContent, link.getAttribute('href')]).slice(1)).toEqual([
      ['Open SLO', '/slos/a'],
      ['Logs', '/logs?service=fraiseql-api'],
      ['Deploy', '/changes/c-2'],
    ]);
  });

  it('says that days are on their way', async () => {
    show(fleetOf([testRow('a')]), { show: 'days' }, 200, () => new Promise(() => undefined));
    expect(await screen.findByRole('status', { name: 'Loading days' })).toBeDefined();
  });

  it('says that there are no days', async () => {
    const none = { environment: 'production', days: [], rows: [] };
    show(fleetOf([testRow('a')]), { show: 'days' }, 200, async () => new Response(JSON.stringify(none)));
    expect(await screen.findByText('No days')).toBeDefined();
  });

  it('says why there are no days', async () => {
    const gone = {
      status: 503,
      title: 'Not available',
      detail: 'The database is gone.',
      code: 'unavailable',
    };
    show(
      fleetOf([testRow('a')]),
      { show: 'days' },
      200,
      async () => new Response(JSON.stringify(gone), { status: 503 }),
    );
    expect(await screen.findByText('The database is gone.')).toBeDefined();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
  });

  it('says that there was no change', async () => {
    show(fleetOf([testRow('a')]));
    expect(await screen.findByText('No change in the last 24 hours')).toBeDefined();
  });

  it('lists the changes of the last day by what they cost, the dearest first', async () => {
    const changed = (id: string, agoSeconds: number, share: number | null) => ({
      id,
      title: `Deploy ${id}`,
      by: 'Ana',
      at: iso(nowUnix - agoSeconds),
      failed: share === null ? null : 20,
      low: share === null ? null : 10,
      high: share === null ? null : 30,
      share,
      isShared: false,
    });
    const row = (id: string, service: string, lastChange: ReturnType<typeof changed>) =>
      testRow(id, 'healthy', undefined, { service, serviceName: service, lastChange });
    const unpriced: ListChange = {
      id: 'c-9',
      service: 'cheap',
      region: 'eu-west-1',
      title: 'Deploy c-9',
      by: 'Ben',
      at: iso(nowUnix - 30),
      state: 'Running',
    };
    show(
      testFleet(
        [
          row('a', 'cheap', changed('c-1', 3600, 0.01)),
          row('b', 'dear', changed('c-2', 7200, 0.3)),
          row('c', 'old', changed('c-3', 90_000, 0.9)),
        ],
        [unpriced],
      ),
    );
    const table = await screen.findByRole('table', { name: /^Changes of the last 24 hours/ });
    const told = within(table)
      .getAllByRole('row')
      .slice(1)
      .map((line) => line.textContent ?? '');
    expect(told).toHaveLength(3);
    expect(told[0]).toMatch(/^Deploy c-2.*30\.0\u00a0%2010 to 30Availability of b$/);
    expect(told[1]).toContain('Deploy c-1');
    expect(told[2]).toMatch(/Deploy c-9.*Not priced yet/);
  });
});
