import type { Fence } from '@/lib/actuators/kubernetes/fence';
import type { JobPhase } from '@/lib/actuators/kubernetes/job';
import type { CommandFact, Move } from '../facts';
import type { ChangeState, Verdict } from '../model';
import type { Live } from '../rollout';
import type { Kill } from '../switch/model';
import type { Analysis, BackStep, Fields, PlannedObject, StagedStep } from './contract';

/** One write of ours that has settled, the oldest first; times are milliseconds of the database's clock. */
export type WriteFact = {
  step: number;
  verb: 'write' | 'restore';
  atMs: number;
  before: Fields;
  desired: Fields;
};

/** What the cluster shows of one object of the plan, and what we did to it. */
export type ObjectFact = {
  object: PlannedObject;
  /** Null while its cluster does not answer, or when it is gone. */
  live: Fields | null;
  gone: boolean;
  fence: Fence | null;
  /** Who wrote these members last, beside us; null when the object does not say. */
  writer: string | null;
  /** The GitOps application that keeps the object, as it names itself; null when none does. */
  keeper: string | null;
  /** Of a Deployment. */
  rollout: Live | null;
  /** Ready endpoints of its colour's Service; null where none is asked for. */
  endpoints: number | null;
  writes: readonly WriteFact[];
  /** Announced at least once, also when nobody saw what became of it. */
  touched: boolean;
  /** A write was given up that nobody saw arrive (change-engine.md 2.7: it may still come). */
  unseen: boolean;
};

/** The Job of the step that runs: what the API server has under its name, and whether we made it. */
export type JobFact = {
  /** The Job was created by us at least once, as far as was seen. */
  created: boolean;
  /** When we let it run; null: nobody has seen that it was. */
  releasedAtMs: number | null;
  /** What lets it run was announced, and nothing proves that it never arrived: also unseen it may have run. */
  announced: boolean;
  /** Its release was given up and nobody saw it arrive: it may still come, unless the Job has a newer version. */
  late: boolean;
  /** Null: there is none of that name. */
  seen: {
    ours: boolean;
    /** Who made it, for people. */
    owner: string;
    phase: JobPhase;
    /** Why it failed, in the cluster's words. */
    detail: string;
  } | null;
};

export type MeasurementFact = {
  step: number;
  /** It tells whether the requests follow the weights, and nothing of how the version behaves. */
  proves: boolean;
  region: string;
  verdict: Verdict;
  total: number | null;
  atMs: number;
  detail: string;
};

export type StagedFacts = {
  nowMs: number;
  state: ChangeState;
  stateSinceMs: number;
  holdSinceMs: number | null;
  backingOut: boolean;
  /** A person ordered the way back: it may also overwrite what a stranger wrote. */
  orderedBack: boolean;
  /** What ran before was not healthy: only a person goes back to that. */
  undoIsKnownGood: boolean;
  /** It waits for no figures, and is not undone by itself (change-engine.md 2.2, 14). */
  isRollback: boolean;
  kill: Kill | null;
  commands: {
    abort: CommandFact | null;
    pause: CommandFact | null;
    resume: CommandFact | null;
    promote: (CommandFact & { expectedStep: number | null }) | null;
  };
  /** Number of the step that runs (from 1), and since when. */
  step: { n: number; sinceMs: number };
  steps: readonly StagedStep[];
  titles: readonly string[];
  /** What is so when the change has succeeded, as a sentence. */
  done: string;
  back: readonly BackStep[];
  regions: readonly string[];
  onFailure: 'back-out-all' | 'keep-finished';
  /** Regions whose failure sent the change back: the plan keeps none of them. */
  failedIn: readonly string[];
  analysis: readonly Analysis[];
  objects: ReadonlyMap<string, ObjectFact>;
  /** Null where the step that runs is no Job, or its cluster does not answer. */
  job: JobFact | null;
  /** Why what was signed does not count any more, looked at right before what cannot be undone; null while it does. */
  approval: string | null;
  /** Why a cluster could not be read, by region. */
  silent: ReadonlyMap<string, string>;
  measurements: readonly MeasurementFact[];
  /** When each step began, in milliseconds by its number; without those that have not. */
  startedAtMs: ReadonlyMap<number, number>;
  /** When net progress last rose in this step; moves on while the cluster cannot be seen. */
  progressAtMs: number;
  /** On the way back, by region: since when its old pods have not become more; stands still while nothing can be seen. */
  shortSinceMs: ReadonlyMap<string, number>;
  timing: { rolloutDeadlineSeconds: number; maxHoldSeconds: number };
};

/** Beside the moves of every change: one write of one object, what is done with the Job, and the end of a step. */
export type StagedMove =
  | Exclude<Move, { do: 'act' }>
  | {
      do: 'act';
      object: string;
      verb: 'write' | 'restore';
      desired: Fields;
      command: CommandFact | null;
      sentence: string;
    }
  | { do: 'create' | 'release' | 'seal'; sentence: string }
  /** `verdict`: the measured ground on which the step is done, for the record (5.1, I4). */
  | { do: 'next'; n: number; command: CommandFact | null; verdict?: 'PASS'; sentence: string };
