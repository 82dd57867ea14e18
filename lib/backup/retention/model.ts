/** A copy counts from here on: below, nobody knows that it holds the database (change-engine.md 6.3). */
export const countedLevel = 2;
/** So many of the newest verified copies stay whatever the calendar says. */
export const lastVerified = 2;

/** What retention must know of a copy. */
export type RetainedCopy = {
  id: string;
  /** The moment of its data; names and files are never asked when a copy is from. */
  snapshotMs: number;
  /** The level that stands; null is unknown. */
  level: number | null;
  /** Its latest look failed: it is spoilt whatever it was before. */
  isSpoilt: boolean;
  /** It stood at level 2 once: what cannot be looked at now is not what nobody has ever looked at. */
  wasVerified: boolean;
  /** The folder does not have its file. */
  isMissing: boolean;
  /** Major version of the server that it was taken from; null when it is not known. */
  serverMajor: number | null;
  /** Why people hold it. */
  pins: readonly string[];
};

export type RetentionPolicy = { daily: number; weekly: number; monthly: number; timeZone: string };

export const calendarRules = ['daily', 'weekly', 'monthly'] as const;
export type CalendarRule = (typeof calendarRules)[number];
export const keptRules = [
  ...calendarRules,
  'oldest',
  'pin',
  'last-verified',
  'major',
  'unclear',
  'evidence',
  'missing',
] as const;

/** Why a copy stays. */
export type KeptBy =
  | { rule: CalendarRule; bucket: string }
  | { rule: 'oldest'; monthly: number; wanted: number }
  | { rule: 'pin'; reason: string }
  | { rule: 'last-verified' }
  | { rule: 'major'; major: number }
  | { rule: 'unclear' }
  | { rule: 'evidence'; isSpoilt: boolean }
  | { rule: 'missing' };

/** What a calendar rule keeps instead: `newer` in the same bucket, or `full` with newer buckets. */
export type PassedOver = { rule: CalendarRule; bucket: string; because: 'newer' | 'full' };

/** Why a copy leaves: what each rule keeps instead, or that it never counted and is older than the daily ones. */
export type LeavesFor =
  | { because: 'no-rule'; rules: PassedOver[] }
  | { because: 'not-verified'; isSpoilt: boolean; daily: number };

export type Verdict =
  | { id: string; stays: true; by: KeptBy[] }
  | { id: string; stays: false; leaves: LeavesFor };
