import type { DataState } from '../model';
import type { Figures } from './budget';
import type { JudgedRule } from './burn';

/** The one word for an objective, what is broken first: lists are sorted by it, so that no broken one hides. */
export const sloWords = [
  'invalid',
  'no-data',
  'burning-fast',
  'burning-slow',
  'exhausted',
  'recovering',
  'partial',
  'no-traffic',
  'healthy',
] as const;
export type SloWord = (typeof sloWords)[number];

/**
 * `recent` is the state of the last hour, `figures` those of the whole window. A burn is said first, since its own
 * spans are known to be valid; then what is broken; then what the budget is.
 */
export function sloWordOf({
  recent,
  figures,
  pairs,
}: {
  recent: DataState;
  figures: Figures;
  pairs: readonly JudgedRule[];
}): SloWord {
  const fires = (severity: 'page' | 'ticket') =>
    pairs.some(({ rule, firing }) => firing && rule.severity === severity);
  if (fires('page')) return 'burning-fast';
  if (fires('ticket')) return 'burning-slow';
  if (recent === 'invalid' || figures.state === 'invalid') return 'invalid';
  if (recent === 'no-data' || figures.state === 'no-data') return 'no-data';
  if (figures.budgetLeft !== null && figures.budgetLeft <= 0) return 'exhausted';
  if (pairs.some(({ word }) => word === 'recovering')) return 'recovering';
  if (figures.state === 'partial') return 'partial';
  return recent === 'no-traffic' || figures.state === 'no-traffic' ? 'no-traffic' : 'healthy';
}
