import { describe, expect, it } from 'vitest';
import { plan } from '../../testing/plan';
import { type RestoreNow, restoreNextAction } from './next-action';

const since = new Date('2026-11-22T08:00:00Z');
const until = new Date('2026-11-22T08:05:00Z');
type Shown = Parameters<typeof restoreNextAction>[0];
const shown = (more: Partial<Shown> = {}): Shown => ({
  plan,
  state: 'Running',
  stateSince: since,
  backingOut: false,
  watchUntil: null,
  ...more,
});
const now = (more: Partial<RestoreNow> = {}): RestoreNow => ({
  stage: 'before',
  beginsAt: null,
  load: null,
  ...more,
});
const load: NonNullable<RestoreNow['load']> = {
  state: 'done',
  phase: null,
  phases: [],
  seconds: 12,
  requestedAt: since.toISOString(),
  startedAt: null,
  finishedAt: null,
  sentence: null,
  evidence: [],
};

describe('what comes next in a restore', () => {
  it('is its first step, at a time that can be counted down', () => {
    const next = restoreNextAction(shown(), now({ beginsAt: '2026-11-22T08:00:10.000Z' }));
    expect(next?.timer).toEqual({ label: 'Begins', at: new Date('2026-11-22T08:00:10Z') });
    expect(next?.next).toMatch(/unless somebody aborts/);
  });

  it.each([
    [now(), /safety copy/],
    [now({ stage: 'closed' }), /when the copy is loaded/],
    [now({ stage: 'closed', load: { ...load, state: 'running' } }), /when the copy is loaded/],
    [now({ stage: 'closed', load }), /in one step/],
    [now({ stage: 'switched', load }), /Watches/],
  ])('is told for each stage (%#)', (restore, words) => {
    expect(restoreNextAction(shown(), restore)?.next).toMatch(words);
  });

  it.each([
    ['before', /nothing of the database was touched/],
    ['closed', /drops the new one/],
    ['switched', /Switches back/],
    ['opened', /in use again/],
    ['taken-back', /in use again/],
  ] as const)('on the way back from %s is what becomes of the databases', (stage, words) => {
    for (const state of ['Running', 'Watching'] as const)
      expect(restoreNextAction(shown({ state, backingOut: true }), now({ stage }))?.next).toMatch(words);
  });

  it('has an owner and a timer in every state, and leaves the others to every change', () => {
    expect(
      restoreNextAction(shown({ state: 'Watching', watchUntil: until }), now({ stage: 'switched' }))?.timer,
    ).toEqual({ label: 'The watch ends', at: until });
    expect(restoreNextAction(shown({ state: 'Watching' }), now())?.timer.at).toBe(null);
    expect(restoreNextAction(shown({ state: 'Paused' }), now())?.timer.label).toBe('Goes back by itself');
    expect(restoreNextAction(shown({ state: 'DataHold' }), now())?.timer.label).toMatch(/Ends as failed/);
    expect(restoreNextAction(shown({ state: 'DriftHold' }), now())?.next).toMatch(/resume or abort/);
    expect(restoreNextAction(shown({ state: 'Revalidating' }), null)?.owner).toBe('Worker');
    for (const state of ['InReview', 'Approved', 'Queued', 'Frozen', 'Succeeded'] as const)
      expect(restoreNextAction(shown({ state }), null)).toBe(null);
  });
});
