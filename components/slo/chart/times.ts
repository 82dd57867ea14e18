import type { TimeZoneChoice } from '@/components/ui/time-ago';

const inZone = (zone: TimeZoneChoice) => (zone === 'utc' ? { timeZone: 'UTC' } : {});
const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

const textOf = (at: number, zone: TimeZoneChoice, form: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { ...form, ...inZone(zone) }).format(new Date(at * 1000)).replace(',', '');

/** Unix seconds as `21 Nov`. */
export const dayText = (at: number, zone: TimeZoneChoice): string =>
  textOf(at, zone, { day: 'numeric', month: 'short' });

/** `Sat 21 Nov 14:07`. */
export const momentText = (at: number, zone: TimeZoneChoice): string =>
  textOf(at, zone, { weekday: 'short', day: 'numeric', month: 'short', ...clock });

/** What a tick is called: the day on spans of days, else the time. */
export const tickText = (at: number, zone: TimeZoneChoice, seconds: number): string =>
  seconds > 2 * 86_400 ? dayText(at, zone) : textOf(at, zone, clock);
