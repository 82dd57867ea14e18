// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { ChangeView } from '@/lib/change/contract';
import { stagedPlan } from '@/lib/change/testing/staged-plan';
import type { TierState } from '@/lib/change/watch/contract';
import { watchSentence, watchState } from '@/lib/change/watch/words';
import { testView } from './test-view';
import { WatchPanel } from './watch-panel';

afterEach(cleanup);

const lengths = [900, 3600, 14_400, 86_400, 604_800];

function watched(...states: TierState[]): ChangeView {
  const tiers = states.map((state, index) => ({
    seconds: lengths[index] ?? 0,
    state,
    dueAt: `2026-11-2${index + 1}T14:15:00.000Z`,
    lookedAt: state === 'open' ? null : `2026-11-2${index + 1}T14:15:00.000Z`,
    endedAt: state === 'open' ? null : `2026-11-2${index + 1}T14:15:00.000Z`,
    detail: state === 'open' ? null : `${index + 1} of 5000 requests failed (0.0 %).`,
  }));
  const state = watchState(tiers);
  const supersededBy = state === 'superseded' ? 'c-13' : null;
  const watch = { tiers, state, endsAt: tiers.at(-1)?.dueAt ?? '', supersededBy };
  return { ...testView('Succeeded'), watch: { ...watch, sentence: watchSentence(watch) } };
}
const tiers = () =>
  within(screen.getByRole('list'))
    .getAllByRole('listitem')
    .map((item) => item.textContent);

it('is not there for a change that is not watched', () => {
  const { container } = render(<WatchPanel view={testView('Running')} />);
  expect(container.childElementCount).toBe(0);
});

it('says for each tier how it stands, which is under way, and what was seen last', () => {
  render(<WatchPanel view={watched('good', 'open', 'open', 'open', 'open')} />);
  expect(screen.getByRole('heading', { level: 2, name: 'Watch' })).toBeDefined();
  expect(tiers()).toEqual([
    '15 minAs before11-21 14:15',
    '1 hWatcheddue 11-22 14:15',
    '4 hWaitsdue 11-23 14:15',
    '24 hWaitsdue 11-24 14:15',
    '1 weekWaitsdue 11-25 14:15',
  ]);
  expect(screen.getByText('15 min: 1 of 5000 requests failed (0.0 %).')).toBeDefined();
  expect(screen.queryByRole('link')).toBe(null);
});

it('offers the way back when it is worse than before, to what ran before', () => {
  render(<WatchPanel view={watched('good', 'regressed', 'open', 'open', 'open')} />);
  expect(screen.getByText('1 h: 2 of 5000 requests failed (0.0 %).')).toBeDefined();
  const link = screen.getByRole('link', { name: 'Plan the way back to v3.1.0…' });
  expect(link.getAttribute('href')).toBe(
    '/changes/new/rollback?service=architect-api&environment=production&region=us-east-1&replicaSet=architect-api-1',
  );
});

it('goes back to the other colour in every region of a pair', () => {
  const view = { ...watched('regressed', 'open', 'open', 'open', 'open'), plan: stagedPlan };
  render(<WatchPanel view={view} />);
  const query = new URL(screen.getByRole('link').getAttribute('href') ?? '', 'http://console').searchParams;
  expect(query.get('replicaSet')).toBe('pair');
  expect(query.get('regions')).toBe(stagedPlan.staged.regions.join(','));
});

it('of one that went back it says where the new version stayed, and offers the way back there alone', () => {
  const view = { ...watched('regressed', 'open', 'open', 'open', 'open'), plan: stagedPlan };
  const outcome = { sentence: 'It went back.', kept: ['eu-west-1'] };
  render(<WatchPanel view={{ ...view, change: { ...view.change, state: 'BackedOut', outcome } }} />);
  expect(screen.getByText(/^Of eu-west-1, where the new version stayed\. Worse than before/)).toBeDefined();
  const query = new URL(screen.getByRole('link').getAttribute('href') ?? '', 'http://console').searchParams;
  expect([query.get('region'), query.get('regions')]).toEqual(['eu-west-1', null]);
});

it('offers nothing when a newer change has taken the place', () => {
  render(<WatchPanel view={watched('regressed', 'superseded', 'superseded', 'superseded', 'superseded')} />);
  expect(screen.getByText('c-13 has taken its place.')).toBeDefined();
  expect(screen.queryByRole('link')).toBe(null);
});
