'use client';

import Link from 'next/link';
import { changeTone } from '@/components/change/tone';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { TimeAgo } from '@/components/ui/time-ago';
import { stateWords } from '@/lib/change/model';
import { paths } from '@/lib/core/paths';
import type { LastChange } from '@/lib/slo/contract';
import type { ListChange } from '@/lib/slo/fleet/contract';
import type { FleetLine, FleetLines } from '@/lib/slo/fleet/lines';
import { formatShare } from './figures';

/** A change with what it cost the objective that it cost most. */
export type PricedChange = {
  change: ListChange;
  worst: { row: FleetLine; cost: LastChange } | null;
  /** Objectives of its service that it is priced for. */
  priced: number;
};

const shareOf = ({ worst }: PricedChange): number => worst?.cost.share ?? Number.NEGATIVE_INFINITY;

/** The changes of the day before the list, the dearest first; what is not priced stands last. */
export function pricedChanges({ rows, changes, at }: FleetLines): PricedChange[] {
  const from = Date.parse(at) - 86_400_000;
  return changes
    .filter((change) => Date.parse(change.at) > from)
    .map((change): PricedChange => {
      const priced = rows.flatMap((row) => {
        const cost = row.costs.find(({ id, failed }) => id === change.id && failed !== null);
        return cost === undefined ? [] : [{ row, cost }];
      });
      // Objectives in slices have no share of events: they come after those that have one.
      const [worst = null] = priced.toSorted(
        (a, b) => (b.cost.share ?? -1) - (a.cost.share ?? -1) || (b.cost.failed ?? 0) - (a.cost.failed ?? 0),
      );
      return { change, worst, priced: priced.length };
    })
    .sort((a, b) => shareOf(b) - shareOf(a) || b.change.at.localeCompare(a.change.at));
}

const cell = 'border-line border-b px-2 py-1.5 align-top first:pl-3 last:pr-3 max-sm:first:pl-4';

/** What the changes of the last 24 hours cost, the dearest first. */
export function RecentChanges({ fleet }: { fleet: FleetLines }) {
  const all = pricedChanges(fleet);
  return (
    <Panel
      title="Changes of the last 24 hours"
      note={all.length > 0 ? 'by what they cost, the dearest first' : undefined}
      className="mt-4"
    >
      {all.length === 0 ? (
        <EmptyState
          title="No change in the last 24 hours"
          why={`Nothing was carried out in ${fleet.environment} for a service that has an objective.`}
        />
      ) : (
        <ScrollX label="Changes of the last 24 hours">
          <table className="w-full min-w-160 border-collapse">
            <caption className="sr-only">Changes of the last 24 hours and what they cost of a budget</caption>
            <thead>
              <tr>
                <Th>Change</Th>
                <Th>Carried out</Th>
                <Th end>Cost</Th>
                <Th end>Failed</Th>
                <Th>Of the budget of</Th>
              </tr>
            </thead>
            <tbody>
              {all.map((one) => (
                <ChangeLine key={one.change.id} {...one} />
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Panel>
  );
}

function ChangeLine({ change, worst, priced }: PricedChange) {
  return (
    <tr>
      <td className={cell}>
        <Link href={paths.change(change.id)} className="font-medium hover:underline">
          {change.title}
        </Link>
        <span className="block text-meta text-text-3">
          <span className="mono">{change.id}</span> {change.region}, {change.by}
        </span>
      </td>
      <td className={cell}>
        <TimeAgo at={change.at} />
        <span className="block text-meta">
          <StateText tone={changeTone[change.state]}>{stateWords[change.state]}</StateText>
        </span>
      </td>
      {worst === null ? (
        <td className={cell} colSpan={3}>
          <span className="text-text-3">Not priced yet: its window is being counted.</span>
        </td>
      ) : (
        <Cost {...worst} more={priced - 1} />
      )}
    </tr>
  );
}

function Cost({ row, cost, more }: { row: FleetLine; cost: LastChange; more: number }) {
  const { share, failed, low, high, isShared } = cost;
  return (
    <>
      <td className={`${cell} text-right`}>
        <span className={share !== null && share >= 0.1 ? 'font-semibold text-crit' : ''}>
          {share === null ? 'in slices' : formatShare(share)}
        </span>
        {isShared ? <span className="block text-meta text-text-3">shared</span> : null}
      </td>
      <td className={`${cell} text-right`}>
        {failed === null ? '–' : formatCount(Math.round(failed))}
        {low === null || high === null ? null : (
          <span className="block whitespace-nowrap text-meta text-text-3">
            {formatCount(Math.round(low))} to {formatCount(Math.round(high))}
          </span>
        )}
      </td>
      <td className={cell}>
        <Link href={paths.slo(row.id)} className="hover:underline">
          {row.name}
        </Link>
        {more > 0 ? (
          <span className="block text-meta text-text-3">
            and {more} more {more === 1 ? 'objective' : 'objectives'} of {row.serviceName}
          </span>
        ) : null}
      </td>
    </>
  );
}
