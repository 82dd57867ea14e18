import type { ReactNode } from 'react';
import { StateText, type Tone } from '@/components/ui/state';
import type { SliState } from '@/lib/service/sli/model';

export const sliWords: Record<SliState, string> = {
  ok: 'On target',
  'off-target': 'Off target',
  warning: 'Warning',
  critical: 'Critical',
  'under-used': 'Under-used',
  'no-data': 'No data',
};

/** The tone of a state; null where it is neither good nor bad: neither off target nor under-used alarms. */
export const sliTones: Record<SliState, Tone | null> = {
  ok: 'ok',
  'off-target': null,
  warning: 'warn',
  critical: 'crit',
  'under-used': null,
  'no-data': 'unknown',
};

/** Shapes of the neutral states: a ring beside its mark, and one filled to a third. */
const neutral: Record<'off-target' | 'under-used', ReactNode> = {
  'off-target': (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5 8h6" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  'under-used': (
    <>
      <circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M2.6 10.2h10.8A6 6 0 0 1 2.6 10.2Z" fill="currentColor" />
    </>
  ),
};

/** Glyph and word of an indicator's state. */
export function SliStateText({ state }: { state: SliState }) {
  const tone = sliTones[state];
  if (tone !== null) return <StateText tone={tone}>{sliWords[state]}</StateText>;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap align-middle font-medium text-text-2">
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 flex-none">
        {state === 'under-used' ? neutral['under-used'] : neutral['off-target']}
      </svg>
      {sliWords[state]}
    </span>
  );
}
