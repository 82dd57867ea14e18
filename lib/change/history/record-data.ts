import type { CopyView } from '@/lib/backup/contract';
import type { Data, EndSessionData } from '../data/contract';
import { dataUndo, levelWords, toolWords } from '../data/sentence';

/** A fact of the record: its name and what it is. */
export type Line = [string, string];

/** What a change of a database was asked to do, and the copy that came of it, line by line. */
export function dataLines(data: Data, copy: CopyView | null): Line[] {
  const about: Line[] = [
    ['Database', `${data.name} (${data.database}), ${data.serverDatabase}, PostgreSQL ${data.serverVersion}`],
  ];
  if (data.do === 'end-session') return [...about, ...sessionLines(data), ['Way back', dataUndo(data)]];
  return [
    ...about,
    ['Tool', toolWords(data)],
    ['Level asked for', levelWords(data.level)],
    ...(copy === null ? [] : copyLines(copy)),
    ['Way back', dataUndo(data)],
  ];
}

const sessionLines = (data: EndSessionData): Line[] => [
  ['Session', `process ${data.pid}, begun ${data.startedAt}`],
  ['Account', data.user ?? 'none'],
  ['Application', data.application === '' ? 'not named' : data.application],
  ['From', data.client ?? 'the machine of the server'],
  ['State', `${data.state ?? 'not known'}${data.stateSince === null ? '' : ` since ${data.stateSince}`}`],
  ['In a transaction since', data.transactionSince ?? 'in none'],
  ['Waited for', data.wait ?? 'nothing'],
  ['Query, without values', data.query ?? 'not known'],
];

const copyLines = ({ object, state, level, bytes, sha256, snapshotAt, error }: CopyView): Line[] => [
  ['Copy', `${object}, ${state}${error === null ? '' : `: ${error}`}`],
  ['Level that stands', level === null ? 'none' : `L${level}`],
  ['Data as of', snapshotAt ?? '–'],
  ['Bytes', bytes === null ? '–' : String(bytes)],
  ['SHA-256', sha256 ?? '–'],
];
