import { type ReadSelector, readSelector } from '../define/promql-selector';

/** What a rule divides: all events, and the bad or the good ones among them. */
export type RatioQuery = { total: ReadSelector; other: ReadSelector; role: 'bad' | 'good' };

/** The parts of a query around an operator that stands outside of parentheses, brackets and strings; null without one. */
function splitAt(query: string, operator: '/' | '-'): [string, string] | null {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < query.length; at += 1) {
    const char = query[at] ?? '';
    if (quote !== '') {
      if (char === '\\' && quote !== '`') at += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'" || char === '`') quote = char;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (char === operator && depth === 0) return [query.slice(0, at), query.slice(at + 1)];
  }
  return null;
}

/** Without the parentheses that hold all of it. */
function bare(query: string): string {
  const text = query.trim();
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (const [at, char] of [...text].entries()) {
    if (char === '(') depth += 1;
    if (char === ')') depth -= 1;
    if (depth === 0 && at < [...text].length - 1) return text;
  }
  return bare(text.slice(1, -1));
}

/** Pyrra fills a missing series of failures with zero. */
const withoutZero = (query: string): string => query.replace(/\bor\s+vector\s*\(\s*0\s*\)\s*$/, '');

const isEqual = (one: ReadSelector, other: ReadSelector): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** The events of two queries; a difference from all events is the good ones. Null for any other form. */
export function readRatio(errors: string, requests: string): RatioQuery | null {
  const total = readSelector(bare(requests));
  if (total === null) return null;
  const failed = bare(withoutZero(bare(errors)));
  const bad = readSelector(failed);
  if (bad !== null) return { total, other: bad, role: 'bad' };
  const parts = splitAt(failed, '-');
  const [all, good] = [readSelector(bare(parts?.[0] ?? '')), readSelector(bare(parts?.[1] ?? ''))];
  return all !== null && good !== null && isEqual(all, total) ? { total, other: good, role: 'good' } : null;
}

/** The events of a rule that divides errors by requests, as Sloth writes it. */
export function readErrorRatio(query: string): RatioQuery | null {
  const parts = splitAt(bare(query), '/');
  return parts === null ? null : readRatio(parts[0], parts[1]);
}
