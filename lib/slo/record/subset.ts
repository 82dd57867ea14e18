import type { Matcher } from '@/lib/config/service';
import type { Labels } from '@/lib/sources/prometheus/client';
import type { Selector } from '@/lib/sources/prometheus/queries';
import { readSelector } from '../define/promql-selector';

/** Patterns that RE2 and JavaScript read alike: letters, alternatives, groups without flags, simple repetition. */
const plainPattern = /^(?:[A-Za-z0-9_.|()+*?:/ -]|\\[.d])*$/;

/** Whether a value fits a matcher; null where a pattern is not read here as Prometheus reads it. */
function testOf({ op, value }: Matcher): ((text: string) => boolean) | null {
  if (op === '=') return (text) => text === value;
  if (op === '!=') return (text) => text !== value;
  if (!plainPattern.test(value) || value.includes('(?')) return null;
  try {
    const pattern = new RegExp(`^(?:${value})$`, 'u');
    return op === '=~' ? (text) => pattern.test(text) : (text) => !pattern.test(text);
  } catch {
    return null;
  }
}

const isSame = (a: Matcher, b: Matcher): boolean =>
  a.label === b.label && a.op === b.op && a.value === b.value;

/** Series of a whole: by which labels they are told apart, and whether one is part; null where a value does not tell. */
export type Part = { labels: string[]; has: (labels: Labels) => boolean | null };

/** The series that are part; null where a label of one does not tell. */
export function seriesIn<T extends { labels: Labels }>(series: readonly T[], part: Part): T[] | null {
  const answers = series.map(({ labels }) => part.has(labels));
  return answers.includes(null) ? null : series.filter((_, index) => answers[index] === true);
}

/**
 * Tells of a series of `whole` whether it is one of `part` too, where `part` asks for the same metric with more
 * matchers: such a part need not be read twice. Null where that cannot be told from the labels alone.
 */
export function partOf(whole: Selector, part: Selector): Part | null {
  const [all, some] = [readSelector(whole.text), readSelector(part.text)];
  if (all === null || some === null || all.series.metric !== some.series.metric) return null;
  const [wide, narrow] = [all.series.matchers, some.series.matchers];
  if (!wide.every((one) => narrow.some((other) => isSame(one, other)))) return null;
  const tests: { label: string; test: (text: string) => boolean }[] = [];
  for (const matcher of narrow.filter((one) => !wide.some((other) => isSame(one, other)))) {
    const test = testOf(matcher);
    if (test === null) return null;
    tests.push({ label: matcher.label, test });
  }
  const has = (labels: Labels): boolean | null => {
    // Whether a dot matches a line feed depends on the version of the server.
    if (tests.some(({ label }) => labels[label]?.includes('\n'))) return null;
    return tests.every(({ label, test }) => test(labels[label] ?? ''));
  };
  return { labels: tests.map(({ label }) => label), has };
}
