'use client';

import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react';
import { formatDuration } from '@/lib/core/duration';

const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let tick = 0;

/** One timer for all ages on the page; it stops when nobody looks. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  ticking ??= setInterval(() => {
    tick = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && ticking !== undefined) {
      clearInterval(ticking);
      ticking = undefined;
    }
  };
}

function current(): number {
  if (tick === 0) tick = Date.now();
  return tick;
}

/** Milliseconds since 1970, ticking each second in the browser; 0 while the server renders. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, current, () => 0);
}

export type TimeZoneChoice = 'utc' | 'local';
const ZoneContext = createContext<TimeZoneChoice>('utc');
export const ZoneProvider = ({ zone, children }: { zone: TimeZoneChoice; children: ReactNode }) => (
  <ZoneContext value={zone}>{children}</ZoneContext>
);
export const useZone = () => useContext(ZoneContext);

const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;

/** `14:03:12`; `short` is `11-21 14:03`. The zone is named once on the page (the clock). */
export function formatTime(
  at: Date,
  zone: TimeZoneChoice,
  parts: 'time' | 'minute' | 'short' | 'full' = 'time',
): string {
  const timeZone = zone === 'utc' ? 'UTC' : undefined;
  const time = new Intl.DateTimeFormat('en-GB', { ...clock, ...(timeZone ? { timeZone } : {}) }).format(at);
  if (parts === 'minute') return time.slice(0, 5);
  if (parts === 'time') return time;
  const date = new Intl.DateTimeFormat('en-CA', { ...day, ...(timeZone ? { timeZone } : {}) }).format(at);
  return parts === 'short' ? `${date.slice(5)} ${time.slice(0, 5)}` : `${date} ${time}`;
}

/** An absolute time; its full form with zone is in the title. */
export function Time({
  at,
  parts = 'time',
  className,
}: {
  at: string;
  parts?: 'time' | 'minute' | 'short' | 'full';
  className?: string;
}) {
  const zone = useZone();
  const date = new Date(at);
  const full = `${formatTime(date, zone, 'full')} ${zone === 'utc' ? 'UTC' : 'local'}`;
  return (
    <time dateTime={at} title={full} className={className} suppressHydrationWarning>
      {formatTime(date, zone, parts)}
    </time>
  );
}

/** `12 s ago`, ticking. `suffix` may be empty for a bare age. */
export function TimeAgo({
  at,
  suffix = ' ago',
  className,
}: {
  at: string;
  suffix?: string;
  className?: string;
}) {
  const now = useNow();
  const zone = useZone();
  const seconds = Math.max(0, Math.floor((now - Date.parse(at)) / 1000));
  const text = now === 0 ? '' : seconds < 2 && suffix === ' ago' ? 'now' : `${ageText(seconds)}${suffix}`;
  return (
    <time
      dateTime={at}
      title={`${formatTime(new Date(at), zone, 'full')} ${zone === 'utc' ? 'UTC' : 'local'}`}
      className={className}
      suppressHydrationWarning
    >
      {text}
    </time>
  );
}

/** `in 3 h 56 min`, ticking; `overdue` words once it has passed. */
export function TimeLeft({ at, overdue = 'due now' }: { at: string; overdue?: string }) {
  const now = useNow();
  const seconds = Math.floor((Date.parse(at) - now) / 1000);
  return (
    <time dateTime={at} suppressHydrationWarning>
      {now === 0 ? '' : seconds <= 0 ? overdue : formatDuration(seconds)}
    </time>
  );
}

/** One unit is enough for an age of minutes and more than enough for days. */
function ageText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return formatDuration(seconds);
  return `${Math.floor(seconds / 86_400)} d`;
}
