'use client';

import { Chip } from '@/components/ui/chip';
import { Time } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import { voidExclusion } from '@/lib/slo/ledger/client';
import type { ExclusionRow, LedgerView } from '@/lib/slo/ledger/contract';
import type { SloPage } from '@/lib/slo/page/contract';
import type { PageChoice } from './page-url';
import { VoidButton } from './void-button';

type ExclusionListProps = { page: SloPage; ledger: LedgerView; choice: PageChoice };

/** The spans that count neither as good nor as bad: who took them out, why, and whether the page leaves them out now. */
export function ExclusionList({ page, ledger, choice }: ExclusionListProps) {
  const { rows, maintenance, excludedSeconds } = ledger.exclusions;
  if (rows.length === 0 && maintenance === 'counts') return null;
  const isApplied = choice.exclusions === 'on';
  return (
    <div className="border-line border-t">
      <h3 className="flex flex-wrap gap-x-2 px-3 pt-2 text-text-2 max-sm:px-4">
        Exclusions
        <span className="text-text-3">
          {isApplied
            ? `${formatDuration(excludedSeconds)} are left out of every figure here`
            : 'counted in every figure here, as if they did not exist'}
          {maintenance === 'excluded' ? '; planned maintenance is left out as well' : ''}
        </span>
      </h3>
      <ul className="pb-1">
        {rows.map((row) => (
          <ExclusionLine
            key={row.id ?? `${row.reason} ${JSON.stringify(row.when)}`}
            row={row}
            slo={page.row.id}
            mayVoid={ledger.mayExclude}
          />
        ))}
      </ul>
    </div>
  );
}

type ExclusionLineProps = { row: ExclusionRow; slo: string; mayVoid: boolean };

function ExclusionLine({ row, slo, mayVoid }: ExclusionLineProps) {
  const { id, reason, when, by, voided, secondsInWindow } = row;
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 px-3 max-sm:px-4">
      <span className={voided ? 'text-text-3 line-through' : 'font-medium'}>{reason}</span>
      <span className="text-text-2">
        {when.kind === 'once' ? (
          <>
            <Time at={when.from} parts="full" className="mono" /> to{' '}
            <Time at={when.to} parts="full" className="mono" />
          </>
        ) : (
          <>
            <code>{when.rule}</code> from {when.starts.replace('T', ' ')} {when.zone},{' '}
            {formatDuration(when.seconds)} each
          </>
        )}
      </span>
      <span className="text-meta text-text-3">
        {formatDuration(secondsInWindow)} in the window{by === null ? '' : `, by ${by}`}
      </span>
      {id === null ? <Chip title="Written in the configuration">signalbox.yaml</Chip> : null}
      {voided ? (
        <span className="text-meta text-text-3">
          voided by {voided.by}: {voided.reason}
        </span>
      ) : id !== null && mayVoid ? (
        <VoidButton
          what={`the exclusion ${reason}`}
          consequence="Its events count again, at once and in every figure of the window. It stays in the list."
          send={voidExclusion(slo, id)}
        />
      ) : null}
    </li>
  );
}
