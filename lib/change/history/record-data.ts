import type { CopyView } from '@/lib/backup/contract';
import { formatDuration } from '@/lib/core/duration';
import type { Data, EndSessionData, RestoreData } from '../data/contract';
import type { RestoreView } from '../data/restore/contract';
import { dataUndo, levelWords, toolWords } from '../data/sentence';

/** A fact of the record: its name and what it is. */
export type Line = [string, string];

/** What a change of a database was asked to do, and the copy that came of it, line by line. */
export function dataLines(data: Data, copy: CopyView | null, restore: RestoreView | null): Line[] {
  const about: Line[] = [
    ['Database', `${data.name} (${data.database}), ${data.serverDatabase}, PostgreSQL ${data.serverVersion}`],
  ];
  if (data.do === 'end-session') return [...about, ...sessionLines(data), ['Way back', dataUndo(data)]];
  if (data.do === 'restore') {
    return [
      ...about,
      ...restoreLines(data),
      ...(copy === null ? [] : copyLines(copy).map(([name, what]): Line => [`Safety copy: ${name}`, what])),
      ...(restore === null ? [] : madeLines(restore)),
      ['Way back', dataUndo(data)],
    ];
  }
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

const restoreLines = ({ copy, tool, safetyCopy, rows, keepSeconds }: RestoreData): Line[] => [
  ['Copy', `${copy.object}, SHA-256 ${copy.sha256}`],
  ['Data as of', copy.snapshotAt],
  ['Last proven to L4', copy.provenAt],
  ['Tool', `${tool.name} ${tool.version}`],
  ['Safety copy before', safetyCopy ? 'yes' : 'no'],
  [
    'Rows in the copy',
    `${rows.copy} of ${rows.tables} tables; ${rows.now ?? 'not counted'} when the plan was made`,
  ],
  ['The old database is kept', formatDuration(keepSeconds)],
];

const roleWords = { old: 'The old database', restored: 'The restored database' } as const;

/** What came of it: the load with its phases, which database has which name, and what is kept. */
const madeLines = ({ load, databases, setAside }: RestoreView): Line[] => [
  ...(load === null
    ? [['Load', 'not asked for'] satisfies Line]
    : [
        ['Load', `${load.state}${load.sentence === null ? '' : `: ${load.sentence}`}`] satisfies Line,
        ...load.phases.map(
          ({ phase, seconds }): Line => [
            `Phase ${phase}`,
            seconds < 0.1 ? 'under 0.1 s' : `${seconds.toFixed(1)} s`,
          ],
        ),
      ]),
  ...databases.map(({ name, role, sentence }): Line => [roleWords[role], `${name}: ${sentence}`]),
  ...(setAside === null
    ? []
    : [
        [
          'Kept beside',
          `${setAside.name} since ${setAside.since}, until ${setAside.dropAfter} at least${setAside.droppedAt === null ? '' : `; dropped ${setAside.droppedAt}`}`,
        ] satisfies Line,
      ]),
];

const copyLines = ({ object, state, level, bytes, sha256, snapshotAt, error }: CopyView): Line[] => [
  ['Copy', `${object}, ${state}${error === null ? '' : `: ${error}`}`],
  ['Level that stands', level === null ? 'none' : `L${level}`],
  ['Data as of', snapshotAt ?? '–'],
  ['Bytes', bytes === null ? '–' : String(bytes)],
  ['SHA-256', sha256 ?? '–'],
];
