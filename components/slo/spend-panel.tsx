'use client';

import { type ReactNode, useState } from 'react';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { formatDuration } from '@/lib/core/duration';
import type { LedgerView } from '@/lib/slo/ledger/contract';
import { causeWords } from '@/lib/slo/ledger/model';
import type { SloPage } from '@/lib/slo/page/contract';
import { entryFormParts } from './entry-form-parts';
import { ExclusionList } from './exclusion-list';
import { formatShare, sliceText } from './figures';
import { LedgerEntryForm } from './ledger-entry-form';
import { LedgerExclusionForm } from './ledger-exclusion-form';
import type { PageChoice } from './page-url';
import { SpendTable } from './spend-table';

type SpendPanelProps = { page: SloPage; choice: PageChoice };

/** What the budget went on: every line, what none explains, and the sum, which is what was spent. */
export function SpendPanel({ page, choice }: SpendPanelProps) {
  const { ledger } = page;
  if (ledger === null) {
    return (
      <Panel title="What spent the budget">
        <EmptyState
          title="What was spent cannot be attributed now"
          why="The database does not answer. The figures above are the last that were read; the page asks again by itself."
        />
      </Panel>
    );
  }
  const { spent, unexplained } = ledger.slices ?? ledger;
  return (
    <Panel
      title="What spent the budget"
      note={
        spent.share === null
          ? `${formatCount(Math.round(ledger.spent.failed))} failures`
          : `${formatShare(spent.share)} spent, ${formatShare(unexplained.share ?? 0)} unexplained`
      }
    >
      <ByCause ledger={ledger} />
      <SpendTable ledger={ledger} slo={page.row.id} />
      <p className="border-line border-t px-3 py-2 text-meta text-text-3 max-sm:px-4">
        <span className="block max-w-[110ch]">{ledger.method}</span>
      </p>
      <ExclusionList page={page} ledger={ledger} choice={choice} />
      <Forms page={page} ledger={ledger} />
    </Panel>
  );
}

/** The causes with a cost, in minutes of full outage and failures (SLO-06), or in bad slices of time. */
function ByCause({ ledger }: { ledger: LedgerView }) {
  const inEvents = ledger.byCause
    .filter(({ cost }) => cost.failed > 0)
    .map(({ cause, cost }) => ({
      cause,
      share: cost.share,
      words: `${cost.outageSeconds === null ? '' : `${formatDuration(cost.outageSeconds)}, `}${formatCount(Math.round(cost.failed))} failed`,
    }));
  const inSlices = ledger.slices?.byCause
    .filter(({ cost }) => cost.slices > 0)
    .map(({ cause, cost }) => ({ cause, share: cost.share, words: sliceText(cost) }));
  const spending = inSlices ?? inEvents;
  if (spending.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-2 border-line border-b px-3 py-2 max-sm:px-4">
      {spending.map(({ cause, share, words }) => (
        <div key={cause}>
          <dt className="text-meta text-text-3">{causeWords[cause]}</dt>
          <dd>
            <b className="font-medium">{share === null ? '–' : formatShare(share)}</b>{' '}
            <span className="text-text-2">{words}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What people add; who may not, is told by the server which parts of it they may. */
function Forms({ page, ledger }: { page: SloPage; ledger: LedgerView }) {
  const where = { slo: page.row.id, environment: ledger.environment };
  if (!ledger.mayAdd && !ledger.mayExclude) return null;
  return (
    <div className="flex flex-wrap gap-x-6 border-line border-t">
      {ledger.mayAdd ? (
        <Fold title="Add what spent budget">
          {(close) => <LedgerEntryForm {...entryFormParts(page, ledger)} onAdded={close} />}
        </Fold>
      ) : null}
      {ledger.mayExclude ? (
        <Fold title="Exclude a span">{(close) => <LedgerExclusionForm {...where} onAdded={close} />}</Fold>
      ) : null}
    </div>
  );
}

type FoldProps = { title: string; children: (close: () => void) => ReactNode };

function Fold({ title, children }: FoldProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      open={open}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      className="open:w-full"
    >
      <summary className="flex min-h-10 items-center px-3 text-accent max-sm:min-h-11 max-sm:px-4">
        {title}
      </summary>
      {open ? <div className="max-w-160 px-3 pb-3 max-sm:px-4">{children(() => setOpen(false))}</div> : null}
    </details>
  );
}
