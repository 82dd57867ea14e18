import { describe, expect, it } from 'vitest';
import { cancelWindowSeconds, restoreSteps } from '../restore-steps';
import { beginsMs, databasesNow, pauseRefusal, type StageFacts, stageOf } from './stage';

const names = { live: 'shop', fresh: 'shop_r_c0000012', former: 'shop_pre_c0000012' };
const kinds = ['copy', 'close', 'load', 'switch', 'watch'] as const;
type Kind = (typeof kinds)[number];

/** With these steps done and one running. */
const steps = (running: Kind | null, safetyCopy = true): StageFacts['steps'] =>
  kinds
    .filter((kind) => kind !== 'copy' || safetyCopy)
    .map((kind) => ({
      n: restoreSteps(safetyCopy)[kind] ?? 0,
      kind,
      state:
        running !== null && kinds.indexOf(kind) < kinds.indexOf(running)
          ? 'done'
          : kind === running
            ? 'running'
            : 'pending',
    }));
const facts = (more: Partial<StageFacts> = {}): StageFacts => ({
  names,
  steps: steps('copy'),
  state: 'Running',
  stateSinceMs: 0,
  backingOut: false,
  isOver: false,
  asideName: null,
  nowMs: 60_000,
  ...more,
});

describe('the time in which an abort takes it back', () => {
  it.each([['copy'], [null]] as const)('runs from the start, with step %s', (running) => {
    expect(beginsMs(facts({ steps: steps(running), nowMs: 9_999 }))).toBe(cancelWindowSeconds * 1000);
  });

  it.each([
    ['it is over', { nowMs: 10_000 }],
    ['the first step is done', { steps: steps('close') }],
    ['it goes back already', { backingOut: true }],
    ['it is held', { state: 'Frozen' }],
    ['it waits for its turn', { state: 'Queued' }],
  ] as const)('does not run when %s', (_, more) => {
    expect(beginsMs(facts({ nowMs: 1000, ...more }))).toBe(null);
  });
});

describe('the stage', () => {
  it.each([
    ['before', { steps: steps(null) }],
    ['before', { steps: steps('copy') }],
    ['before', { steps: steps('close', false), nowMs: 9_000 }],
    ['closed', { steps: steps('close', false), nowMs: 10_000 }],
    ['closed', { steps: steps('close') }],
    ['closed', { steps: steps('load') }],
    ['closed', { steps: steps('switch') }],
    ['closed', { steps: steps('load'), backingOut: true }],
    ['opened', { steps: steps('load'), backingOut: true, isOver: true, state: 'BackedOut' }],
    ['before', { steps: steps('copy'), backingOut: true, isOver: true, state: 'BackedOut' }],
    // The row beside is written with the switch, and outranks the step that is told a moment later.
    ['switched', { steps: steps('switch'), asideName: names.former }],
    ['switched', { steps: steps('watch'), state: 'Watching' }],
    ['switched', { steps: steps('watch'), asideName: names.former, state: 'Watching' }],
    ['switched', { steps: steps('watch'), asideName: names.former, backingOut: true }],
    ['taken-back', { steps: steps('watch'), asideName: names.fresh, backingOut: true }],
  ] as const)('is %s', (stage, more) => {
    expect(stageOf(facts(more))).toBe(stage);
  });

  it('lets it be paused only while nothing was touched', () => {
    expect(pauseRefusal('before')).toBe(null);
    expect(pauseRefusal('closed')).toMatch(/finished or aborted/);
    expect(pauseRefusal('switched')).toMatch(/finished or aborted/);
  });
});

describe('the databases', () => {
  it.each([
    ['before', 'old', ['shop', 'shop_r_c0000012']],
    ['closed', 'old', ['shop', 'shop_r_c0000012']],
    ['switched', 'restored', ['shop', 'shop_pre_c0000012']],
    ['opened', 'old', ['shop', 'shop_r_c0000012']],
    ['taken-back', 'old', ['shop', 'shop_r_c0000012']],
  ] as const)('%s: services reach the %s one', (stage, role, shown) => {
    const now = databasesNow(stage, names);
    expect(now.map(({ name }) => name)).toEqual(shown);
    expect(now.find(({ name }) => name === names.live)?.role).toBe(role);
    expect(new Set(now.map((one) => one.role)).size).toBe(2);
  });
});
