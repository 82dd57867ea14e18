'use client';

import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import { type AuditFilter, auditQuery } from '@/lib/audit/client';
import type { AuditList } from '@/lib/audit/contract';
import { api } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { AuditFilters } from './audit-filters';
import { AuditSeal } from './audit-seal';
import { AuditTable } from './audit-table';

type AuditScreenProps = { filter: AuditFilter; onFilter: (filter: AuditFilter) => void };

/** The record of every act: read, verified, exported, never edited. */
export function AuditScreen({ filter, onFilter }: AuditScreenProps) {
  const { before, ...rest } = filter;
  const { data, error, refetch, isPlaceholderData, dataUpdatedAt } = useQuery(auditQuery(filter));
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <h1 className="font-medium text-page">Audit log</h1>
        <div className="ml-auto flex gap-2">
          <Export format="csv" filter={rest} />
          <Export format="jsonl" filter={rest} />
        </div>
      </div>
      <AuditSeal />
      <AuditFilters key={JSON.stringify(rest)} filter={rest} onFilter={onFilter} />
      <Panel
        title="Entries"
        note={
          data
            ? `${formatCount(data.entries.length)} shown of ${formatCount(data.size)} in the log`
            : undefined
        }
      >
        {data && error ? (
          <p
            role="status"
            className="flex items-start gap-2 border-line border-b px-3 py-2 text-meta text-text-2 max-sm:px-4"
          >
            <StateGlyph tone="warn" className="size-3.5 translate-y-px" />
            <span>
              Entries as read <TimeAgo at={new Date(dataUpdatedAt).toISOString()} />:{' '}
              {toProblem(error).detail}
            </span>
          </p>
        ) : null}
        {data ? (
          <div aria-busy={isPlaceholderData} className={isPlaceholderData ? 'opacity-60' : undefined}>
            <Entries data={data} filtered={Object.keys(rest).length > 0} onClear={() => onFilter({})} />
            <Paging data={data} filter={filter} onFilter={onFilter} />
          </div>
        ) : error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={12} label="the audit log" />
        )}
      </Panel>
    </>
  );
}

/** A plain link: the export is itself recorded, and the answer is a file. */
const Export = ({ format, filter }: { format: 'csv' | 'jsonl'; filter: AuditFilter }) => (
  <a
    href={api.auditExport({ ...filter, format })}
    download
    className="inline-flex h-8 items-center gap-1.5 rounded-control border border-control bg-surface px-3 font-medium hover:bg-raised max-sm:h-11"
    title="What is filtered now; the export is recorded"
  >
    <Download aria-hidden className="size-4" />
    {format === 'csv' ? 'Export CSV' : 'Export JSONL'}
  </a>
);

function Entries({ data, filtered, onClear }: { data: AuditList; filtered: boolean; onClear: () => void }) {
  if (data.entries.length > 0) return <AuditTable entries={data.entries} />;
  if (filtered) {
    return (
      <EmptyState
        title="No entry matches"
        why="The filter excludes every entry of the log."
        action={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      title="Nothing is recorded yet"
      why="Sign-ins, plans, changes, sign-offs, cluster writes and status messages are recorded here as they happen."
    />
  );
}

type PagingProps = AuditScreenProps & { data: AuditList };

/** Pages are cut by position, so a new entry never shifts what is read. `Newer` walks back the way we came. */
function Paging({ data, filter, onFilter }: PagingProps) {
  const { before, ...rest } = filter;
  const [trail, setTrail] = useState<(string | undefined)[]>([]);
  const older = data.next;
  const goOlder = () => {
    setTrail((was) => [...was, before]);
    onFilter({ ...rest, before: String(older) });
  };
  const goNewer = () => {
    const last = trail.at(-1);
    setTrail((was) => was.slice(0, -1));
    onFilter(last === undefined ? rest : { ...rest, before: last });
  };
  if (before === undefined && older === null) return null;
  return (
    <nav aria-label="Pages" className="flex items-center justify-between gap-2 px-3 py-2 max-sm:px-4">
      <span className="flex gap-2">
        {before === undefined ? null : <Button onClick={() => onFilter(rest)}>Newest</Button>}
        {before === undefined || trail.length === 0 ? null : <Button onClick={goNewer}>Newer</Button>}
      </span>
      {older === null ? (
        <span className="text-meta text-text-3">This is the first entry of the log.</span>
      ) : (
        <Button onClick={goOlder}>Older</Button>
      )}
    </nav>
  );
}
