import type { Tone } from '@/components/ui/state';
import { formatDuration } from '@/lib/core/duration';
import type { Exhaustion, FleetRow } from '@/lib/slo/contract';
import type { BurnWord } from '@/lib/slo/math/burn';
import type { SloWord } from '@/lib/slo/math/word';
import type { CountMethod, DataState } from '@/lib/slo/model';

export const wordTone: Record<SloWord, Tone> = {
  invalid: 'warn',
  'no-data': 'unknown',
  'burning-fast': 'crit',
  'burning-slow': 'warn',
  exhausted: 'crit',
  recovering: 'info',
  partial: 'warn',
  'no-traffic': 'unknown',
  healthy: 'ok',
};

export const wordText: Record<SloWord, string> = {
  invalid: 'Invalid counts',
  'no-data': 'No data',
  'burning-fast': 'Burning fast',
  'burning-slow': 'Burning slow',
  exhausted: 'Budget spent',
  recovering: 'Recovering',
  partial: 'Partial data',
  'no-traffic': 'No traffic',
  healthy: 'Healthy',
};

/** What cannot be judged: listed first, and never filtered away unseen. */
export const brokenWords: readonly SloWord[] = ['invalid', 'no-data'];

export const stateText: Record<DataState, string> = {
  'no-data': 'No data',
  'no-traffic': 'No traffic',
  'no-errors': 'No failures',
  ok: 'Measured',
  invalid: 'Invalid counts',
  partial: 'Partial',
};

export const stateTone: Record<DataState, Tone> = {
  'no-data': 'unknown',
  'no-traffic': 'unknown',
  'no-errors': 'ok',
  ok: 'ok',
  invalid: 'warn',
  partial: 'warn',
};

/** Why there is no figure, as the sentence under its place. */
export const stateWhy: Record<DataState, string> = {
  'no-data': 'no series said anything in the window',
  'no-traffic': 'no requests in the window: nothing was good or bad',
  'no-errors': 'no failure in the window',
  ok: '',
  invalid: 'the source contradicts itself; see the method',
  partial: 'less than half of the window is known',
};

export const methodText: Record<CountMethod, string> = {
  counted: 'counted',
  estimated: 'estimated',
  adopted: 'adopted',
  mixed: 'mixed methods',
};

export const methodWhy: Record<CountMethod, string> = {
  counted: 'From raw samples: whole numbers, resets and births of series included.',
  estimated: 'From increase(), which extrapolates and loses the first count of a new series.',
  adopted: 'From ratios that another tool recorded.',
  mixed: 'Parts of the window were counted in different ways.',
};

export const burnTone: Record<BurnWord, Tone> = {
  critical: 'crit',
  recovering: 'info',
  increasing: 'warn',
  acceptable: 'ok',
};

export const burnText: Record<BurnWord, string> = {
  critical: 'Critical',
  recovering: 'Recovering',
  increasing: 'Increasing',
  acceptable: 'Acceptable',
};

/** What is counted, in the plural. */
export const unitText = ({ unit, sliceSeconds }: Pick<FleetRow, 'unit' | 'sliceSeconds'>): string =>
  unit === 'events' ? 'requests' : `${formatDuration(sliceSeconds ?? 60)} slices`;

/** When the budget is gone, short enough for a cell. */
export function exhaustionText(exhaustion: Exhaustion): string {
  switch (exhaustion.kind) {
    case 'spent':
      return 'spent';
    case 'in':
      return formatDuration(exhaustion.seconds);
    case 'never':
      return 'not in sight';
    case 'unknown':
      return '–';
    default:
      return exhaustion satisfies never;
  }
}

/** When a spent budget comes back; null for one that is not spent. */
export function recoveryText(exhaustion: Exhaustion): string | null {
  if (exhaustion.kind !== 'spent') return null;
  const { recoversInSeconds } = exhaustion;
  return recoversInSeconds === null ? 'not coming back' : `back in ${formatDuration(recoversInSeconds)}`;
}
