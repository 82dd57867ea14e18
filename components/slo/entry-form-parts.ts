import type { LedgerView } from '@/lib/slo/ledger/contract';
import type { SloPage } from '@/lib/slo/page/contract';

/** What the form of an entry is about, and what it offers to choose from. */
export const entryFormParts = (page: SloPage, ledger: LedgerView) => ({
  slo: page.row.id,
  environment: ledger.environment,
  regions: [
    ...new Set(page.row.groups.flatMap(({ labels }) => (labels['region'] ? [labels['region']] : []))),
  ],
  changes: ledger.lines.flatMap(({ change, title }) => (change === null ? [] : [{ id: change, title }])),
});
