import type { Tone } from '@/components/ui/state';
import type { BackupDatabase, BackupDay, CopyView, MissedRuns, RecoveryPoint } from '@/lib/backup/contract';
import { type CopyLevel, copyLevels, goodLevel, levelNames } from '@/lib/backup/model';
import type { CopyFate, RetentionLine, RetentionView } from '@/lib/backup/retention/contract';

const isLevel = (level: number): level is CopyLevel => copyLevels.some((one) => one === level);

/** `L3 Read in full`; what nobody has looked at is unknown, never good. */
export function levelText(level: number | null): string {
  return level === null || !isLevel(level) ? 'Not verified' : `L${level} ${levelNames[level]}`;
}

/** How a copy stands: spoilt, proven far enough to count on, or not known to be good. */
export function copyState({ state, level, isSpoilt }: Pick<CopyView, 'state' | 'level' | 'isSpoilt'>): {
  tone: Tone;
  word: string;
} {
  if (state === 'wanted') return { tone: 'info', word: 'Waits for a worker' };
  if (state === 'running') return { tone: 'info', word: 'Being made' };
  if (state === 'failed') return { tone: 'crit', word: 'Failed' };
  if (isSpoilt) return { tone: 'crit', word: 'Spoilt' };
  return { tone: level !== null && level >= goodLevel ? 'ok' : 'unknown', word: levelText(level) };
}

export const pointWord: Record<RecoveryPoint['state'], string> = {
  within: 'Within its objective',
  over: 'Older than its objective',
  unknown: 'No good copy',
};
export const pointTone: Record<RecoveryPoint['state'], Tone> = {
  within: 'ok',
  over: 'warn',
  unknown: 'unknown',
};

export const fateWord: Record<CopyFate, string> = {
  stays: 'Stays',
  leaves: 'Leaves',
  marked: 'Marked',
  ending: 'Being deleted',
};
export const fateTone: Record<CopyFate, Tone> = {
  stays: 'ok',
  leaves: 'warn',
  marked: 'hold',
  ending: 'info',
};

/** A copy that stays as evidence alone is not known to be good; one without its file is not there at all. */
export function lineTone({ fate, isMissing, rules }: RetentionLine): Tone {
  if (isMissing) return 'crit';
  const isOnlyEvidence = rules.every((rule) => rule === 'evidence' || rule === 'unclear');
  return fate === 'stays' && isOnlyEvidence ? 'unknown' : fateTone[fate];
}

const oneOf = (count: number, of: number, one: string, many: string): string =>
  `${count} of ${of} ${of === 1 ? 'database' : 'databases'} ${count === 1 ? one : many}`;

/** What the page says on top, worst first; empty when nothing needs anybody. */
export function headlineParts(databases: readonly BackupDatabase[]): string[] {
  const backed = databases.filter(({ isBackedUp }) => isBackedUp);
  const count = (test: (one: BackupDatabase) => boolean) => backed.filter(test).length;
  const all = backed.length;
  const over = count(({ recoveryPoint }) => recoveryPoint.state === 'over');
  const unknown = count(({ recoveryPoint }) => recoveryPoint.state === 'unknown');
  const missed = count((one) => one.missed !== null);
  const bare = databases.length - all;
  return [
    ...(unknown === 0 ? [] : [oneOf(unknown, all, 'has no good copy', 'have no good copy')]),
    ...(over === 0
      ? []
      : [oneOf(over, all, 'has a copy older than its objective', 'have copies older than their objective')]),
    ...(missed === 0 ? [] : [oneOf(missed, all, 'missed a run', 'missed runs')]),
    ...(bare === 0
      ? []
      : [`${bare === 1 ? '1 database has' : `${bare} databases have`} no copies configured`]),
  ];
}

/** What needs somebody stands on top: no good copy, older than the objective, missed runs, then the rest by name. */
export function byUrgency(databases: readonly BackupDatabase[]): BackupDatabase[] {
  const rank = ({ isBackedUp, recoveryPoint, missed }: BackupDatabase): number => {
    if (!isBackedUp) return 4;
    if (recoveryPoint.state === 'unknown') return 0;
    if (recoveryPoint.state === 'over') return 1;
    return missed === null ? 3 : 2;
  };
  return databases.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

export const dayStates = ['restored', 'read', 'unproven', 'failed', 'missed', 'none'] as const;
export type DayState = (typeof dayStates)[number];
export const dayWord: Record<DayState, string> = {
  restored: 'restored (L4)',
  read: 'read in full (L3)',
  unproven: 'not read in full',
  failed: 'failed',
  missed: 'missed',
  none: 'no run',
};

/** What a day of the strip shows: the best copy that stands, else why there is none. */
export function dayState({ kept, failed, missed, level }: BackupDay): DayState {
  if (kept > 0) return level === 4 ? 'restored' : level !== null && level >= goodLevel ? 'read' : 'unproven';
  if (failed > 0) return 'failed';
  return missed > 0 ? 'missed' : 'none';
}

/** A day with everything that happened in it: a good copy does not hide a failed one. */
export function dayText(day: BackupDay): string {
  const parts = [
    day.kept === 0 ? null : `${day.kept} kept, ${dayWord[dayState(day)]}`,
    day.failed === 0 ? null : `${day.failed} failed`,
    day.missed === 0 ? null : `${day.missed} missed`,
  ].filter((part) => part !== null);
  return `${day.day}: ${parts.length === 0 ? 'no run' : parts.join(', ')}`;
}

export const missedTitle = ({ slots }: MissedRuns): string =>
  slots === 1 ? '1 run missed' : `${slots} runs missed`;

/** `23 stay, 1 leaves`, and what is marked. */
export function fatesText({ lines }: Pick<RetentionView, 'lines'>): string {
  if (lines.length === 0) return 'no copy yet';
  const count = (fate: CopyFate) => lines.filter((line) => line.fate === fate).length;
  const parts = [
    `${count('stays')} ${count('stays') === 1 ? 'stays' : 'stay'}`,
    count('leaves') === 0 ? null : `${count('leaves')} would leave`,
    count('marked') === 0 ? null : `${count('marked')} marked for deletion`,
    count('ending') === 0 ? null : `${count('ending')} being deleted`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
