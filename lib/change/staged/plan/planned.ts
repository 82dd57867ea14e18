import type { Strategies } from '@/lib/config/traffic';
import type { Analysis, StagedStep, StagedStrategy } from '../contract';
import type { Work } from './work';

/** A step with its line in the plan's list. */
export type Planned = { step: StagedStep; title: string; usualSeconds: number | null; detail: string };

export type StepParts = {
  strategy: StagedStrategy;
  /** It waits for no figures (change-engine.md 2.2, 14). */
  isRollback: boolean;
  works: readonly Work[];
  strategies: Strategies;
  /** The analysis of each region, in the same order. */
  analysis: readonly Analysis[];
  watchSeconds: number;
  podStartSeconds: number;
  /** Requests per second of a region; null: not known. */
  rateOf: (region: string) => number | null;
};
