import Link from 'next/link';
import { paths } from '@/lib/core/paths';
import type { SloPage } from '@/lib/slo/page/contract';
import { type PageChoice, pageQueryParts } from './page-url';

/** Says that all figures are those of one group, which has the whole target to itself. */
export function OnlyGroup({ page: { row, group }, choice }: { page: SloPage; choice: PageChoice }) {
  if (group === null) return null;
  const labels = row.groups.find(({ key }) => key === group)?.labels ?? {};
  const name = Object.entries(labels)
    .map(([label, value]) => `${label} ${value}`)
    .join(', ');
  return (
    <p role="status" className="mt-3 flex flex-wrap gap-x-2 rounded-panel bg-raised px-3 py-2">
      <span>
        Only <b className="font-medium">{name === '' ? group : name}</b>: every figure here is of this group
        and its own budget.
      </span>
      <Link
        href={paths.slo(row.id, pageQueryParts({ ...choice, group: null }))}
        className="text-accent hover:underline"
      >
        Show all groups together
      </Link>
    </p>
  );
}
