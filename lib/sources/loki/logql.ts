import { OpsError } from '@/lib/core/errors';

/**
 * Builds LogQL from values that people type. A value passes two layers: quoted for RE2 where it stands in a
 * pattern, then as a string literal; always double quotes, because a backtick literal cannot hold a backtick.
 */
export type StreamMatch = { label: string; operator: '=' | '!=' | '=~' | '!~'; value: string };

/** What a log query asks for. `contains` is literal text; `level` is the level that Loki detected. */
export type LogFilter = {
  streams: readonly StreamMatch[];
  contains?: string | undefined;
  ignoreCase?: boolean | undefined;
  excludes?: string | undefined;
  levels?: readonly string[] | undefined;
};

/** Control characters, and the byte order mark, which Go's scanners refuse in the middle of a text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g;

const asEscape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A LogQL string literal. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD. */
export function quote(value: string): string {
  return `"${value.toWellFormed().replace(/[\\"]/g, '\\$&').replace(unprintable, asEscape)}"`;
}

/** Text as a pattern that matches just this text (RE2's metacharacters, as Go's regexp.QuoteMeta has them). */
export const quotePattern = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** A pattern that matches any of the texts. */
export const anyOf = (texts: readonly string[]): string => texts.map(quotePattern).join('|');

/** Checks a label name. Throws OpsError `invalid` with the allowed form. */
export function labelName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new OpsError('invalid', `${JSON.stringify(name)} is no label name of Loki.`, {
    next: 'Use letters, digits and underscores; the first character is no digit.',
  });
}

const selective = ({ operator, value }: StreamMatch): boolean => operator === '=' && value !== '';

/** `{service="x", level=~"a|b"}`. Throws OpsError `invalid` without one equality, which Loki demands. */
export function streamSelector(matches: readonly StreamMatch[]): string {
  if (!matches.some(selective)) {
    throw new OpsError('invalid', 'A log query without a fixed label would read every stream of Loki.', {
      next: 'Choose a service or an environment.',
    });
  }
  const parts = matches.map(({ label, operator, value }) => `${labelName(label)}${operator}${quote(value)}`);
  return `{${parts.join(', ')}}`;
}

/** The log query of a filter. Throws OpsError `invalid`. */
export function logQuery({ streams, contains, ignoreCase, excludes, levels }: LogFilter): string {
  const parts = [streamSelector(streams)];
  if (contains) {
    parts.push(ignoreCase ? `|~ ${quote(`(?i)${quotePattern(contains)}`)}` : `|= ${quote(contains)}`);
  }
  if (excludes) parts.push(`!= ${quote(excludes)}`);
  const [level, ...more] = levels ?? [];
  if (level !== undefined) {
    const filter = more.length === 0 ? `=${quote(level)}` : `=~${quote(anyOf([level, ...more]))}`;
    parts.push(`| detected_level${filter}`);
  }
  return parts.join(' ');
}

/** A range of whole seconds, `[60s]`. Throws OpsError `invalid` when it is not positive. */
function range(seconds: number): string {
  if (Number.isFinite(seconds) && seconds >= 1) return `[${Math.round(seconds)}s]`;
  throw new OpsError('invalid', `A step of ${seconds} s is too short for a log query.`, {
    next: 'Use a step of at least one second.',
  });
}

/**
 * Lines per level and step of any log query, also one that a person wrote: the line break ends a comment at its
 * end. A silent level has no series.
 */
export const volumeByLevel = (query: string, stepSeconds: number): string =>
  `sum by (detected_level) (count_over_time(${query}\n${range(stepSeconds)}))`;

/** How many lines a log query finds in the last `seconds` before its time: for an instant query. */
export const lineCount = (query: string, seconds: number): string =>
  `sum(count_over_time(${query}\n${range(seconds)}))`;
