import { parseDuration } from '@/lib/core/duration';
import { paths } from '@/lib/core/paths';
import type { LogAsk } from '@/lib/logs/client';
import { type Level, levels } from '@/lib/logs/contract';

/** All that the logs page shows is in its URL. With `query` the form's parts are empty. */
export type LogUrl = {
  service: string;
  region: string;
  level: Level | '';
  text: string;
  query: string;
  from: string;
  to: string;
  order: 'newest' | 'oldest';
  wrap: boolean;
  /** The key of the opened line; empty when none is open. */
  line: string;
};

export const emptyUrl: LogUrl = {
  service: '',
  region: '',
  level: '',
  text: '',
  query: '',
  from: 'now-1h',
  to: 'now',
  order: 'newest',
  wrap: false,
  line: '',
};

export const ranges = ['15m', '1h', '6h', '24h'] as const;

/** The range as one of the presets, or null when it is another one. */
export const presetOf = ({ from, to }: Pick<LogUrl, 'from' | 'to'>): string | null =>
  to === 'now' ? (ranges.find((each) => from === `now-${each}`) ?? null) : null;

/** Reads the URL; rubbish in it falls back to the usual page. */
export function readUrl(query: { get: (name: string) => string | null }): LogUrl {
  const text = (name: string) => query.get(name)?.trim() ?? '';
  const logql = text('query');
  const form = logql === '';
  return {
    service: form ? text('service') : '',
    region: form ? text('region') : '',
    level: form ? (levels.find((level) => level === text('level')) ?? '') : '',
    text: form ? text('text') : '',
    query: logql,
    from: text('from') || emptyUrl.from,
    to: text('to') || emptyUrl.to,
    order: text('order') === 'oldest' ? 'oldest' : 'newest',
    wrap: text('wrap') === 'on',
    line: text('line'),
  };
}

/** The URL of a state; what is usual is left out. */
export function urlOf(url: LogUrl): string {
  const { service, region, level, text, query, from, to, order, wrap, line } = url;
  return paths.logs({
    ...(query === '' ? { service, region, level, text } : { query }),
    ...(from === emptyUrl.from ? {} : { from }),
    ...(to === emptyUrl.to ? {} : { to }),
    ...(order === 'newest' ? {} : { order }),
    ...(wrap ? { wrap: 'on' } : {}),
    line,
  });
}

/** What to ask the server for. A typed LogQL query names its own environment. */
export function askOf(url: LogUrl, environment: string): LogAsk {
  const { service, region, level, text, query, from, to, order } = url;
  const shared = { from, to, direction: order === 'newest' ? ('backward' as const) : ('forward' as const) };
  if (query !== '') return { query, ...shared };
  return {
    environment,
    ...(service === '' ? {} : { service }),
    ...(region === '' ? {} : { region }),
    ...(level === '' ? {} : { level }),
    ...(text === '' ? {} : { text }),
    ...shared,
  };
}

/**
 * A time as typed: `now`, `now-15m`, or a date with a time, read in the zone that the page shows unless it
 * names one. Null when it is none of them.
 */
export function readTime(text: string, zone: 'utc' | 'local'): string | null {
  const wanted = text.trim();
  if (wanted === 'now') return wanted;
  if (wanted.startsWith('now-')) return parseDuration(wanted.slice(4)) === null ? null : wanted;
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?(Z|[+-]\d{2}:\d{2})?$/.exec(wanted);
  if (match === null) return null;
  const at = new Date(`${match[1]}T${match[2] ?? '00:00'}${match[3] ?? (zone === 'utc' ? 'Z' : '')}`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** The range moved by half its length; `known` are its ends in time as the server understood them. */
export function shift(known: { from: string; to: string }, direction: -1 | 1): Pick<LogUrl, 'from' | 'to'> {
  const from = Date.parse(known.from);
  const half = ((Date.parse(known.to) - from) / 2) * direction;
  return {
    from: new Date(from + half).toISOString(),
    to: new Date(Date.parse(known.to) + half).toISOString(),
  };
}
