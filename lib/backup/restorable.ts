import { formatDuration } from '@/lib/core/duration';
import type { CopyView } from './contract';
import { goodLevel, levelNames } from './model';

/** A copy that takes the place of live data was restored no longer ago (change-engine.md 6.2). */
export const restorableSeconds = 7 * 86_400;

type Known = Pick<CopyView, 'state' | 'level' | 'isSpoilt' | 'provenAt'>;

const rehearse = 'Rehearse a restore of it first.';

/** Why a copy may not take the place of what a database has now; null when it may. The plan asks the same again. */
export function restoreRefusal({ state, level, isSpoilt, provenAt }: Known, nowMs: number): string | null {
  switch (state) {
    case 'wanted':
    case 'running':
      return 'It is not made yet.';
    case 'failed':
      return 'It failed: there is nothing to put back.';
    case 'tombstoned':
      return 'It is marked for deletion. A pin keeps it.';
    case 'deleted':
      return 'It was deleted.';
    case 'kept':
      break;
  }
  if (isSpoilt) return 'The last look at it found it spoilt.';
  if (level !== 4 || provenAt === null) {
    return level === null || level < goodLevel
      ? 'It was not read in full, so nobody knows whether it is good.'
      : `It was never restored (L4 ${levelNames[4]}). ${rehearse}`;
  }
  // Asked in browsers, too: one whose clock is behind by a little has seen it proven just now.
  const age = Math.max(0, (nowMs - Date.parse(provenAt)) / 1000);
  return age <= restorableSeconds
    ? null
    : `It was last restored ${formatDuration(age)} ago, and a copy counts for 7 days. ${rehearse}`;
}
