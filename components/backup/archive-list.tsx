'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes } from '@/components/ui/number-text';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateText } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import { archiveQuery } from '@/lib/archive/client';
import type { ArchiveDetail, ArchiveSeries, ArchiveView } from '@/lib/archive/contract';
import { archiveNames } from '@/lib/archive/model';
import { toProblem } from '@/lib/http/client';
import { archiveLevelText, archiveState, holdsText } from './archive-words';
import { Check } from './copy-checks';
import { FoldedList } from './folded-list';

/** Every archive that is there, and failed attempts; its checks are read when it is opened. */
export function ArchiveList({ series }: { series: ArchiveSeries }) {
  const { archives } = series;
  if (archives.length === 0) return null;
  const kept = archives.filter(({ state }) => state === 'kept').length;
  return (
    <FoldedList
      title="Archives"
      note={
        <>
          {archives.length}, newest first, with checks and evidence
          <span className="sr-only"> of {archiveNames[series.kind].toLowerCase()}</span>
        </>
      }
      older={series.kept > archives.length ? series.kept - kept : 0}
    >
      {() => archives.map((archive) => <Line key={archive.id} archive={archive} />)}
    </FoldedList>
  );
}

function Line({ archive }: { archive: ArchiveView }) {
  const [open, setOpen] = useState(false);
  const { tone, word } = archiveState(archive);
  return (
    <li className="border-line border-t">
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className="grid min-h-8 items-center gap-x-3 px-3 py-1 hover:bg-raised max-sm:min-h-11 max-sm:px-4 sm:grid-cols-[9.5rem_10rem_12rem_minmax(0,1fr)]">
          <Time at={archive.startedAt} parts="full" className="mono" />
          <StateText tone={tone}>{word}</StateText>
          <span className="whitespace-nowrap text-text-2">
            {archive.bytes === null ? '–' : `${holdsText(archive)}, ${formatBytes(archive.bytes)}`}
          </span>
          <span className="min-w-0 break-words text-text-2">{archive.error ?? archive.finding ?? ''}</span>
        </summary>
        {open ? (
          <div className="grid gap-2 px-3 pt-1 pb-3 max-sm:px-4">
            <Checks archive={archive.id} />
          </div>
        ) : null}
      </details>
    </li>
  );
}

function Checks({ archive }: { archive: string }) {
  const { data, error, refetch } = useQuery(archiveQuery(archive));
  if (data === undefined) {
    return error ? (
      <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={3} label="the checks" />
    );
  }
  return (
    <>
      {data.checks.length === 0 ? (
        <p className="text-text-2">Nobody has looked at it yet: whether it is good is not known.</p>
      ) : (
        <ul className="grid gap-1.5">
          {data.checks.map((check) => (
            <Check key={`${check.level} ${check.at}`} check={check} nameOf={archiveLevelText} />
          ))}
        </ul>
      )}
      <Facts detail={data} />
    </>
  );
}

const Facts = ({ detail: { object, sha256, program, files, secrets } }: { detail: ArchiveDetail }) => (
  <div className="grid gap-0.5 break-all text-meta text-text-3">
    <p>
      <span className="mono">{object}</span>
      {sha256 === null ? null : (
        <>
          , SHA-256 <span className="mono">{sha256}</span>
        </>
      )}
      {program === null ? '' : `, Signalbox ${program}`}
    </p>
    {files.length === 0 ? null : (
      <p>
        Files: <span className="mono">{files.map(({ name }) => name).join(', ')}</span>
      </p>
    )}
    {secrets.length === 0 ? null : (
      <p>
        Named and left out, as secrets: <span className="mono">{secrets.join(', ')}</span>
      </p>
    )}
  </div>
);
