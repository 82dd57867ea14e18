/** The parts of a load in their order: the empty database is there before, and the switch comes after. */
export const loadPhases = ['fetch', 'load', 'index', 'checks'] as const;
export type LoadPhase = (typeof loadPhases)[number];

/** One that has ended is not begun again: a change loads once. */
export const loadStates = ['wanted', 'running', 'done', 'failed', 'cancelled'] as const;
export type LoadState = (typeof loadStates)[number];
