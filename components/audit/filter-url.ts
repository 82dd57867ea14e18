import type { AuditFilter } from '@/lib/audit/client';
import type { AuditRow } from '@/lib/audit/contract';

const parts = ['actor', 'action', 'target', 'change', 'from', 'to', 'before'] as const;

/** The filter that a URL holds; empty and unknown parts are dropped. */
export function filterOf(query: { get: (name: string) => string | null }): AuditFilter {
  const filter: AuditFilter = {};
  for (const part of parts) {
    const value = query.get(part)?.trim();
    if (value) filter[part] = value;
  }
  return filter;
}

/**
 * A time as typed (`2026-11-21 14:03`, `2026-11-21`, ISO) in ISO; null when it is none. Without a zone it is
 * read in the zone that the page shows.
 */
export function isoOf(text: string, zone: 'utc' | 'local'): string | null {
  const match =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?(Z|[+-]\d{2}:\d{2})?$/.exec(
      text.trim(),
    );
  if (match === null) return null;
  const end = match[3] ?? (zone === 'utc' ? 'Z' : '');
  const at = new Date(`${match[1]}T${match[2] ?? '00:00'}${end}`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export type AuditDay = { day: string; entries: AuditRow[] };

/** Neighbouring entries of one calendar day under one header, order kept. */
export function byDay(entries: AuditRow[], dayOf: (at: Date) => string): AuditDay[] {
  const days: AuditDay[] = [];
  for (const entry of entries) {
    const day = dayOf(new Date(entry.at));
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

/** `Thursday 19 November 2026` in UTC or the browser's zone. */
export const dayName = (at: Date, zone: 'utc' | 'local'): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  })
    .format(at)
    .replace(',', '');
