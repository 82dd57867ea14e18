import type { Zone } from '@/components/shell/preferences';

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;
const two = (value: number): string => String(value).padStart(2, '0');

/** What a date-and-time field holds for an instant, in the zone that the console shows. */
export function fieldTime(instant: string, zone: Zone): string {
  const at = new Date(instant);
  if (zone === 'utc') return at.toISOString().slice(0, 16);
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The instant of such a text; null when it is none. A local time that comes twice is the first of the two. */
export function instantOf(text: string, zone: Zone): string | null {
  if (!form.test(text)) return null;
  const at = new Date(zone === 'utc' ? `${text}:00Z` : `${text}:00`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export const zoneHint = (zone: Zone): string =>
  zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
