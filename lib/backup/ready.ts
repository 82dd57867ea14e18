import { formatDuration } from '@/lib/core/duration';
import type { RecoveryTime } from './drill/contract';
import { tookWords } from './drill/words';

/** What must be known of a database before its data is touched. */
export type Readiness = {
  name: string;
  isBackedUp: boolean;
  hasScratch: boolean;
  nowMs: number;
  /** The newest copy that was read in full, or more. */
  newest: { snapshotMs: number; level: number } | null;
  /** RPO. */
  objectiveSeconds: number;
  /** What the schedule can keep, with the time that a run may take; null without a schedule. */
  reachSeconds: number | null;
  /** A copy that stands at level 4 was restored within 7 days. */
  isProven: boolean;
  provenMs: number | null;
  /** Why the newest drill failed; null where it did not. */
  failedDrill: string | null;
  recoveryTime: RecoveryTime;
};

/** What is wrong with a database's copies for one who touches its data: each a whole sentence. */
export type Lack = { code: 'none' | 'age' | 'ahead' | 'proof' | 'drill'; sentence: string };

/** How old the newest good copy may be: the objective, or what the schedule can reach where that is more (X-20). */
export const allowedSeconds = ({ objectiveSeconds, reachSeconds }: Readiness): number =>
  Math.max(objectiveSeconds, reachSeconds ?? 0);

const isReachable = (one: Readiness): boolean => allowedSeconds(one) === one.objectiveSeconds;

/** What is missing for a change of the schema (change-engine.md 6.2): level 3 and age, and for a destructive one more. */
export function lacksOf(one: Readiness, isDestructive: boolean): Lack[] {
  return [...copyLacks(one), ...(isDestructive ? proofLacks(one) : [])];
}

function copyLacks(one: Readiness): Lack[] {
  if (one.newest === null) return [{ code: 'none', sentence: 'No copy was read in full (L3) yet.' }];
  const age = (one.nowMs - one.newest.snapshotMs) / 1000;
  if (age < 0)
    return [{ code: 'ahead', sentence: 'The newest good copy is of later than now, so a clock was wrong.' }];
  if (age <= allowedSeconds(one)) return [];
  return [
    {
      code: 'age',
      sentence: `The newest good copy is ${formatDuration(age)} old, more than ${limitWords(one)}.`,
    },
  ];
}

/** Both where they differ: what is wanted, and what the schedule can keep. */
export function limitWords(one: Readiness): string {
  const objective = `the objective of ${formatDuration(one.objectiveSeconds)}`;
  if (isReachable(one)) return objective;
  return `the ${formatDuration(allowedSeconds(one))} that its schedule can keep (${objective} is out of its reach)`;
}

function proofLacks(one: Readiness): Lack[] {
  const lacks: Lack[] = [];
  if (!one.isProven)
    lacks.push({
      code: 'proof',
      sentence: one.hasScratch
        ? `No good copy was restored (L4) in the last 7 days${one.provenMs === null ? '' : `; the last time was ${formatDuration((one.nowMs - one.provenMs) / 1000)} ago`}.`
        : 'No copy is ever restored (L4): it has no scratch server.',
    });
  if (one.failedDrill !== null)
    lacks.push({ code: 'drill', sentence: `The last drill failed: ${one.failedDrill}` });
  return lacks;
}

/** What a restore would cost now (RBK-07), and how long it would take: `RPO now 34 min, RTO 4 min …`. */
export function costWords(one: Readiness): string {
  if (one.newest === null || one.nowMs < one.newest.snapshotMs)
    return `RPO now: unknown. ${timeWords(one.recoveryTime)}`;
  const age = (one.nowMs - one.newest.snapshotMs) / 1000;
  const at = new Date(one.newest.snapshotMs).toISOString();
  const today = new Date(one.nowMs).toISOString().slice(0, 10);
  const since = at.startsWith(today) ? at.slice(11, 16) : at.slice(0, 16).replace('T', ' ');
  return `Restoring the newest copy (L${one.newest.level}) loses what was written since ${since} UTC: RPO now ${formatDuration(age)}. ${timeWords(one.recoveryTime)}`;
}

const timeWords = ({ seconds, state }: RecoveryTime): string =>
  seconds === null
    ? 'RTO: unknown, no drill has passed in 30 days.'
    : `RTO about ${tookWords(seconds)} by the last drill, without the switch${state === 'over' ? ', longer than its objective' : ''}.`;
