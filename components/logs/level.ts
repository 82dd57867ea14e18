import type { Tone } from '@/components/ui/state';
import type { Level } from '@/lib/logs/contract';

/** Levels that ask for attention have a glyph; the others stay quiet. */
export const levelTone: Record<Level, Tone | null> = {
  critical: 'crit',
  error: 'crit',
  warn: 'warn',
  info: null,
  debug: null,
  unknown: null,
};

/** From the baseline up: the worst level can be compared across bars. */
export const levelOrder: readonly Level[] = ['critical', 'error', 'warn', 'info', 'debug', 'unknown'];

export const levelFill: Record<Level, string> = {
  critical: 'color-mix(in oklab, var(--crit) 70%, var(--text))',
  error: 'var(--crit)',
  warn: 'var(--warn-fill)',
  info: 'color-mix(in oklab, var(--text-3) 55%, var(--surface))',
  debug: 'color-mix(in oklab, var(--text-3) 30%, var(--surface))',
  unknown: 'color-mix(in oklab, var(--text-3) 18%, var(--surface))',
};
