import type { ReactNode } from 'react';
import { cx } from './class-names';

/** The six meanings of colour. Glyph and word always go with it: colour is the third channel. */
export const tones = ['ok', 'info', 'warn', 'crit', 'hold', 'unknown'] as const;
export type Tone = (typeof tones)[number];

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  info: 'text-info',
  warn: 'text-warn',
  crit: 'text-crit',
  hold: 'text-hold',
  unknown: 'text-unknown',
};

const toneWash: Record<Tone, string> = {
  ok: 'bg-ok-wash text-ok',
  info: 'bg-info-wash text-info',
  warn: 'bg-warn-wash text-warn',
  crit: 'bg-crit-wash text-crit',
  hold: 'bg-hold-wash text-hold',
  unknown: 'bg-unknown-wash text-unknown',
};

const glyphs: Record<Tone, ReactNode> = {
  ok: (
    <g fill="none" stroke="currentColor" strokeWidth="1.5">
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.3 2 2 3.7-4.1" strokeLinecap="round" strokeLinejoin="round" />
    </g>
  ),
  info: (
    <path
      d="M8 1.9A6.1 6.1 0 1 1 1.9 8"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  ),
  warn: (
    <path
      fill="currentColor"
      fillRule="evenodd"
      d="M8 1.4c.4 0 .8.2 1 .6l5.8 10.5c.4.8-.1 1.7-1 1.7H2.2c-.9 0-1.4-.9-1-1.7L7 2c.2-.4.6-.6 1-.6ZM7.2 5.6v4.2h1.6V5.6H7.2Zm0 5.4v1.6h1.6V11H7.2Z"
    />
  ),
  crit: (
    <path
      fill="currentColor"
      fillRule="evenodd"
      d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2l4-4ZM4.3 7v2h7.4V7H4.3Z"
    />
  ),
  hold: (
    <path
      fill="currentColor"
      fillRule="evenodd"
      d="M3 1.8h10c.7 0 1.2.5 1.2 1.2v10c0 .7-.5 1.2-1.2 1.2H3c-.7 0-1.2-.5-1.2-1.2V3c0-.7.5-1.2 1.2-1.2ZM5.4 5v6h1.7V5H5.4Zm3.5 0v6h1.7V5H8.9Z"
    />
  ),
  unknown: (
    <circle
      cx="8"
      cy="8"
      r="6.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeDasharray="2.6 2.27"
    />
  ),
};

/** The shape of a state; decorative, since its word stands beside it. */
export function StateGlyph({ tone, className }: { tone: Tone; className?: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className={cx('size-4 flex-none', toneText[tone], className)}>
      {glyphs[tone]}
    </svg>
  );
}

/** Glyph and word in a line of text. A healthy word stays quiet. */
export function StateText({
  tone,
  children,
  className,
}: {
  tone: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={cx(
        'inline-flex items-baseline gap-1.5 whitespace-nowrap align-middle',
        tone === 'ok' ? 'text-text-2' : cx('font-medium', toneText[tone]),
        className,
      )}
    >
      {/* The word gives the baseline: in a line with other text the picture would shift it. */}
      <StateGlyph tone={tone} className="self-center" />
      {children}
    </span>
  );
}

/** Glyph and word on a wash. */
export function StateBadge({ tone, testId, children }: { tone: Tone; testId?: string; children: ReactNode }) {
  return (
    <span
      data-testid={testId}
      className={cx(
        'inline-flex h-5 items-center gap-1.25 whitespace-nowrap rounded-control pr-1.75 pl-1.25 font-medium text-meta',
        toneWash[tone],
      )}
    >
      <StateGlyph tone={tone} className="size-3.5" />
      {children}
    </span>
  );
}
