import { levelNames } from '@/lib/backup/model';
import { formatDuration } from '@/lib/core/duration';
import type { BackupData, Data, EndSessionData, RestoreData } from './contract';

/** "session 4711 of app": what it is called in sentences. */
export const sessionName = ({ pid, user }: Pick<EndSessionData, 'pid' | 'user'>): string =>
  `session ${pid}${user === null ? '' : ` of ${user}`}`;

export const levelWords = (level: 3 | 4): string => `L${level} ${levelNames[level]}`;

/** `pg_dump 15.18`, and where it runs when that is no worker. */
export function toolWords({ tool, job }: Pick<BackupData, 'tool' | 'job'>): string {
  const name = tool.version === null ? tool.name : `${tool.name} ${tool.version}`;
  return job === undefined ? name : `${name} in a Job of ${job}`;
}

/** The effect of a plan for a database in one sentence. */
export function dataSentence(data: Data): string {
  if (data.do === 'backup') {
    return `Makes one more copy of ${data.name} (PostgreSQL ${data.serverVersion}) with ${toolWords(data)} and proves it to ${levelWords(data.level)}; nothing that runs is changed.`;
  }
  if (data.do === 'restore') {
    return `Puts ${data.name} back to ${dataOf(data.copy)}: into a new database, which takes the name of the old one. What was written since is not in it; the old database is kept beside it for ${formatDuration(data.keepSeconds)}.`;
  }
  const application = data.application === '' ? '' : ` (${data.application})`;
  const loses =
    data.transactionSince === null
      ? 'It is in no transaction'
      : 'What its transaction has not committed is rolled back';
  return `Ends ${sessionName(data)}${application} in ${data.name}. ${loses}, and it cannot be brought back.`;
}

/** "the data of 2026-11-22 06:15 UTC". */
export const dataOf = ({ snapshotAt }: Pick<RestoreData['copy'], 'snapshotAt'>): string =>
  `the data of ${snapshotAt.slice(0, 16).replace('T', ' ')} UTC`;

const restoreUndo =
  'Before the switch an abort lets sessions into the old database again and drops the new one. After it, while the change watches, an abort switches back: the old database has its name again, as it was when it was closed, and what was written since stays in the new one, which is kept under another name.';

/** What is left to undo, in words. */
export function dataUndo({ do: what }: Pick<Data, 'do'>): string {
  if (what === 'restore') return restoreUndo;
  return what === 'backup'
    ? 'A copy needs no undo: what is left of it is one more file, which leaves by the rules of retention. An abort before it began withdraws it, an abort while it is made removes what was written, and one after that leaves it.'
    : 'An ended session cannot be brought back. What its transaction had not committed is rolled back by the server; its client sees a broken connection, and most open a new one.';
}
