import type { Tone } from '@/components/ui/state';
import type { ArchiveSeries, ArchiveView } from '@/lib/archive/contract';
import { type ArchiveKind, archiveLevelNames } from '@/lib/archive/model';
import { type CopyLevel, copyLevels, goodLevel } from '@/lib/backup/model';

const isLevel = (level: number): level is CopyLevel => copyLevels.some((one) => one === level);

/** `L4 Proven`; what nobody has looked at is unknown, never good. */
export const archiveLevelText = (level: number | null): string =>
  level === null || !isLevel(level) ? 'Not verified' : `L${level} ${archiveLevelNames[level]}`;

/** How an archive stands: not well, proven far enough to count on, or not known to be good. */
export function archiveState({ state, level, isSpoilt }: Pick<ArchiveView, 'state' | 'level' | 'isSpoilt'>): {
  tone: Tone;
  word: string;
} {
  if (state === 'running') return { tone: 'info', word: 'Being made' };
  if (state === 'failed') return { tone: 'crit', word: 'Failed' };
  if (state === 'unchanged') return { tone: 'ok', word: 'Nothing new' };
  if (isSpoilt) return { tone: 'crit', word: 'Does not hold' };
  return { tone: level !== null && level >= goodLevel ? 'ok' : 'unknown', word: archiveLevelText(level) };
}

/** The one word for a kind, worst first: what is wrong with the newest, or with its runs. */
export function seriesState({ newest, lastRun, missed }: ArchiveSeries): { tone: Tone; word: string } {
  if (newest?.isSpoilt) return archiveState(newest);
  if (lastRun?.state === 'failed') return { tone: 'crit', word: 'Last run failed' };
  if (missed !== null) return { tone: 'warn', word: 'Runs missed' };
  return newest === null ? { tone: 'unknown', word: 'No archive yet' } : archiveState(newest);
}

const count = (value: number, one: string, many: string): string =>
  `${value.toLocaleString('en-GB')} ${value === 1 ? one : many}`;

/** `3 files`, `1,204 entries` */
export const entriesText = (kind: ArchiveKind, entries: number): string =>
  kind === 'audit' ? count(entries, 'entry', 'entries') : count(entries, 'file', 'files');

/** `entries 0 to 41` of the log; what a configuration holds is counted. */
export function holdsText({ kind, entries, first, last }: ArchiveView): string {
  if (first !== null && last !== null) return `entries ${first} to ${last}`;
  return entries === null ? '–' : entriesText(kind, entries);
}
