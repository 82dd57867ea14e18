import type { LoadFact } from '@/lib/backup/restore/load-fact';
import type { CopyFact, SteeredFacts, SteeredMove } from './facts';
import type { Layout } from './restore-layout';

/** What a restore does at the server of its database, in the order of a way forth and of a way back. */
export const forthVerbs = ['make', 'close', 'switch'] as const;
export const backVerbs = ['switch-back', 'open', 'drop'] as const;
export const restoreVerbs = [...forthVerbs, ...backVerbs] as const;
export type RestoreVerb = (typeof restoreVerbs)[number];

export const isBackVerb = (verb: RestoreVerb): boolean => backVerbs.some((one) => one === verb);

export type RestoreFacts = SteeredFacts & {
  name: string;
  names: { live: string; fresh: string; former: string };
  /** Null: the server did not answer. */
  layout: Layout | null;
  safetyCopy: boolean;
  copy: CopyFact;
  load: LoadFact;
  /** An act was announced, and nobody wrote down what became of it. */
  open: { verb: RestoreVerb; sinceMs: number } | null;
  /** The last act whose end is known, and since when it is. */
  last: { verb: RestoreVerb; isDone: boolean; refusal: string | null; atMs: number } | null;
  /** A person said "go on" after a hold; null: never. */
  resumedAtMs: number | null;
  watchUntilMs: number | null;
  /** Sessions of others when the plan was made: where there were none, none are waited for. */
  sessionsBefore: number;
  /** Of the service, while the change watches; null: the cluster did not answer, or is not asked yet. */
  pods: { ready: number; wanted: number } | null;
  /** Until when the database that was set aside is kept, for sentences. */
  keptFor: string;
  cancelWindowSeconds: number;
};

/** The one thing to do next. */
export type RestoreMove =
  | SteeredMove
  /** `until`: looked at again no later, milliseconds. */
  | { do: 'wait-until'; until: number; sentence: string }
  | { do: 'copy'; how: 'want' | 'withdraw' | 'stop'; sentence: string }
  | { do: 'load'; how: 'want' | 'stop'; sentence: string }
  | { do: 'act'; verb: RestoreVerb; sentence: string }
  /** Something about the announced act has to be written down first. */
  | { do: 'recover'; as: 'adopted' | 'again' | 'given-up'; sentence: string };
