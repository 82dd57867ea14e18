/** The parts of a load in their order: the empty database is there before, and the switch comes after. */
export const loadPhases = ['fetch', 'load', 'index', 'checks'] as const;
export type LoadPhase = (typeof loadPhases)[number];

/** One that has ended is not begun again: a change loads once. */
export const loadStates = ['wanted', 'running', 'done', 'failed', 'cancelled'] as const;
export type LoadState = (typeof loadStates)[number];

export const setAsideStates = ['kept', 'dropped'] as const;
/** What was there before a restore, or what was restored and taken back. */
export const setAsideKinds = ['replaced', 'taken-back'] as const;
export type SetAsideKind = (typeof setAsideKinds)[number];

/** By the name: a restore is loaded into `shop_r_c0000012`, and what it replaces becomes `shop_pre_c0000012`. */
export const kindOfSetAside = (serverName: string): SetAsideKind =>
  /_r_c\d+$/.test(serverName) ? 'taken-back' : 'replaced';
