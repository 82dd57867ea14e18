import type { DiffLine } from './contract';
import { diffLines } from './plan/diff';
import type { Fields } from './staged/contract';
import { looksSecret } from './template-env';

type Json = Fields[string];

/** The name of the variable that a line is about. */
const ENV = /\.env\[([^\]]+)\]/;
const HIDDEN = '(hidden)';

const hidden = (line: DiffLine): DiffLine => {
  const name = ENV.exec(line.path)?.[1];
  if (name === undefined || !looksSecret(name)) return line;
  const over = (value: string | null) => (value === null ? null : HIDDEN);
  return { ...line, before: over(line.before), after: over(line.after) };
};

/** In what a live object differs from what a plan was made from; values that look secret are not told. */
export const movedLines = (planned: Json | undefined, live: Json | undefined, path: string): DiffLine[] =>
  diffLines(planned, live, path).map(hidden);

const SHOWN_MAX = 3;
const VALUE_MAX = 60;

const short = (value: string | null): string => {
  if (value === null) return 'not set';
  return value.length > VALUE_MAX ? `${value.slice(0, VALUE_MAX - 1)}…` : value;
};

/** `spec.replicas 3 → 5, and 2 more`; the first of them, for a sentence. */
export function movedWords(lines: readonly DiffLine[]): string {
  const told = lines
    .slice(0, SHOWN_MAX)
    .map(({ path, before, after }) => `${path} ${short(before)} → ${short(after)}`);
  const left = lines.length - told.length;
  return `${told.join(', ')}${left > 0 ? `, and ${left} more` : ''}`;
}
