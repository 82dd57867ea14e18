import { type CronSchedule, momentsBetween, nextMoments } from '@/lib/core/cron';
import { formatDuration } from '@/lib/core/duration';
import type { BackupDay, CopyView, MissedRuns } from './contract';
import { isUnderWay } from './model';

/** A run is missed when this long after its moment there is no copy of it and none is being made, seconds. */
export const graceSeconds = 900;

/** More than so many are not counted one by one. */
const counted = 1000;

const time = (at: string | null): number => (at === null ? 0 : Date.parse(at));

/** What is asked of an attempt, of a copy or of an archive. */
type Answer = { state: string; slotAt: string | null; startedAt: string; error: string | null };

/**
 * Moments since the newest copy that is kept, or since the schedule is known, that have none; null: none. A moment
 * later than now was recorded by a clock that was ahead, and answers nothing.
 */
export function missedRuns(
  schedule: CronSchedule,
  { since, copies, now }: { since: Date; copies: readonly Answer[]; now: Date },
): MissedRuns | null {
  const answered = copies
    .filter(({ state }) => state !== 'failed' && state !== 'wanted')
    .map(({ slotAt, startedAt }) => time(slotAt ?? startedAt));
  const known = [since.getTime(), ...answered].filter((at) => at <= now.getTime());
  if (known.length === 0) return null;
  const from = new Date(Math.max(...known));
  const moments = momentsBetween(schedule, from, new Date(now.getTime() - graceSeconds * 1000), counted);
  const isMore = moments.length === counted;
  const first = isMore ? nextMoments(schedule, from, 1)[0] : moments[0];
  const last = moments.at(-1);
  if (first === undefined || last === undefined) return null;
  const ago = formatDuration((now.getTime() - first.getTime()) / 1000);
  const failed = copies.find(({ state, slotAt }) => state === 'failed' && time(slotAt) >= first.getTime());
  const why = failed?.error ?? 'No worker has begun it: look whether one runs.';
  const runs = isMore ? `${counted} or more` : String(moments.length);
  return {
    slots: moments.length,
    firstAt: first.toISOString(),
    lastAt: last.toISOString(),
    sentence: `${moments.length === 1 ? 'A run has' : `${runs} runs have`} no copy, for ${ago}. ${why}`,
  };
}

const dayMs = 86_400_000;
export const shownDays = 35;

/** Days of a zone, oldest first; a copy belongs to the day of its start, missed runs to that of the copy after them. */
export function daysOf(
  zone: string,
  { copies, missed, now }: { copies: readonly CopyView[]; missed: MissedRuns | null; now: Date },
): BackupDay[] {
  const form = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  // Noon of a UTC day and the day before cover each local day of the last weeks once.
  const names = Array.from({ length: shownDays }, (_, index) => {
    const noon = Math.floor(Date.parse(`${form.format(now)}T00:00:00Z`) / dayMs) - (shownDays - 1 - index);
    return new Date(noon * dayMs).toISOString().slice(0, 10);
  });
  const days = new Map(
    names.map((day): [string, BackupDay] => [day, { day, kept: 0, failed: 0, missed: 0, level: null }]),
  );
  for (const copy of copies) {
    const day = days.get(form.format(Date.parse(copy.startedAt)));
    if (day === undefined) continue;
    day.missed += copy.missedSlots;
    if (copy.state === 'failed') day.failed += 1;
    if (copy.state === 'failed' || isUnderWay(copy.state)) continue;
    day.kept += 1;
    if (copy.level !== null && copy.level > (day.level ?? -1)) day.level = copy.level;
  }
  const today = days.get(form.format(now));
  if (today !== undefined) today.missed += missed?.slots ?? 0;
  return [...days.values()];
}
