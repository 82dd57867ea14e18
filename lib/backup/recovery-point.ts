import { formatDuration } from '@/lib/core/duration';
import type { RecoveryPoint } from './contract';

export type Point = {
  /** Moment of the data of the newest good copy that is there; null: none is. Epoch milliseconds. */
  newestMs: number | null;
  /** Of each good copy that there was, also of those that retention let go, and its end; oldest first. */
  good: readonly { snapshotMs: number; finishedMs: number }[];
  nowMs: number;
  /** Nothing before then is judged: there was no schedule. */
  sinceMs: number;
  objective: { seconds: number; isOfTier: boolean };
  /** The longest pause of the schedule, seconds; null without one. */
  pause: number | null;
  /** Of the copies of late, seconds from start to end. */
  runs: readonly number[];
};

const windowMs = 30 * 86_400_000;

/**
 * The longest time in 30 days at which nothing newer was to be had: until a copy is finished, the one before it is
 * the newest, so a gap lasts from a snapshot to the end of the next copy. Null without a good copy.
 */
export function worstGap({ good, nowMs, sinceMs }: Pick<Point, 'good' | 'nowMs' | 'sinceMs'>): number | null {
  const fromMs = Math.max(nowMs - windowMs, sinceMs);
  const gaps = good.flatMap(({ snapshotMs }, index) => {
    const endsMs = good[index + 1]?.finishedMs ?? nowMs;
    return endsMs < fromMs ? [] : [(endsMs - snapshotMs) / 1000];
  });
  return gaps.length === 0 ? null : Math.max(...gaps);
}

/** What would be lost now, what was, and what the schedule can promise at all. */
export function recoveryPointOf(point: Point): RecoveryPoint {
  const { newestMs, nowMs, objective, pause, runs } = point;
  // A copy of later than now was made while a clock was ahead: what it lacks cannot be told.
  const isAhead = newestMs !== null && newestMs > nowMs;
  const ageSeconds = newestMs === null || isAhead ? null : (nowMs - newestMs) / 1000;
  const achievableSeconds = pause === null ? null : pause + Math.max(0, ...runs);
  const state = ageSeconds === null ? 'unknown' : ageSeconds <= objective.seconds ? 'within' : 'over';
  const canReach = achievableSeconds === null ? null : achievableSeconds <= objective.seconds;
  const base = {
    state,
    objectiveSeconds: objective.seconds,
    isOfTier: objective.isOfTier,
    ageSeconds,
    worstSeconds: worstGap(point),
    achievableSeconds,
    canReach,
  } as const;
  return { ...base, sentence: sentenceOf(base, isAhead) };
}

function sentenceOf(point: Omit<RecoveryPoint, 'sentence'>, isAhead: boolean): string {
  const { ageSeconds, objectiveSeconds, achievableSeconds, canReach } = point;
  const objective = formatDuration(objectiveSeconds);
  const now =
    ageSeconds === null
      ? isAhead
        ? 'The newest good copy is of later than now, so a clock was wrong and what a restore would lose is not known.'
        : 'No copy was read in full, so what a restore would bring back is not known.'
      : `A restore would lose the last ${formatDuration(ageSeconds)}; the objective is ${objective}.`;
  if (achievableSeconds === null) return `${now} There is no schedule.`;
  if (canReach === true) return now;
  return `${now} This schedule can lose up to ${formatDuration(achievableSeconds)}: dumps cannot keep ${objective}, which needs continuous archiving (WAL) beside them.`;
}
