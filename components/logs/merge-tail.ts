import type { LogLine } from '@/lib/logs/contract';
import { lineKey } from './narrow';

const later = (a: LogLine, b: LogLine): number =>
  a.ns.length === b.ns.length ? (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0) : a.ns.length - b.ns.length;

/** A page that is left open must not grow without end. */
export const mostLines = 5000;

/**
 * The searched lines and those that came after, each once, oldest or newest first, at most `most` of the
 * newest. A tail starts a little before the search ended, so both may hold the same line.
 */
export function mergeTail(
  searched: readonly LogLine[],
  tail: readonly LogLine[],
  order: 'newest' | 'oldest',
  most = mostLines,
): LogLine[] {
  if (tail.length === 0) return [...searched];
  const seen = new Set(searched.map(lineKey));
  const fresh: LogLine[] = [];
  for (const line of tail) {
    const key = lineKey(line);
    if (seen.has(key)) continue;
    seen.add(key);
    fresh.push(line);
  }
  const all = [...searched, ...fresh].sort(later).slice(-most);
  return order === 'newest' ? all.reverse() : all;
}
