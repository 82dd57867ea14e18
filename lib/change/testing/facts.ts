import type { CommandFact, Facts, Move } from '../facts';
import type { Live, PodFact } from '../rollout';

const pod = (name: string, ready: boolean, trouble: string | null = null): PodFact => ({
  name,
  version: '',
  ready,
  terminating: false,
  restarts: 0,
  trouble,
});

export const baseLive: Live = {
  uid: 'uid',
  resourceVersion: '1',
  template: 'target',
  paused: false,
  replicas: 3,
  generation: 2,
  observedGeneration: 2,
  counts: { all: 4, updated: 1, ready: 3, available: 3 },
  deadlineExceeded: false,
  newPods: [pod('new-1', true)],
  oldPods: [pod('old-1', true), pod('old-2', true), pod('old-3', true)],
  writer: null,
  scaledByAutoscaler: false,
};

export const complete: Live = {
  ...baseLive,
  counts: { all: 3, updated: 3, ready: 3, available: 3 },
  newPods: [pod('new-1', true), pod('new-2', true), pod('new-3', true)],
  oldPods: [],
};

export const base: Facts = {
  nowMs: 1_000_000,
  state: 'Running',
  stateSinceMs: 990_000,
  backingOut: false,
  orderedBack: false,
  holdSinceMs: null,
  kill: null,
  commands: { abort: null, pause: null, resume: null },
  what: { kind: 'deploy', from: '1.0.0', to: '2.0.0', undo: '1.0.0', undoIsKnownGood: true, effect: null },
  templates: { target: 'target', undo: 'before', known: ['before', 'target'] },
  timing: {
    watchSeconds: 60,
    rolloutDeadlineSeconds: 300,
    maxHoldSeconds: 3600,
    graceSeconds: 45,
    guardIntervalSeconds: 10,
    guardWindowSeconds: 60,
  },
  scale: null,
  expected: { template: 'target', paused: false, replicas: 3 },
  lastVerb: 'apply',
  written: true,
  unseen: false,
  live: baseLive,
  gone: false,
  judges: true,
  guard: { latest: null, lastVerdictAtMs: null },
  firstReadyAtMs: null,
  progressAtMs: 1_000_000,
  watchUntilMs: null,
};

export const command: CommandFact = { id: 'x', actorName: 'Ella', reason: 'because' };

/** `act restore`, `hold DriftHold`, `go Watching`, `end Succeeded`, `back-out guard`, `wait`. */
export function brief(move: Move): string {
  if (move.do === 'act') return `act ${move.verb}`;
  if (move.do === 'back-out') return `back-out ${move.cause}`;
  return 'state' in move ? `${move.do} ${move.state}` : move.do;
}
