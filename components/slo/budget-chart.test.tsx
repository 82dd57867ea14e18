// @vitest-environment jsdom
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { testData, testMarker, testMode, testPage } from './test-page';
import { nowUnix } from './test-slo';
import { panel, showSlo } from './testing/show';

const day = 86_400;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('the budget chart', () => {
  it('says what is left and when it is gone, and draws line, even spend and fan', async () => {
    const { container } = showSlo(testPage());
    const name = 'Error budget left: 60.0\u00a0% now; at the fastest pace it is gone Tue 24 Nov 14:00';
    expect(await screen.findByRole('img', { name })).toBeDefined();
    const drawn = [...container.querySelectorAll('[data-line]')].map((line) =>
      line.getAttribute('data-line'),
    );
    expect(drawn.slice(0, 5)).toEqual(['ideal', 'latest', 'likely', 'soonest', 'left']);
  });

  it('has room for what is overspent', async () => {
    const { container } = showSlo(testPage(testData(testMode(-1.4))));
    await screen.findByRole('img', { name: /^Error budget left: −140/ });
    const ends = /([\d.]+)$/.exec(container.querySelector('[data-line="left"]')?.getAttribute('d') ?? '');
    expect(Number(ends?.[1])).toBeLessThanOrEqual(100);
    expect(screen.getByText('−150 %')).toBeDefined();
  });

  it('draws gaps as gaps and counts them', async () => {
    const mode = testMode();
    const budget = mode.budget.map(([at, left], index): [number, number | null] => [
      at,
      index > 9 && index < 12 ? null : left,
    ]);
    const { container } = showSlo(testPage(testData({ ...mode, budget })));
    expect(await panel('Error budget left')).toBeDefined();
    expect(container.querySelector('[data-line="left"]')?.getAttribute('d')?.match(/M/g)).toHaveLength(2);
    expect((await panel('Error budget left')).textContent).toContain('1 gap without data');
  });

  it('is read by the arrow keys', async () => {
    showSlo(testPage());
    const [slider] = await screen.findAllByRole('slider');
    expect(slider?.getAttribute('max')).toBe('40');
    // The arrows are the browser's own work on such a field; here they come as what they cause.
    if (slider) fireEvent.change(slider, { target: { value: '15' } });
    expect(slider?.getAttribute('aria-valuetext')).toBe(
      'Fri 6 Nov 14:00: left 80.0\u00a0%, even spend 50.0\u00a0%',
    );
  });

  it('has lanes of changes, incidents and planned work, each leading to its page', async () => {
    const markers = [
      testMarker('change:c-213', 'change', nowUnix - 5 * day, {
        href: '/changes/c-213',
        title: 'Deploy 3.2.0',
      }),
      testMarker('INC-29', 'incident', nowUnix - 9 * day),
      testMarker('m-1', 'patch', nowUnix - 12 * day),
    ];
    showSlo(testPage(testData(), { markers }));
    const changes = await screen.findByRole('list', { name: 'Changes on the chart' });
    expect(within(changes).getByRole('link').getAttribute('href')).toBe('/changes/c-213');
    expect(
      within(screen.getByRole('list', { name: 'Incidents on the chart' })).getAllByRole('listitem'),
    ).toHaveLength(1);
    expect(
      within(screen.getByRole('list', { name: 'Planned on the chart' })).getAllByRole('listitem'),
    ).toHaveLength(1);
  });

  it('is the one of the mode that the URL asks for', async () => {
    showSlo(testPage(), { mode: 'rolling', exclusions: 'on' });
    expect((await panel('Error budget left')).textContent).toContain('Rolling: 30 d');
    const modes = within(screen.getByRole('navigation', { name: 'Budget' }));
    expect(modes.getByRole('link', { name: 'Fixed' }).getAttribute('href')).toBe('/slos/api-availability');
    expect(modes.getByRole('link', { current: true }).textContent).toBe('Rolling');
  });
});
