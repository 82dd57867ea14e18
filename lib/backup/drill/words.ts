import { formatDuration } from '@/lib/core/duration';

/** A time that was measured: tenths matter while it is short. */
export const tookWords = (seconds: number): string =>
  seconds < 0.1 ? 'under 0.1 s' : seconds < 10 ? `${seconds.toFixed(1)} s` : formatDuration(seconds);

/** Why no second drill of a database begins. */
export const underWaySentence = (name: string, by: string | null): string =>
  `A drill of ${name} is under way, ${by === null ? 'begun by its schedule' : `asked for by ${by}`}.`;
