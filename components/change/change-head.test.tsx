// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { type ChangeState, changeStates, isTerminal, stateWords } from '@/lib/change/model';
import { ChangeHead } from './change-head';
import { testView } from './test-view';
import { changeTone } from './tone';

afterEach(cleanup);

/** Which of the five stages each state stands in. */
const stages: Record<ChangeState, string> = {
  InReview: 'In review',
  Approved: 'Approved',
  Queued: 'Approved',
  Revalidating: 'Approved',
  Running: 'Running',
  Paused: 'Running',
  DataHold: 'Running',
  DriftHold: 'Running',
  Frozen: 'Running',
  ReconcileRequired: 'Running',
  Watching: 'Watching',
  Succeeded: 'Closed',
  BackedOut: 'Closed',
  Failed: 'Closed',
  Rejected: 'Closed',
  Voided: 'Closed',
  Expired: 'Closed',
  Cancelled: 'Closed',
};

describe('the head of a change', () => {
  it.each(changeStates)('%s has its words, its tone and its stage', (state) => {
    render(<ChangeHead view={testView(state)} />);
    const badge = screen.getByTestId('change-state');
    expect(badge.textContent).toBe(stateWords[state]);
    expect(badge.className).toContain(`text-${changeTone[state]}`);
    expect(badge.querySelector('svg')).not.toBeNull();
    const current = within(screen.getByRole('list', { name: 'Stages' }))
      .getAllByRole('listitem')
      .filter((stage) => stage.getAttribute('aria-current') === 'step');
    expect(current.map((stage) => stage.textContent)).toEqual([stages[state]]);
    expect(screen.getByText('Owner').nextSibling?.textContent).toBe('the leads');
    expect(screen.getByText('Next').nextSibling?.textContent).toBe('Somebody signs.');
  });

  it('was tried in every state there is, and each reads differently', () => {
    expect(Object.keys(stages).toSorted()).toEqual(changeStates.toSorted());
    expect(new Set(changeStates.map((state) => stateWords[state])).size).toBe(changeStates.length);
    expect(changeStates).toHaveLength(18);
  });

  it('ends in the stage that is closed, whatever the end', () => {
    for (const state of changeStates.filter(isTerminal)) expect(stages[state]).toBe('Closed');
  });

  it('says that it goes back while it does, and what it was once it is done', () => {
    render(<ChangeHead view={testView('Running', { backingOut: true })} />);
    expect(screen.getByTestId('change-state').textContent).toBe('Going back');
    cleanup();
    const done = { backingOut: true, finishedAt: '2026-11-21T14:10:00.000Z' };
    render(<ChangeHead view={testView('BackedOut', done)} />);
    expect(screen.getByTestId('change-state').textContent).toBe('Backed out');
  });

  it('tells a clock that starts anew with each progress by its length, since it has no fixed end', () => {
    const view = testView('Running');
    render(<ChangeHead view={{ ...view, timer: { label: 'Goes back', at: null, limitSeconds: 180 } }} />);
    expect(screen.getByText('Goes back').nextSibling?.textContent).toBe('after 3 min without progress');
  });

  it('says the hold before the outcome, and the outcome before the sentence', () => {
    const hold = { kind: 'data', sentence: 'Held: no data.', since: '2026-11-21T14:00:00.000Z' };
    const outcome = { sentence: 'It was aborted.', kept: [] };
    render(<ChangeHead view={testView('DataHold', { hold, outcome })} />);
    expect(screen.getByText('Held: no data.')).toBeDefined();
    cleanup();
    render(<ChangeHead view={testView('BackedOut', { outcome })} />);
    expect(screen.getByText('It was aborted.')).toBeDefined();
    expect(screen.queryByText('Waits for 2 sign-offs.')).toBeNull();
  });
});
