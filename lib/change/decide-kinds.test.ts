import { expect, test } from 'vitest';
import { decide } from './decide';
import type { Facts } from './facts';
import { base, baseLive, brief, command, complete } from './testing/facts';

const fail = { verdict: 'FAIL', atMs: 999_000, detail: 'bad.' } as const;
const held = {
  state: 'DataHold',
  holdSinceMs: 990_000,
  expected: { ...base.expected, paused: true },
  live: { ...baseLive, paused: true },
} as const;
const undone = { template: 'before', paused: false, replicas: 3 };
const back = { backingOut: true, lastVerb: 'restore', expected: undone } as const;
const by = { id: 'u', name: 'Ella', email: 'e@example.com' };
const freeze = { id: 'k', verb: 'freeze', sentence: 'FREEZE everywhere, by Ella: why', by } as const;
const backOutKill = { ...freeze, verb: 'back-out' } as const;
const unknown = { ...base.what, undoIsKnownGood: false };
/** As whatOf makes it of every rollback. */
const rollback = { ...unknown, kind: 'rollback' } as const;
const away = { verdict: 'ERROR', atMs: 999_000, detail: 'Prometheus is away.' } as const;
const over = { state: 'Watching', live: complete, stateSinceMs: 900_000 } as const;

/** FREEZE and BACK OUT, changes of replicas, and changes that never go back by themselves. */
const table: [string, Partial<Facts>, string][] = [
  ['FREEZE', { kill: freeze }, 'hold Frozen'],
  ['FREEZE beats an abort', { kill: freeze, commands: { ...base.commands, abort: command } }, 'hold Frozen'],
  ['FREEZE on the way back', { ...back, live: complete, kill: freeze }, 'hold Frozen'],
  ['FREEZE while the cluster is silent', { live: null, kill: freeze }, 'hold Frozen'],
  ['frozen', { state: 'Frozen', kill: freeze, guard: { latest: fail, lastVerdictAtMs: 1 } }, 'wait'],
  ['released', { state: 'Frozen' }, 'thaw'],
  [
    'released, and aborted meanwhile',
    { state: 'Frozen', commands: { ...base.commands, abort: command } },
    'back-out abort',
  ],
  ['BACK OUT', { kill: backOutKill }, 'back-out switch'],
  ['BACK OUT of a hold', { ...held, kill: backOutKill }, 'back-out switch'],
  [
    'going back before anything was written, over what nobody knows',
    {
      backingOut: true,
      orderedBack: true,
      lastVerb: null,
      written: false,
      live: { ...complete, template: 'stranger' },
    },
    'end BackedOut',
  ],
  [
    'BACK OUT when it goes back already',
    { ...back, live: { ...baseLive, template: 'before' }, kill: backOutKill },
    'wait',
  ],
  [
    'a scale by the autoscaler, of a change that scales',
    { scale: { target: 3, undo: 2 }, live: { ...baseLive, replicas: 5, scaledByAutoscaler: true } },
    'hold DriftHold',
  ],
  [
    'a scale with a pod too many',
    {
      scale: { target: 3, undo: 4 },
      live: { ...complete, counts: { all: 4, updated: 4, ready: 4, available: 4 } },
    },
    'wait',
  ],
  ['a scale, done', { scale: { target: 3, undo: 4 }, live: complete }, 'go Watching'],
  [
    'a failing guard where nothing good ran before',
    { what: unknown, guard: { latest: fail, lastVerdictAtMs: 999_000 } },
    'hold DataHold',
  ],
  ['no progress where nothing good ran before', { what: unknown, progressAtMs: 1 }, 'hold DataHold'],
  [
    'held too long where nothing good ran before',
    { ...held, what: unknown, holdSinceMs: -2_700_001 },
    'end Failed',
  ],
  [
    'a deploy, long without a verdict',
    { firstReadyAtMs: 1, guard: { latest: away, lastVerdictAtMs: null } },
    'act pause',
  ],
  [
    'a rollback, long without a verdict',
    { what: rollback, firstReadyAtMs: 1, guard: { latest: away, lastVerdictAtMs: null } },
    'wait',
  ],
  [
    'a rollback that is complete, without a verdict',
    { what: rollback, live: complete, firstReadyAtMs: 1 },
    'go Watching',
  ],
  [
    'a rollback, its watch just over, without a verdict',
    { what: rollback, ...over, watchUntilMs: 990_000, guard: { latest: away, lastVerdictAtMs: null } },
    'wait',
  ],
  [
    'a rollback, its watch over for the grace time, without a verdict',
    { what: rollback, ...over, watchUntilMs: 950_000, guard: { latest: away, lastVerdictAtMs: null } },
    'end Succeeded',
  ],
  [
    'a deploy, its watch over for the grace time, without a verdict',
    { ...over, watchUntilMs: 950_000, guard: { latest: away, lastVerdictAtMs: null } },
    'wait',
  ],
  [
    'a rollback that fails',
    { what: rollback, ...over, watchUntilMs: 950_000, guard: { latest: fail, lastVerdictAtMs: 999_000 } },
    'hold DataHold',
  ],
  [
    'a rollback that was paused for want of a verdict by an earlier version of this program',
    { ...held, what: rollback, guard: { latest: away, lastVerdictAtMs: null } },
    'act resume',
  ],
  [
    'what takes no requests, long without a verdict',
    { judges: false, firstReadyAtMs: 1, guard: { latest: null, lastVerdictAtMs: null } },
    'wait',
  ],
  ['the same with a judge', { firstReadyAtMs: 1 }, 'act pause'],
  [
    'what takes no requests, watched',
    { judges: false, state: 'Watching', live: complete, watchUntilMs: 1_000_001 },
    'wait',
  ],
  [
    'what takes no requests, after the watch',
    { judges: false, state: 'Watching', live: complete, watchUntilMs: 999_999 },
    'end Succeeded',
  ],
  [
    'what takes no requests, after the watch with a pod that is not ready',
    { judges: false, state: 'Watching', watchUntilMs: 999_999 },
    'wait',
  ],
  [
    'what takes no requests, scaled to nothing',
    {
      judges: false,
      scale: { target: 0, undo: 3 },
      expected: { ...base.expected, replicas: 0 },
      live: { ...complete, replicas: 0, counts: { all: 0, updated: 0, ready: 0, available: 0 }, newPods: [] },
    },
    'go Watching',
  ],
  ['what takes no requests, without progress', { judges: false, progressAtMs: 1 }, 'back-out deadline'],
  [
    'what takes no requests, held and well again',
    {
      judges: false,
      state: 'DataHold',
      holdSinceMs: 990_000,
      live: complete,
    },
    'go Running',
  ],
  [
    'what takes no requests, held and not well',
    { judges: false, state: 'DataHold', holdSinceMs: 990_000 },
    'wait',
  ],
];

test.each(table)('%s', (_, facts, expected) => {
  expect(brief(decide({ ...base, ...facts }))).toBe(expected);
});
