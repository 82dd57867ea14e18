/** `wanted` waits for a worker; of the ends only `done` says that a restore works. */
export const drillStates = ['wanted', 'running', 'done', 'failed', 'cancelled'] as const;
export type DrillState = (typeof drillStates)[number];

export const drillCauses = ['button', 'schedule'] as const;
export type DrillCause = (typeof drillCauses)[number];

/**
 * The parts of a restore in their order (change-engine.md 6.4). The switch to the restored database is none of them: a
 * drill in isolation has nothing to switch, so nothing is said of its time.
 */
export const drillPhases = ['fetch', 'create', 'load', 'index', 'checks', 'drop'] as const;
export type DrillPhase = (typeof drillPhases)[number];

export type PhaseTime = { phase: DrillPhase; seconds: number };

/** What of a drill a recovery needs too: there nothing is dropped at the end. */
export const isOfRecovery = (phase: DrillPhase): boolean => phase !== 'drop';

/** Making an empty database takes as long for much data as for little. */
export const growsWithBytes = (phase: DrillPhase): boolean => phase !== 'create' && phase !== 'drop';

/** A drill says nothing of how long a restore takes once it is older. */
export const drillCountsSeconds = 30 * 86_400;

export const isUnderWay = (state: DrillState): boolean => state === 'wanted' || state === 'running';
