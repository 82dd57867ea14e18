import type { Tone } from '@/components/ui/state';
import type { ReportLine, ReportState, Totals } from '@/lib/slo/report/contract';

const nb = '\u00a0';

export const stateWord: Record<ReportState, string> = {
  running: 'So far',
  closing: 'Not closed yet',
  frozen: 'Frozen',
};
/** Frozen is what a report should be; the others may still change. */
export const stateTone: Record<ReportState, Tone> = { running: 'info', closing: 'hold', frozen: 'ok' };

const stateOfData: Record<Totals['state'], string> = {
  'no-data': 'No data',
  'no-traffic': 'No traffic',
  'no-errors': 'Met',
  ok: 'Met',
  invalid: 'Invalid counts',
  partial: 'Met',
};

/** Whether the target was met, or why nobody can say. A month that is known in part is met as far as it is known. */
export function metText({ isMet, state }: Pick<Totals, 'isMet' | 'state'>): { tone: Tone; word: string } {
  if (isMet === false) return { tone: 'crit', word: 'Missed' };
  if (isMet === null) return { tone: state === 'invalid' ? 'warn' : 'unknown', word: stateOfData[state] };
  return state === 'partial' ? { tone: 'warn', word: 'Met, in part known' } : { tone: 'ok', word: 'Met' };
}

export const lineKey = ({ objective, definition }: Pick<ReportLine, 'objective' | 'definition'>): string =>
  `${objective}@${definition}`;

/** `21.6 min`; the unit stays on the line. */
export const keepTogether = (text: string): string => text.replaceAll(' ', nb);

export const unitWord = ({ unit, sliceSeconds }: Pick<ReportLine, 'unit' | 'sliceSeconds'>): string =>
  unit === 'events' ? 'failures' : `bad slices of ${(sliceSeconds ?? 60) / 60}${nb}min`;
