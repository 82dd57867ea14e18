import { formatDuration } from '@/lib/core/duration';
import type { TierState, WatchTierView, WatchView } from './contract';

/** `1 week`, `24 h`, `15 min`: a tier by its length. */
export function tierWords(seconds: number): string {
  if (seconds % 604_800 === 0) return `${seconds / 604_800} week${seconds === 604_800 ? '' : 's'}`;
  return seconds === 86_400 ? '24 h' : formatDuration(seconds);
}

export const tierStateWords: Record<TierState, string> = {
  open: 'Watched',
  good: 'As before',
  regressed: 'Worse than before',
  unclear: 'Not clear',
  superseded: 'Superseded',
};

/** The log's line at the end of a tier. */
export function tierSentence(seconds: number, state: TierState, detail: string): string {
  const after = `${tierWords(seconds)} after its end`;
  switch (state) {
    case 'good':
      return `As good as before, ${after}: ${detail}`;
    case 'regressed':
      return `Worse than before, within ${tierWords(seconds)} after its end: ${detail}`;
    case 'unclear':
      return `Not clear whether it is as good as before, ${after}: ${detail}`;
    case 'superseded':
      return `No longer watched: ${detail}`;
    default:
      return `Watched until ${after}: ${detail}`;
  }
}

/** Of all tiers together: a watch that ended early asks nothing of anybody; else one that regressed must be seen. */
export function watchState(tiers: readonly Pick<WatchTierView, 'state'>[]): TierState {
  const has = (state: TierState) => tiers.some((tier) => tier.state === state);
  if (has('superseded')) return 'superseded';
  if (has('regressed')) return 'regressed';
  if (has('open')) return 'open';
  return has('unclear') ? 'unclear' : 'good';
}

export function watchSentence({
  tiers,
  state,
  supersededBy,
}: Pick<WatchView, 'tiers' | 'state' | 'supersededBy'>): string {
  const last = tiers.at(-1);
  const whole = tierWords(last?.seconds ?? 0);
  const open = tiers.find((tier) => tier.state === 'open');
  switch (state) {
    case 'regressed': {
      const bad = tiers.find((tier) => tier.state === 'regressed');
      return `Worse than before the change, within ${tierWords(bad?.seconds ?? 0)} of its end.`;
    }
    case 'superseded':
      return supersededBy === null
        ? 'A newer change has taken its place.'
        : `${supersededBy} has taken its place.`;
    case 'unclear':
      return 'The watch is over; part of it could not be judged.';
    case 'good':
      return `The watch of ${whole} is over: as good as before.`;
    default:
      return `Watched for ${whole}${open === undefined || open === last ? '' : `; the next verdict is due ${tierWords(open.seconds)} after its end`}.`;
  }
}
