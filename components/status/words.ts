import type { Tone } from '@/components/ui/state';
import type { ComponentState, impacts, messageStates } from '@/lib/status/contract';

type MessageState = (typeof messageStates)[number];
type Impact = (typeof impacts)[number];

/** W-15: the words the public knows. */
export const stateWord: Record<ComponentState, string> = {
  operational: 'Operational',
  degraded_performance: 'Degraded performance',
  partial_outage: 'Partial outage',
  major_outage: 'Major outage',
  under_maintenance: 'Under maintenance',
  unknown: 'Unknown',
};

export const stateTone: Record<ComponentState, Tone> = {
  operational: 'ok',
  degraded_performance: 'warn',
  partial_outage: 'crit',
  major_outage: 'crit',
  under_maintenance: 'hold',
  unknown: 'unknown',
};

export const messageWord: Record<MessageState, string> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
};

export const impactWord: Record<Impact, string> = {
  none: 'No impact',
  minor: 'Minor impact',
  major: 'Major impact',
  critical: 'Critical impact',
  maintenance: 'Maintenance',
};

export const impactTone: Record<Impact, Tone> = {
  none: 'unknown',
  minor: 'warn',
  major: 'crit',
  critical: 'crit',
  maintenance: 'hold',
};

/** `99.95 %`, truncated: 100.00 only when nothing was lost. */
export const formatUptime = (ratio: number): string =>
  `${(Math.floor(ratio * 10_000 + 1e-9) / 100).toFixed(2)}\u00a0%`;

const utc = (at: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hourCycle: 'h23', ...options }).format(new Date(at));

/** `19 Nov 12:33`; the page says once that times are UTC. */
export const shortTime = (at: string): string =>
  utc(at, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).replace(',', '');

/** `19 November 2026, 12:33 UTC`. */
export const fullTime = (at: string): string =>
  `${utc(at, { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' }).replace(' at ', ', ')} UTC`;

/** `19 November 2026` of a calendar day. */
export const dayText = (day: string): string =>
  utc(`${day}T00:00:00Z`, { day: 'numeric', month: 'long', year: 'numeric' });
