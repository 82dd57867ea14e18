import { expect, test } from 'vitest';
import { decide } from './decide';
import type { Facts } from './facts';
import { base, baseLive, brief, command, complete } from './testing/facts';

const pass = { verdict: 'PASS', atMs: 999_000, detail: 'fine.' } as const;
const fail = { verdict: 'FAIL', atMs: 999_000, detail: 'bad.' } as const;
const nodata = { verdict: 'NODATA', atMs: 999_000, detail: 'nothing.' } as const;
const paused = { ...base.expected, paused: true };
const held = {
  state: 'DataHold',
  holdSinceMs: 990_000,
  expected: paused,
  live: { ...baseLive, paused: true },
} as const;
const watching = { state: 'Watching', live: complete, watchUntilMs: 999_999, stateSinceMs: 900_000 } as const;
const undone = { template: 'before', paused: false, replicas: 3 };
const back = { backingOut: true, lastVerb: 'restore', expected: undone } as const;

const table: [string, Partial<Facts>, string][] = [
  [
    'nothing written yet',
    { lastVerb: null, written: false, expected: undone, live: { ...complete, template: 'before' } },
    'act apply',
  ],
  ['rolling on', {}, 'wait'],
  ['the cluster is silent', { live: null, guard: { latest: fail, lastVerdictAtMs: null } }, 'wait'],
  ['aborted', { commands: { ...base.commands, abort: command } }, 'back-out abort'],
  [
    'aborted while the cluster is silent',
    { live: null, commands: { ...base.commands, abort: command } },
    'back-out abort',
  ],
  ['aborted while held', { ...held, commands: { ...base.commands, abort: command } }, 'back-out abort'],
  ['abort beats pause', { commands: { resume: null, pause: command, abort: command } }, 'back-out abort'],
  ['a failing guard', { guard: { latest: fail, lastVerdictAtMs: 999_000 } }, 'back-out guard'],
  [
    'a failing guard while a person paused',
    { ...held, state: 'Paused', guard: { latest: fail, lastVerdictAtMs: 1 } },
    'back-out guard',
  ],
  [
    'a failing guard while watching',
    { ...watching, guard: { latest: fail, lastVerdictAtMs: 1 } },
    'back-out guard',
  ],
  ['no verdict within the grace time', { firstReadyAtMs: 955_000 }, 'wait'],
  ['no verdict after the grace time', { firstReadyAtMs: 954_999 }, 'act pause'],
  [
    'no verdict since the last one',
    { firstReadyAtMs: 1, guard: { latest: nodata, lastVerdictAtMs: 960_000 } },
    'wait',
  ],
  [
    'the last verdict is long ago',
    { firstReadyAtMs: 1, guard: { latest: nodata, lastVerdictAtMs: 900_000 } },
    'act pause',
  ],
  [
    'paused by us, not written down',
    { expected: paused, live: { ...baseLive, paused: true } },
    'hold DataHold',
  ],
  ['held without data', { ...held, guard: { latest: nodata, lastVerdictAtMs: null } }, 'wait'],
  ['held, data is back', { ...held, guard: { latest: pass, lastVerdictAtMs: 999_000 } }, 'act resume'],
  [
    'held, resumed by us',
    { ...held, expected: base.expected, live: baseLive, guard: { latest: pass, lastVerdictAtMs: 1 } },
    'go Running',
  ],
  ['held too long', { ...held, holdSinceMs: -2_700_001 }, 'back-out max-hold'],
  ['all pods new', { live: complete }, 'go Watching'],
  ['all pods new, controller not there yet', { live: { ...complete, observedGeneration: 1 } }, 'wait'],
  ['an old pod is left', { live: { ...complete, counts: { ...complete.counts, all: 4 } } }, 'wait'],
  [
    'a new pod is not available',
    { live: { ...complete, counts: { ...complete.counts, available: 2 } } },
    'wait',
  ],
  ['progress deadline', { live: { ...baseLive, deadlineExceeded: true } }, 'back-out deadline'],
  [
    'progress deadline of an earlier rollout',
    { live: { ...baseLive, deadlineExceeded: true, observedGeneration: 1 } },
    'wait',
  ],
  ['our own deadline', { progressAtMs: 699_999 }, 'back-out deadline'],
  ['a person pauses', { commands: { ...base.commands, pause: command } }, 'act pause'],
  [
    'a person paused',
    { expected: paused, live: { ...baseLive, paused: true }, commands: { ...base.commands, pause: command } },
    'hold Paused',
  ],
  ['a person takes a hold over', { ...held, commands: { ...base.commands, pause: command } }, 'hold Paused'],
  [
    'a person resumes',
    { ...held, state: 'Paused', commands: { ...base.commands, resume: command } },
    'act resume',
  ],
  ['resume without a pause', { commands: { ...base.commands, resume: command } }, 'refuse'],
  [
    'a person paused, data is fine',
    { ...held, state: 'Paused', guard: { latest: pass, lastVerdictAtMs: 1 } },
    'wait',
  ],
  ["a stranger's template", { live: { ...baseLive, template: 'stranger' } }, 'hold DriftHold'],
  ["a stranger's pause", { live: { ...baseLive, paused: true } }, 'hold DriftHold'],
  ["a stranger's scale", { live: { ...baseLive, replicas: 5 } }, 'hold DriftHold'],
  ["an autoscaler's scale", { live: { ...baseLive, replicas: 5, scaledByAutoscaler: true } }, 'wait'],
  [
    'drift while our version fails',
    { live: { ...baseLive, paused: true }, guard: { latest: fail, lastVerdictAtMs: 1 } },
    'back-out guard',
  ],
  [
    'a stranger over a failing version',
    { live: { ...baseLive, template: 'stranger' }, guard: { latest: fail, lastVerdictAtMs: 1 } },
    'hold DriftHold',
  ],
  [
    'resume with drift',
    {
      state: 'DriftHold',
      live: { ...baseLive, template: 'stranger' },
      commands: { ...base.commands, resume: command },
    },
    'refuse',
  ],
  [
    'drift for too long',
    { state: 'DriftHold', stateSinceMs: -2_700_001, live: { ...baseLive, template: 'stranger' } },
    'end Failed',
  ],
  ['drift is gone', { state: 'DriftHold' }, 'wait'],
  [
    'drift is gone, resumed',
    { state: 'DriftHold', commands: { ...base.commands, resume: command } },
    'go Running',
  ],
  [
    'the watch goes on',
    { ...watching, watchUntilMs: 1_000_001, guard: { latest: pass, lastVerdictAtMs: 1 } },
    'wait',
  ],
  ['the watch is over', { ...watching, guard: { latest: pass, lastVerdictAtMs: 999_000 } }, 'end Succeeded'],
  [
    'the watch is over without data',
    { ...watching, guard: { latest: nodata, lastVerdictAtMs: 950_000 } },
    'wait',
  ],
  ['the watch is over, never measured', { ...watching }, 'wait'],
  [
    'the watch is over, the pass is old',
    { ...watching, guard: { latest: { ...pass, atMs: 950_000 }, lastVerdictAtMs: 1 } },
    'wait',
  ],
  [
    'the watch is over, a pod crashed',
    { ...watching, live: baseLive, guard: { latest: pass, lastVerdictAtMs: 1 } },
    'wait',
  ],
  ['the watch never gets data', { ...watching, watchUntilMs: -2_700_001 }, 'back-out max-hold'],
  ['going back', { backingOut: true }, 'act restore'],
  [
    'going back from a pause',
    { backingOut: true, expected: paused, live: { ...baseLive, paused: true } },
    'act restore',
  ],
  [
    'going back, nothing was written',
    {
      backingOut: true,
      lastVerb: null,
      written: false,
      expected: undone,
      live: { ...complete, template: 'before' },
    },
    'end BackedOut',
  ],
  [
    'going back over a stranger',
    { backingOut: true, live: { ...baseLive, template: 'stranger' } },
    'hold DriftHold',
  ],
  [
    'ordered back over a stranger',
    { backingOut: true, orderedBack: true, live: { ...baseLive, template: 'stranger' } },
    'act restore',
  ],
  ['the write back was refused', { backingOut: true, state: 'DriftHold' }, 'wait'],
  [
    'the write back, tried again',
    { backingOut: true, state: 'DriftHold', commands: { ...base.commands, resume: command } },
    'act restore',
  ],
  ['back, rolling', { ...back, live: { ...baseLive, template: 'before' } }, 'wait'],
  ['back, complete', { ...back, live: { ...complete, template: 'before' } }, 'end BackedOut'],
  [
    'back, without progress',
    { ...back, progressAtMs: 1, live: { ...baseLive, template: 'before' } },
    'end Failed',
  ],
  ['back, changed by a stranger', { ...back, live: { ...baseLive, template: 'stranger' } }, 'hold DriftHold'],
  [
    'back, a verdict does not matter',
    { ...back, guard: { latest: fail, lastVerdictAtMs: 1 }, live: { ...complete, template: 'before' } },
    'end BackedOut',
  ],
];

test.each(table)('%s', (_, facts, expected) => {
  expect(brief(decide({ ...base, ...facts }))).toBe(expected);
});

const next = (facts: Partial<Facts>) => brief(decide({ ...base, ...facts }));

test('a pause and a resumption before the first write leave the write to be done', () => {
  const facts = { lastVerb: 'resume', written: false, expected: undone } as const;
  expect(next({ ...facts, live: { ...complete, template: 'before' } })).toBe('act apply');
});

test('a verdict from before the pause does not end the pause', () => {
  const facts = { lastVerb: 'pause', expected: paused, live: { ...baseLive, paused: true } } as const;
  const old = { ...pass, atMs: 1_000_000 - 46_000 };
  expect(next({ ...facts, guard: { latest: old, lastVerdictAtMs: old.atMs } })).toBe('hold DataHold');
  expect(next({ ...facts, guard: { latest: pass, lastVerdictAtMs: pass.atMs } })).toBe('act resume');
});

test('a write that nobody saw arrive is fenced off before the way back ends', () => {
  const facts = {
    backingOut: true,
    lastVerb: null,
    written: false,
    expected: undone,
    live: { ...complete, template: 'before' },
  } as const;
  expect(next({ ...facts, unseen: false })).toBe('end BackedOut');
  expect(next({ ...facts, unseen: true })).toBe('act restore');
});

test('what was written is not called unchanged, even when the template is the last known good one', () => {
  const live = { ...baseLive, template: 'before' };
  expect(next({ backingOut: true, expected: undone, live })).toBe('act restore');
});

test('a deleted Deployment holds the change, and the hold ends', () => {
  const gone = { live: null, gone: true } as const;
  expect(next(gone)).toBe('hold DriftHold');
  expect(next({ ...gone, backingOut: true })).toBe('hold DriftHold');
  expect(next({ ...gone, commands: { ...base.commands, abort: command } })).toBe('back-out abort');
  const held = { ...gone, state: 'DriftHold', holdSinceMs: 999_000 } as const;
  expect(next(held)).toBe('wait');
  expect(next({ ...held, commands: { ...base.commands, resume: command } })).toBe('refuse');
  expect(next({ ...held, holdSinceMs: 1_000_000 - 3_601_000 })).toBe('end Failed');
});

test('a resumption from before the way back is refused, and the way back is not made in its name', () => {
  const commands = { ...base.commands, resume: command };
  expect(next({ backingOut: true, commands })).toBe('refuse');
  expect(next({ backingOut: true, commands, live: { ...baseLive, template: 'stranger' } })).toBe('refuse');
});
