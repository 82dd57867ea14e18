import { formatBytes, formatSeconds } from '@/components/ui/number-text';
import type { Tone } from '@/components/ui/state';
import { formatDuration } from '@/lib/core/duration';
import type { ReplicationView, SessionRow } from '@/lib/database/contract';
import type { PoolState } from '@/lib/database/pool';

/** Short spans with their milliseconds, long ones in two units; a dash for what is not known. */
export const spanText = (seconds: number | null): string =>
  seconds === null ? '–' : seconds < 60 ? formatSeconds(Math.max(0, seconds)) : formatDuration(seconds);

/** A limit as people set it: 30 s, 5 min. */
export const limitText = (seconds: number): string =>
  seconds < 1 ? formatSeconds(seconds) : formatDuration(seconds);

export const bytesText = (bytes: number | null): string => (bytes === null ? '–' : formatBytes(bytes));

/** Bytes gained or lost, with their sign. */
export const gainText = (bytes: number): string => `${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes))}`;

/** A session that holds a transaction open and does nothing is in somebody's way; the rest is ordinary. */
export function sessionTone({ state, blockedBy }: Pick<SessionRow, 'state' | 'blockedBy'>): Tone {
  if (blockedBy.length > 0) return 'warn';
  if (state === null) return 'unknown';
  if (state.startsWith('idle in transaction')) return 'hold';
  return state === 'active' ? 'info' : 'unknown';
}

export const poolTones: Record<PoolState, Tone> = {
  fits: 'ok',
  tight: 'warn',
  over: 'crit',
  unknown: 'unknown',
};
export const poolWords: Record<PoolState, string> = {
  fits: 'Fits',
  tight: 'Tight',
  over: 'Does not fit',
  unknown: 'Not known',
};

type LagState = ReplicationView['standbys'][number]['lag']['state'];
export const lagTones: Record<LagState, Tone> = { within: 'ok', late: 'crit', unknown: 'unknown' };
export const lagWords: Record<LagState, string> = {
  within: 'Within the limit',
  late: 'Over the limit',
  unknown: 'Not known',
};
