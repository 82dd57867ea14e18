import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import { StateGlyph, type Tone, toneText } from '@/components/ui/state';
import type { Levels } from '@/lib/service/contract';

type FigureProps = { label: string; tone?: Tone | null; note?: ReactNode; children: ReactNode };

/** One big number with its meaning under it; a tone adds the glyph and colours the number. */
export function Figure({ label, tone = null, note, children }: FigureProps) {
  return (
    <div className="min-w-0 border-line p-3 max-sm:border-b max-sm:nth-[odd]:border-r sm:not-first:border-l">
      <dt className="text-meta text-text-3">{label}</dt>
      <dd
        className={cx(
          'flex items-center gap-1.5 font-medium text-figure tracking-tight',
          tone && toneText[tone],
        )}
      >
        {tone ? <StateGlyph tone={tone} className="size-4.5" /> : null}
        {typeof children === 'string' ? <Quantity text={children} /> : <span>{children}</span>}
      </dd>
      {note ? <dd className="text-pretty text-meta text-text-2">{note}</dd> : null}
    </div>
  );
}

/** The number first: its unit, after the no-break space, stays smaller. */
function Quantity({ text }: { text: string }) {
  const [number, unit] = text.split('\u00a0');
  return (
    <span>
      {number}
      {unit === undefined ? null : (
        <span className="font-normal text-section text-text-2 tracking-normal">{`\u00a0${unit}`}</span>
      )}
    </span>
  );
}

export const FigureRow = ({ children }: { children: ReactNode }) => (
  <dl className="grid grid-cols-2 border-line bg-surface max-sm:-mx-4 max-sm:border-t sm:grid-cols-4 sm:rounded-panel sm:border">
    {children}
  </dl>
);

/** The limit that a figure is over, as a tone; null where it is over neither. Higher is worse. */
export function bandTone(value: number, { warning, critical }: Omit<Levels, 'target'>): Tone | null {
  if (value > critical) return 'crit';
  return value > warning ? 'warn' : null;
}
