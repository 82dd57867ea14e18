import { formatDuration } from '@/lib/core/duration';
import { missing, type Reading, type ReadingReason, readingReasons, stale } from '@/lib/core/reading';
import type { Freshness, SloProgress } from '../contract';
import type { Progress } from '../record/store';
import type { FleetState, Known } from './state';

/** The recorder reads every objective some times a minute: after this its newest counts are old, or sooner when it says why. */
const staleAfterSeconds = { unexplained: 180, explained: 45 } as const;

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const isoOrNull = (seconds: number | null): string | null => (seconds === null ? null : iso(seconds));
const ago = (seconds: number): string =>
  formatDuration(seconds < 3600 ? seconds : Math.floor(seconds / 60) * 60);

const reasonOf = (reason: string): ReadingReason =>
  readingReasons.find((one) => one === reason) ?? 'bad-response';

type About = { reason: ReadingReason; detail: string };

/** Who is away, when counts are older than they should be; null while they are new. */
function absence(
  progress: Pick<Progress, 'recordedUntil' | 'problem'> | null,
  state: Pick<FleetState, 'failure'>,
  now: number,
): About | null {
  if (state.failure !== null) {
    const since = progress?.recordedUntil;
    const age = since == null ? '' : ` The newest counts are ${ago(now - since)} old.`;
    return { reason: 'unreachable', detail: `The database does not answer: ${state.failure}${age}` };
  }
  const until = progress?.recordedUntil ?? null;
  const limit = staleAfterSeconds[progress?.problem == null ? 'unexplained' : 'explained'];
  if (until !== null && now - until <= limit) return null;
  const age = until === null ? '' : ` The newest counts are ${ago(now - until)} old.`;
  if (progress?.problem != null) {
    return { reason: reasonOf(progress.problem.reason), detail: `${progress.problem.message}${age}` };
  }
  return until === null
    ? { reason: 'too-late', detail: 'The recorder has not counted this objective yet.' }
    : { reason: 'too-late', detail: `The recorder has stopped: nothing new is counted.${age}` };
}

/** Who keeps the newest counts of an objective away, in a sentence; null while they are new. */
export const absenceWords = (progress: Progress | null, now: number): string | null =>
  absence(progress, { failure: null }, now)?.detail ?? null;

/** Figures with the age of the newest bucket they stand on. What was counted once stays, and says so. */
export function readingOfKnown<T>(known: Known, state: FleetState, now: number, value: T): Reading<T> {
  const about = absence(known.progress, state, now);
  if (known.progress?.recordedUntil == null) {
    return missing(about?.reason ?? 'too-late', about?.detail ?? 'Nothing is recorded yet.');
  }
  const at = iso(Math.min(known.to, now));
  return about === null
    ? { state: 'fresh', value, observedAt: at }
    : stale(value, at, about.reason, about.detail);
}

/** How new the counts of an environment are altogether. */
export function freshnessOf(state: FleetState, known: readonly Known[], now: number): Freshness {
  const all = known.map((one) => ({ one, about: absence(one.progress, state, now) }));
  const ends = known.flatMap(({ progress }) => progress?.recordedUntil ?? []);
  const recordedUntil = ends.length === 0 ? null : iso(Math.max(...ends));
  const away = all.filter(({ about }) => about !== null);
  const sentence = awaySentence(away.length, all.length, away[0]?.about?.detail ?? null);
  if (away.length === 0) return { state: 'fresh', recordedUntil, sentence: null };
  return { state: recordedUntil === null ? 'missing' : 'stale', recordedUntil, sentence };
}

function awaySentence(away: number, all: number, detail: string | null): string | null {
  if (detail === null) return null;
  return away === all ? detail : `${away} of ${all} objectives are not current. ${detail}`;
}

/** What of the past is missing, for people: what is being filled in, what could not be read. */
export function progressSentence({ backfill, gapSeconds }: Omit<SloProgress, 'sentence'>): string | null {
  const parts = [
    backfill.done < backfill.total
      ? `Filling in the past: ${backfill.done} of ${backfill.total} days.`
      : null,
    gapSeconds > 0 ? `${formatDuration(gapSeconds)} could not be read and is asked for again.` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

export function progressOf(progress: Progress | null): SloProgress | null {
  if (progress === null) return null;
  const told = {
    backfill: progress.backfill,
    backfilledFrom: isoOrNull(progress.backfilledFrom),
    recordedUntil: isoOrNull(progress.recordedUntil),
    problem: progress.problem,
    gapSeconds: progress.gaps.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0),
  };
  return { ...told, sentence: progressSentence(told) };
}
