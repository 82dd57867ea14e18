/**
 * A copy that a change asked for is `wanted` until a worker begins it. `running` becomes `kept` or `failed`; a kept copy
 * leaves by a tombstone first (change-engine.md 6.3).
 */
export const copyStates = ['wanted', 'running', 'kept', 'failed', 'tombstoned', 'deleted'] as const;
export type CopyState = (typeof copyStates)[number];

/** Nothing of it is there yet. */
export const isUnderWay = (state: CopyState): boolean => state === 'wanted' || state === 'running';

/** `catch-up`: one copy for all moments of the schedule that passed while no worker ran. */
export const copyCauses = ['schedule', 'catch-up', 'change'] as const;
export type CopyCause = (typeof copyCauses)[number];

/** The verification ladder of change-engine.md 6.2, as far as a copy can climb it without a drill. */
export const copyLevels = [0, 1, 2, 3, 4] as const;
export type CopyLevel = (typeof copyLevels)[number];

export const levelNames: Record<CopyLevel, string> = {
  0: 'Written',
  1: 'Stored',
  2: 'Listed',
  3: 'Read in full',
  4: 'Restored',
};

/** Who waits for a restore can count on a copy from here on; below it may be half a file. */
export const goodLevel = 3;

/** `unknown`: it could not be looked at, which is never a pass. */
export const checkResults = ['passed', 'failed', 'unknown'] as const;
export type CheckResult = (typeof checkResults)[number];

export type LatestCheck = { level: number; result: CheckResult };

/**
 * The level that stands: the highest one that was passed, below which nothing stands failed or unknown by its latest
 * check. `latest` holds at most one check of each level. Null: not even the dump is known to have ended well.
 */
export function standingLevel(latest: readonly LatestCheck[]): CopyLevel | null {
  let standing: CopyLevel | null = null;
  for (const level of copyLevels) {
    if (latest.find((check) => check.level === level)?.result !== 'passed') return standing;
    standing = level;
  }
  return standing;
}
