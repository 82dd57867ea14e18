import type { Changes, Levels } from '@/lib/config/sli-guide';
import type { SliState } from './model';

/**
 * The state of a value by its levels, in their unit. The boundaries are those of the guide: a target of "< 100 ms" is
 * strictly below, one of "40-60 %" includes both ends, a limit of "> 150 ms" is strictly above. What is not a number,
 * or infinite, is no data.
 */
export function judgeLevel(value: number | null, levels: Levels): SliState {
  if (value === null || !Number.isFinite(value)) return 'no-data';
  // Where lower is worse everything is the mirror image.
  const sign = levels.kind === 'above' ? -1 : 1;
  const [at, target, warning, critical] = [value, levels.target, levels.warning, levels.critical].map(
    (one) => sign * one,
  );
  if (at === undefined || target === undefined || warning === undefined || critical === undefined) {
    return 'no-data';
  }
  if (at > critical) return 'critical';
  if (at > warning) return 'warning';
  if (levels.kind !== 'band') return at < target ? 'ok' : 'off-target';
  if (at > target) return 'off-target';
  return levels.low !== null && at < levels.low ? 'under-used' : 'ok';
}

/** The change against a baseline as a ratio: 0.5 is half more, -1 is nothing left. Null where nothing can be divided. */
export function changeAgainst(value: number | null, baseline: number | null): number | null {
  if (value === null || baseline === null || !Number.isFinite(value) || !Number.isFinite(baseline))
    return null;
  if (baseline <= 0 || value < 0) return null;
  const change = value / baseline - 1;
  return Number.isFinite(change) ? change : null;
}

/**
 * The state of a change. A rise is over a limit when it is above it; a fall when it reaches it, since traffic
 * cannot fall by more than 100 %.
 */
export function judgeChange(change: number | null, { up, down }: Changes): SliState {
  if (change === null || !Number.isFinite(change)) return 'no-data';
  if (change > up.critical || change <= -down.critical) return 'critical';
  return change > up.warning || change <= -down.warning ? 'warning' : 'ok';
}
