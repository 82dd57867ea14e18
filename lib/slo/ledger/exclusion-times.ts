import type { SloExclusion } from '@/lib/config/slo-exclusion';
import { occurrences } from '@/lib/core/recurrence';
import { clip, type Span, unite } from './spans';

/** What one exclusion takes out of (from, to]. */
export function spansOf(exclusion: SloExclusion, { from, to }: Span): Span[] {
  const spans =
    exclusion.kind === 'once'
      ? [{ from: exclusion.from, to: exclusion.to }]
      : occurrences(exclusion, from, to);
  return unite(clip(spans, { from, to }));
}

/** What all of them take out of (from, to] together, without overlap, oldest first. */
export const excludedSpans = (exclusions: readonly SloExclusion[], from: number, to: number): Span[] =>
  unite(exclusions.flatMap((exclusion) => spansOf(exclusion, { from, to })));
