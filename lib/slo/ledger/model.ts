/**
 * What budget was spent on (SLO-06). Changes come from the register of changes, the causes between are written by
 * people, and what no line claims is `unexplained`. Times are unix seconds, spans (from, to].
 */
export const causes = [
  'incident',
  'change',
  'maintenance',
  'patch',
  'production-test',
  'canary',
  'unexplained',
] as const;
export type Cause = (typeof causes)[number];

/** Those that people write. */
export const entryCauses = [
  'incident',
  'maintenance',
  'patch',
  'production-test',
  'canary',
] as const satisfies readonly Cause[];
export type EntryCause = (typeof entryCauses)[number];

export const causeWords: Record<Cause, string> = {
  incident: 'Incident',
  change: 'Change',
  maintenance: 'Planned maintenance',
  patch: 'Patch',
  'production-test': 'Production test',
  canary: 'Canary',
  unexplained: 'Unexplained',
};

/** How far after its end a change that stayed is still asked for what went wrong: bounds and default. */
export const horizonSeconds = { least: 3600, most: 86_400, usual: 4 * 3600 } as const;

/** A single entry longer than this is a mistake in a date. */
export const ENTRY_MAX_SECONDS = 31 * 86_400;

/** How the window of a line came to its end. */
export const claimEnds = ['next-change', 'undo', 'horizon', 'running', 'written'] as const;
export type ClaimEnd = (typeof claimEnds)[number];

/** How good the background of a line is, best first (background.ts). */
export const backgroundKinds = ['clean', 'pieces', 'short', 'unclean'] as const;
