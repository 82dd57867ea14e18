// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { StagedPlan } from '@/lib/change/staged/staged-plan';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import { PlanParts } from './plan-view';

afterEach(cleanup);

const show = (plan: StagedPlan = stagedPlan, script: string | null = null) =>
  render(<PlanParts plan={plan} planHash={'ab'.repeat(32)} script={script} />);
const panel = (title: string) => {
  const section = screen.getByRole('heading', { name: title }).closest('section');
  if (section === null) throw new Error(`No panel ${title}.`);
  return section;
};
const plain = (element: Element) => (element.textContent ?? '').replaceAll('\u00a0', ' ');
const rowOf = (n: number) => {
  const row = within(panel('Steps'))
    .getAllByRole('row')
    .find((one) => one.querySelector('td')?.textContent === String(n));
  if (row === undefined) throw new Error(`No step ${n}.`);
  return [...row.querySelectorAll('td')].map(plain);
};

describe('the steps of a plan', () => {
  it('say share, start, time and cost, below their region', () => {
    show();
    expect(rowOf(5)).toEqual(['5', 'Hold in us-east-1', '5 %', '+40 s', '10 min', '420 at worst 0.16 %']);
    expect(rowOf(8)).toEqual([
      '8',
      'Hold in us-east-1',
      '100 %',
      '+11 min',
      '1 min',
      '8,400 at worst 3.1 % costs most',
    ]);
    expect(rowOf(1)).toEqual(['1', 'Write', '', '+0 s', '10 s', '']);
    expect(screen.getAllByRole('rowheader', { name: /us-east-1|eu-west-1|All regions/ }).map(plain)).toEqual([
      'us-east-1',
      'eu-west-1',
      'All regions',
      'us-east-1',
      'eu-west-1',
    ]);
  });

  it('name the way, the order of regions, and what becomes of finished ones', () => {
    show();
    expect(plain(panel('Steps'))).toContain(
      'Canary, first us-east-1, then eu-west-1; when one fails, finished ones go back too',
    );
    cleanup();
    const { staged } = stagedPlan;
    show({ ...stagedPlan, staged: { ...staged, regions: ['us-east-1'], strategy: 'blue-green' } });
    expect(plain(panel('Steps'))).toContain('Blue-green, us-east-1');
    expect(plain(panel('Steps'))).not.toContain('when one fails');
  });

  it('are drawn with the same shares in words', () => {
    show();
    const images = screen.getAllByRole('img').map((one) => one.getAttribute('aria-label'));
    expect(images.map((words) => words?.replaceAll('\u00a0', ' '))).toEqual([
      'Expected share of 2.0.0. us-east-1: 0 % at first, 5 % after 30 s, 100 % after 10 min 50 s.',
      'Expected share of 2.0.0. eu-west-1: 0 % at first, 5 % after 12 min 30 s, 100 % after 22 min 50 s.',
    ]);
  });
});

describe('what a plan may cost', () => {
  it('is its sentence and its figures', () => {
    show();
    const text = plain(panel('What it may cost in error budget'));
    expect(text).toContain(stagedPlan.staged.forecast.sentence);
    expect(text).toContain('8,400requests, 3.1 % of the budget');
    expect(text).toContain('4.5 %');
  });

  it('has no figures where nobody counts', () => {
    const { staged } = stagedPlan;
    const sentence = 'What it may cost is not known.';
    const none = { requestsPerSecond: null, steps: [], worst: null, ofBudget: null, ofRemaining: null };
    show({ ...stagedPlan, staged: { ...staged, forecast: { ...none, sentence } } });
    expect(plain(panel('What it may cost in error budget'))).toBe(
      `What it may cost in error budget${sentence}`,
    );
    expect(rowOf(5).at(-1)).toBe('');
  });
});

it('capacity that falls below the need is a warning with the number that is missing', () => {
  const { staged } = stagedPlan;
  const [first, ...rest] = staged.capacity;
  if (first === undefined) throw new Error('No capacity.');
  show({ ...stagedPlan, staged: { ...staged, capacity: [{ ...first, lowest: 1 }, ...rest] } });
  const rows = within(panel('Capacity meanwhile')).getAllByRole('row').slice(1).map(plain);
  expect(rows).toEqual(['us-east-131, 2 pods short6', 'eu-west-1336']);
});

it('the diff stands below the object that has it', () => {
  show();
  const changes = panel('What changes in the cluster');
  expect(within(changes).getAllByRole('heading', { level: 3 }).map(plain)).toEqual([
    'Deployment fraiseql/fraiseql-api-greengets the new version in us-east-1',
    'VirtualService fraiseql/fraiseql-apisends the requests in us-east-1',
  ]);
  const list = changes.querySelector('[aria-label^="Changed fields of VirtualService"]');
  expect(list === null ? '' : plain(list)).toContain('spec.http[primary].route[green].weight');
});

describe('the way back', () => {
  it('is the list of the plan, with the script behind a fold that copies whole', async () => {
    const user = userEvent.setup();
    show(stagedPlan, '#!/bin/sh\nkubectl version\n');
    const back = panel('Way back');
    expect(within(back).getAllByRole('listitem').map(plain)).toHaveLength(6);
    expect(within(back).getAllByRole('listitem').map(plain)[1]).toBe('2Let open connections end30 s');
    await user.click(within(back).getByText('Back out by hand, with kubectl'));
    await user.click(within(back).getByRole('button', { name: 'Copy' }));
    expect(await navigator.clipboard.readText()).toBe('#!/bin/sh\nkubectl version\n');
    expect(within(back).getByRole('button', { name: 'Copied' })).toBeDefined();
    expect(within(back).getByRole('button', { name: 'Download back-out-fraiseql-api.sh' })).toBeDefined();
  });

  it('says who may go back to what was not healthy', () => {
    show({ ...stagedPlan, undo: { ...stagedPlan.undo, isKnownGood: false } });
    expect(plain(panel('Way back'))).toContain(
      '1.8.0 was not healthy either, so only a person goes back to it.',
    );
    expect(plain(panel('Analysis'))).toContain('It is held for a person');
  });
});

it('every object that is signed is named', () => {
  show();
  expect(plain(panel('What is signed'))).toContain('VirtualService fraiseql/fraiseql-api in eu-west-1');
});
