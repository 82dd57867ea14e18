import type { Role } from '@/lib/access/model';
import type { SloWord } from '../math/word';
import type { DataState } from '../model';

/** From lax to strict: a change goes its usual way, needs more sign-offs than usual, or is refused. */
export const gateVerdicts = ['open', 'sign-offs', 'closed'] as const;
export type GateVerdict = (typeof gateVerdicts)[number];

/** Kinds of changes that give a version more requests: each is a risk, and asks the budget by its own policy. */
export const gateKinds = ['deploy', 'shift'] as const;
export type GateKind = (typeof gateKinds)[number];

/** `rollback`: going back to what ran before, which no budget holds up. */
export const gateActions = [...gateKinds, 'rollback'] as const;
export type GateAction = (typeof gateActions)[number];

/** What the verdict rests on: the budgets, or why none was asked. */
export const gateBases = ['budget', 'rollback', 'no-policy', 'no-objective'] as const;
export type GateBasis = (typeof gateBases)[number];

/** An objective as the gate sees it. */
export type GateObjective = {
  id: string;
  name: string;
  /** Per cent as decimal text, and the window in words. */
  objective: string;
  window: string;
  /** Share of the budget left; may be negative. Null: not known. */
  budgetLeft: number | null;
  state: DataState;
  /** Share of the window that is known, 0 to 1. */
  coverage: number;
  word: SloWord;
  /** The moment that the figures stand for, ISO; null: nothing is recorded. */
  asOf: string | null;
  /** Who keeps the newest counts away, in a sentence; null while they are new. */
  away: string | null;
};

/** What one objective says, and with which figures. */
export type GateEvidence = GateObjective & {
  verdict: GateVerdict;
  /** Why the budget counts as unknown; null: it is known. */
  unknown: string | null;
  /** The lowest level that it fell below, per cent as decimal text; null: none. */
  below: string | null;
  signOffs: Role[];
  sentence: string;
};

export type GateDecision = {
  verdict: GateVerdict;
  basis: GateBasis;
  /** Roles that sign beside those of the policy; none when closed. */
  signOffs: Role[];
  /** Strictest first. */
  objectives: GateEvidence[];
  /** What holds now and why. */
  sentence: string;
  /** Only why: what the objectives say that decided it. */
  reason: string;
  /** What to do; null when nothing is in the way. */
  next: string | null;
};
