import type { ChangeState, Verdict } from './model';
import type { Live } from './rollout';
import type { Kill } from './switch/model';
import type { What } from './words';

/** What a person told the change and the worker has not carried out yet. */
export type CommandFact = { id: string; actorName: string; reason: string };

export type GuardFact = { verdict: Verdict; atMs: number; detail: string };

/** Everything a decision of the engine rests on; times are milliseconds of the database's clock. */
export type Facts = {
  nowMs: number;
  state: ChangeState;
  stateSinceMs: number;
  backingOut: boolean;
  /** A person ordered the way back: it may also overwrite what a stranger wrote. */
  orderedBack: boolean;
  holdSinceMs: number | null;
  /** FREEZE or BACK OUT over this change; it outranks every command. */
  kill: Kill | null;
  commands: { abort: CommandFact | null; pause: CommandFact | null; resume: CommandFact | null };
  what: What;
  /** Keys of the pod templates (template.ts). */
  templates: { target: string; undo: string; known: readonly string[] };
  timing: {
    watchSeconds: number;
    rolloutDeadlineSeconds: number;
    maxHoldSeconds: number;
    graceSeconds: number;
    guardIntervalSeconds: number;
    guardWindowSeconds: number;
  };
  /** The replicas that the change sets and those it goes back to; null when they are not its business. */
  scale: { target: number; undo: number } | null;
  /** What the object should be after our last settled write; the baseline before the first. */
  expected: { template: string; paused: boolean; replicas: number };
  /** Our last settled write. */
  lastVerb: ActVerb | null;
  /** The new version has been written: a pause may come before it. */
  written: boolean;
  /** A write was given up that nobody saw arrive: the server may still carry it out (change-engine.md 2.7). */
  unseen: boolean;
  /** Null when the cluster did not answer, or when the Deployment is gone. */
  live: Live | null;
  gone: boolean;
  /** False: what is changed takes no requests. Nothing of it is judged, and nothing waits for a verdict. */
  judges: boolean;
  guard: { latest: GuardFact | null; lastVerdictAtMs: number | null };
  /** When the first pod of the new version was ready; null before. */
  firstReadyAtMs: number | null;
  /** When net progress last rose; moves on while the cluster cannot be seen. */
  progressAtMs: number;
  watchUntilMs: number | null;
};

export const actVerbs = ['apply', 'pause', 'resume', 'restore'] as const;
export type ActVerb = (typeof actVerbs)[number];

/** The one thing to do next. `command` is the person's command that the move carries out. */
export type Move =
  | { do: 'wait'; sentence: string }
  | { do: 'act'; verb: ActVerb; command: CommandFact | null; sentence: string }
  | {
      do: 'hold';
      state: 'Paused' | 'DataHold' | 'DriftHold' | 'Frozen';
      kind: HoldKind;
      command: CommandFact | null;
      sentence: string;
    }
  | { do: 'go'; state: 'Running' | 'Watching'; command: CommandFact | null; sentence: string }
  /** A freeze is over: back to the state it was in. */
  | { do: 'thaw'; sentence: string }
  | {
      do: 'back-out';
      cause: BackOutCause;
      command: CommandFact | null;
      by?: Kill['by'];
      /** Of a change over several regions: those that failed. */
      regions?: readonly string[];
      sentence: string;
    }
  | { do: 'refuse'; command: CommandFact; sentence: string }
  | {
      do: 'end';
      state: 'Succeeded' | 'BackedOut' | 'Failed';
      /** Of a change over several regions that went back: those that keep the new version. */
      kept?: readonly string[];
      sentence: string;
    };

export type HoldKind = 'person' | 'no-verdict' | 'drift' | 'refused' | 'frozen';
export type BackOutCause = 'abort' | 'guard' | 'deadline' | 'max-hold' | 'switch' | 'refused';
