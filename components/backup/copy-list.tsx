'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Restore } from '@/components/database/ask-buttons';
import { formatBytes } from '@/components/ui/number-text';
import { StateText } from '@/components/ui/state';
import { formatTime, Time, useNow, useZone } from '@/components/ui/time-ago';
import type { BackupDatabase, CopyView } from '@/lib/backup/contract';
import { restoreRefusal } from '@/lib/backup/restorable';
import type { RetentionLine, RetentionView } from '@/lib/backup/retention/contract';
import { formatDuration } from '@/lib/core/duration';
import { paths } from '@/lib/core/paths';
import { Pins } from './copy-acts';
import { CopyChecks } from './copy-checks';
import { FoldedList } from './folded-list';
import { Level } from './level';
import { fateWord, lineTone } from './words';

/** A copy as both readings know it: one knows its checks, the other whether it stays. */
type Entry = { id: string; at: string; copy: CopyView | null; line: RetentionLine | null };

function entriesOf(copies: readonly CopyView[], lines: readonly RetentionLine[]): Entry[] {
  const byId = new Map(lines.map((line) => [line.copy, line]));
  const known = new Set(copies.map(({ id }) => id));
  return [
    ...copies.map((copy) => ({
      id: copy.id,
      at: copy.snapshotAt ?? copy.startedAt,
      copy,
      line: byId.get(copy.id) ?? null,
    })),
    ...lines
      .filter((line) => !known.has(line.copy))
      .map((line) => ({ id: line.copy, at: line.snapshotAt, copy: null, line })),
  ].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** More are counted: a browser would be slow with them. */
const shownEntries = 500;

type CopyListProps = { database: BackupDatabase; view: RetentionView | undefined };

/** Every copy with why it stays or leaves; its checks, their evidence and the log are read when it is opened. */
export function CopyList({ database, view }: CopyListProps) {
  const entries = entriesOf(database.copies, view?.lines ?? []);
  if (entries.length === 0) {
    return <p className="border-line border-t px-3 py-2 text-text-2 max-sm:px-4">No copy was made yet.</p>;
  }
  return (
    <FoldedList
      title="Copies"
      note={
        <>
          {entries.length}, newest first, with checks, evidence and log
          <span className="sr-only"> of {database.name}</span>
        </>
      }
      older={entries.length - shownEntries}
    >
      {() =>
        entries
          .slice(0, shownEntries)
          .map((entry) => (
            <Line key={entry.id} entry={entry} database={database} mayPin={view?.mayPin ?? false} />
          ))
      }
    </FoldedList>
  );
}

type LineProps = { entry: Entry; database: BackupDatabase; mayPin: boolean };

function Line({ entry: { id, at, copy, line }, database, mayPin }: LineProps) {
  const [open, setOpen] = useState(false);
  return (
    <li className="border-line border-t">
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="grid min-h-8 items-center gap-x-3 px-3 py-1 hover:bg-raised max-sm:min-h-11 max-sm:px-4 sm:grid-cols-[9.5rem_15rem_9rem_minmax(0,1fr)]">
          <Time at={at} parts="full" className="mono" />
          {copy === null ? <span className="text-text-3">–</span> : <Level {...copy} />}
          <span className="whitespace-nowrap text-text-2">{copy === null ? '–' : sizeText(copy)}</span>
          {line === null ? (
            <span className="break-words text-text-2">{copy?.error ?? ''}</span>
          ) : (
            <span className="flex flex-wrap items-baseline gap-x-2">
              <StateText tone={lineTone(line)}>{line.isMissing ? 'Missing' : fateWord[line.fate]}</StateText>
              <span className="min-w-0 break-words text-text-2">{line.reason}</span>
            </span>
          )}
        </summary>
        {open ? (
          <div className="grid gap-2 px-3 pt-1 pb-3 max-sm:px-4">
            {copy?.change ? (
              <p>
                Asked for by{' '}
                <Link href={paths.change(copy.change)} className="mono text-accent hover:underline">
                  {copy.change}
                </Link>
              </p>
            ) : null}
            {copy === null ? null : <RestoreCopy copy={copy} at={at} database={database} />}
            {line === null ? null : <Pins line={line} mayPin={mayPin} />}
            <CopyChecks copy={id} />
          </div>
        ) : null}
      </details>
    </li>
  );
}

type RestoreCopyProps = { copy: CopyView; at: string; database: BackupDatabase };

/** From a copy to the plan that puts it back; why not stands beside the button, too. */
function RestoreCopy({ copy, at, database }: RestoreCopyProps) {
  const now = useNow();
  const zone = useZone();
  const { id, name, service, environment, region } = database;
  const refusal = database.restoreRefusal ?? restoreRefusal(copy, now);
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Restore
        where={service === null ? null : { service, environment, region }}
        database={id}
        name={name}
        refusal={refusal}
        copy={{ id: copy.id, at: formatTime(new Date(at), zone, 'full') }}
      />
      {refusal === null ? null : <span className="text-text-2">{refusal}</span>}
    </p>
  );
}

function sizeText({ bytes, startedAt, finishedAt }: CopyView): string {
  const size = bytes === null ? '–' : formatBytes(bytes);
  if (finishedAt === null) return size;
  return `${size} in ${formatDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}`;
}
