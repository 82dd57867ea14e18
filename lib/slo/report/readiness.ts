import { formatDuration } from '@/lib/core/duration';
import { overlaps, type Span, totalLength } from '../ledger/spans';
import { dateTimeText } from './words';

/** What is asked of one definition before a month is closed. Unix seconds. */
export type Recorded = {
  name: string;
  /** Its month, in its zone. */
  month: Span;
  /** No longer recorded: what it has is all that will come. */
  isRetired: boolean;
  firstSeen: number;
  progress: {
    finalUntil: number | null;
    backfilledFrom: number | null;
    backfillUntil: number;
    backfill: { done: number; total: number };
    gaps: readonly Span[];
  } | null;
};

/** Whether a month may be frozen now, and if not, what it waits for; `missing` is what it was frozen without. */
export type Readiness = { isDue: boolean; waiting: string[]; missing: string[] };

/** `month`: in the zone of the reports; that of a definition may end later. */
export type ReadinessOptions = {
  month: Span;
  now: number;
  grace: number;
  longestWait: number;
  zone: string;
};

function openOf({ name, month, isRetired, progress }: Recorded): string[] {
  if (isRetired) return [];
  if (progress === null) return [`${name}: recording has not begun.`];
  const { finalUntil, backfilledFrom, backfillUntil, backfill, gaps } = progress;
  const wanted = Math.max(month.from, backfillUntil);
  if (wanted < month.to && (backfilledFrom === null || backfilledFrom > wanted)) {
    return [`${name}: the past is being filled in, ${backfill.done} of ${backfill.total} days are done.`];
  }
  const open = gaps.filter((gap) => overlaps(gap, month));
  const seconds = totalLength(
    open.map(({ from, to }) => ({ from: Math.max(from, month.from), to: Math.min(to, month.to) })),
  );
  if (seconds > 0) {
    return [`${name}: the source said nothing about ${formatDuration(seconds)}; they are asked for again.`];
  }
  return finalUntil === null || finalUntil < month.to
    ? [`${name}: the last counts of the month are not final yet.`]
    : [];
}

/**
 * A month is closed when it is over everywhere, the grace has passed and every count is final. After the longest
 * wait, from the end of the month or from the first day of recording, it is closed with what there is. Pure.
 */
export function readinessOf(
  definitions: readonly Recorded[],
  { month, now, grace, longestWait, zone }: ReadinessOptions,
): Readiness {
  const end = Math.max(month.to, ...definitions.map((one) => one.month.to));
  if (now < end) return { isDue: false, waiting: [], missing: [] };
  if (now < end + grace) {
    const at = `${dateTimeText(zone, end + grace)} ${zone}`;
    return { isDue: false, waiting: [`It is frozen on ${at} at the earliest.`], missing: [] };
  }
  const open = definitions.flatMap(openOf);
  if (open.length === 0) return { isDue: true, waiting: [], missing: [] };
  const patience = Math.max(end, Math.min(...definitions.map(({ firstSeen }) => firstSeen))) + longestWait;
  if (now >= patience) return { isDue: true, waiting: [], missing: open };
  const last = `It is frozen with what there is on ${dateTimeText(zone, patience)} ${zone}.`;
  return { isDue: false, waiting: [...open, last], missing: [] };
}
