import { formatDuration } from '@/lib/core/duration';

/** More copies than these at once are a mistake until a person says otherwise (change-engine.md 6.3). */
export const mostCopies = 3;
export const mostShare = 0.2;
/** Clocks that differ by more cannot say what is old. */
export const clockToleranceSeconds = 30;

export const stopCodes = [
  'folder',
  'clock',
  'future',
  'running',
  'restoring',
  'age',
  'count',
  'share',
] as const;
export type StopCode = (typeof stopCodes)[number];
/** Why a run deletes nothing. */
export type Stop = { code: StopCode; sentence: string };

/** What a run of retention must know before it marks or deletes anything. Times are in milliseconds since 1970. */
export type Circumstances = {
  /** Copies that would be marked now; none of them is marked yet. */
  leaving: readonly string[];
  /** Copies in force: kept, not marked, with their file. */
  inForce: number;
  /** Copies that a person let go, having seen the list. */
  approved: readonly string[];
  /** Of the database's clock, and ours right before and after it was asked. */
  clock: { database: number; before: number; after: number };
  newestVerified: number | null;
  newestSnapshot: number | null;
  /** How old the newest verified copy may be. */
  ageLimitSeconds: number;
  isRunning: boolean;
  /** A change restores the database: whatever it needs has to stay. */
  isRestoring: boolean;
  /** Why the folder cannot be read; null when it can. */
  folderProblem: string | null;
};

/** Why nothing may be marked or deleted now; empty when it may. */
export function stopsOf(found: Circumstances): Stop[] {
  return [...folderStops(found), ...clockStops(found), ...copyStops(found), ...sizeStops(found)];
}

/** Whether only a person's word is missing. */
export const awaitsPerson = (stops: readonly Stop[]): boolean =>
  stops.length > 0 && stops.every(({ code }) => code === 'count' || code === 'share');

/** Whether it goes on by itself in a moment. */
export const onlyWaits = (stops: readonly Stop[]): boolean =>
  stops.length > 0 && stops.every(({ code }) => code === 'running' || code === 'restoring');

const folderStops = ({ folderProblem }: Circumstances): Stop[] =>
  folderProblem === null ? [] : [{ code: 'folder', sentence: folderProblem }];

function clockStops({ clock, newestSnapshot }: Circumstances): Stop[] {
  const { database, before, after } = clock;
  const ahead = database > after ? database - after : database < before ? database - before : 0;
  if (Math.abs(ahead) > clockToleranceSeconds * 1000) {
    const apart = formatDuration(Math.abs(ahead) / 1000);
    return [
      {
        code: 'clock',
        sentence: `The clocks of the worker and of the console's database are ${apart} apart: nobody can say how old a copy is.`,
      },
    ];
  }
  if (newestSnapshot === null || newestSnapshot <= after + clockToleranceSeconds * 1000) return [];
  return [
    { code: 'future', sentence: 'A copy is from the future: a clock is wrong, or was when it was made.' },
  ];
}

function copyStops({
  isRunning,
  isRestoring,
  newestVerified,
  ageLimitSeconds,
  clock,
}: Circumstances): Stop[] {
  const stops: Stop[] = [];
  if (isRunning)
    stops.push({ code: 'running', sentence: 'A copy is being made; retention waits for its end.' });
  if (isRestoring)
    stops.push({
      code: 'restoring',
      sentence: 'A change restores the database; retention waits for its end.',
    });
  if (newestVerified === null) {
    stops.push({
      code: 'age',
      sentence: 'No copy is verified to level 2: nothing may take the place of another.',
    });
    return stops;
  }
  const age = (clock.database - newestVerified) / 1000;
  if (age > ageLimitSeconds) {
    const limit = formatDuration(ageLimitSeconds);
    stops.push({
      code: 'age',
      sentence: `The newest verified copy is ${formatDuration(age)} old, more than ${limit}: the old ones may be needed.`,
    });
  }
  return stops;
}

function sizeStops({ leaving, inForce, approved }: Circumstances): Stop[] {
  if (leaving.length === 0 || leaving.every((id) => approved.includes(id))) return [];
  const stops: Stop[] = [];
  const told = `${leaving.length} of ${inForce} copies would go at once`;
  if (leaving.length > mostCopies)
    stops.push({ code: 'count', sentence: `${told}: more than ${mostCopies}.` });
  if (leaving.length > inForce * mostShare)
    stops.push({ code: 'share', sentence: `${told}: more than ${mostShare * 100} %.` });
  return stops;
}

/**
 * How old the newest verified copy may be: the objective, or where the schedule cannot reach it the longest
 * pause of the schedule and the longest a copy may take. Otherwise a database whose objective needs more than copies
 * would never let an old one go, until the disk is full and none is made any more.
 */
export const ageLimit = (
  objectiveSeconds: number,
  longestPauseSeconds: number | null,
  timeoutSeconds: number,
): number =>
  Math.max(objectiveSeconds, longestPauseSeconds === null ? 0 : longestPauseSeconds + timeoutSeconds);
