import { formatDuration } from '@/lib/core/duration';
import type { RecoveryTime } from './contract';
import { drillCountsSeconds, growsWithBytes, isOfRecovery, type PhaseTime } from './model';
import { tookWords } from './words';

/** The newest drill that passed, as far as a forecast needs it. */
export type PassedDrill = { finishedMs: number; bytes: number; phases: readonly PhaseTime[] };

export type Recovery = {
  drill: PassedDrill | null;
  /** Of the newest good copy, which a restore would take; null when there is none. */
  newestBytes: number | null;
  nowMs: number;
  objective: { seconds: number; isOfTier: boolean };
};

/** How long each part would take with so many bytes, by what the drill took with its own. */
export function scaledPhases({ phases, bytes }: PassedDrill, newestBytes: number | null): PhaseTime[] {
  const factor = newestBytes === null || bytes <= 0 ? 1 : newestBytes / bytes;
  return phases
    .filter(({ phase }) => isOfRecovery(phase))
    .map(({ phase, seconds }) => ({ phase, seconds: growsWithBytes(phase) ? seconds * factor : seconds }));
}

const sum = (phases: readonly PhaseTime[]): number =>
  phases.reduce((total, { seconds }) => total + seconds, 0);

/** How long a restore would take (RTO) against its objective, by the newest drill that passed in 30 days. */
export function recoveryTimeOf({ drill, newestBytes, nowMs, objective }: Recovery): RecoveryTime {
  const base = { objectiveSeconds: objective.seconds, isOfTier: objective.isOfTier };
  const ageSeconds = drill === null ? null : (nowMs - drill.finishedMs) / 1000;
  // One of later than now was recorded by a clock that was ahead: how old it is nobody knows.
  if (drill === null || ageSeconds === null || ageSeconds < 0 || ageSeconds > drillCountsSeconds) {
    return {
      ...base,
      state: 'unknown',
      seconds: null,
      phases: [],
      drillAt: null,
      sentence: `How long a restore takes is not known: ${why(ageSeconds)}. The objective is ${formatDuration(objective.seconds)}.`,
    };
  }
  const phases = scaledPhases(drill, newestBytes);
  const seconds = sum(phases);
  const state = seconds <= objective.seconds ? 'within' : 'over';
  return {
    ...base,
    state,
    seconds,
    phases,
    drillAt: new Date(drill.finishedMs).toISOString(),
    sentence: `A restore of the newest copy takes about ${tookWords(seconds)} by the drill ${formatDuration(ageSeconds)} ago; the objective is ${formatDuration(objective.seconds)}. The switch to it is not measured by a drill and comes on top.`,
  };
}

function why(ageSeconds: number | null): string {
  if (ageSeconds === null) return 'no drill has passed in 30 days';
  return ageSeconds < 0
    ? 'the newest drill is of later than now, so a clock was wrong'
    : `the newest drill that passed is ${formatDuration(ageSeconds)} old, and counts for 30 days`;
}
