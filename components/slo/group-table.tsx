import Link from 'next/link';
import { BudgetBar } from '@/components/ui/budget-bar';
import { EmptyState } from '@/components/ui/empty-state';
import { formatBurn, formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { paths } from '@/lib/core/paths';
import type { FleetRow, SloGroup } from '@/lib/slo/contract';
import { NumbersText } from './data-text';
import { formatSli } from './figures';
import { orderGroups } from './group-order';
import { type GroupSort, type PageChoice, pageQueryParts } from './page-url';
import { exhaustionText, unitText, wordText, wordTone } from './words';

/** The objective by the labels it is grouped by; each group has the whole target to itself. */
export function GroupTable({ row, choice }: { row: FleetRow; choice: PageChoice }) {
  const sort = choice.sort ?? null;
  const labels = [...new Set(row.groups.flatMap((group) => Object.keys(group.labels)))];
  return (
    <Panel
      title={labels.length === 0 ? 'Groups' : `By ${labels.join(', ')}`}
      note={
        row.groups.length > 0
          ? `${row.groups.length} groups, ${sort === 'name' ? 'by name' : 'worst first'}`
          : undefined
      }
    >
      <ReadingNote reading={row.numbers} what="Groups" />
      {row.groups.length === 0 ? (
        <EmptyState
          title="No groups"
          why="No series was recorded yet, or the objective has no label that tells groups apart."
        />
      ) : (
        <ScrollX label="Groups">
          <table className="w-full border-collapse">
            <caption className="sr-only">Groups of the objective</caption>
            <thead>
              <tr>
                <SortTh row={row} choice={choice} by={null}>
                  State
                </SortTh>
                <SortTh row={row} choice={choice} by="name">
                  {labels.length === 0 ? 'Group' : labels.join(', ')}
                </SortTh>
                <SortTh row={row} choice={choice} by="level" end>
                  Level
                </SortTh>
                <SortTh row={row} choice={choice} by="left">
                  Budget left
                </SortTh>
                <SortTh row={row} choice={choice} by="failed" end>
                  Failed
                </SortTh>
                <SortTh row={row} choice={choice} by="burn" end>
                  Burn 1 h
                </SortTh>
                <SortTh row={row} choice={choice} by="gone" end>
                  Gone in
                </SortTh>
                <Th>Data</Th>
              </tr>
            </thead>
            <tbody>
              {orderGroups(row.groups, sort).map((group) => (
                <GroupLine key={group.key} row={row} group={group} labels={labels} choice={choice} />
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Panel>
  );
}

type SortThProps = {
  row: FleetRow;
  choice: PageChoice;
  /** Null: by state, as the server orders them. */
  by: GroupSort | null;
  end?: boolean;
  children: string;
};

/** A heading that orders by its column; which one does is in the URL. */
function SortTh({ row, choice, by, end = false, children }: SortThProps) {
  const isOn = (choice.sort ?? null) === by;
  return (
    <Th end={end}>
      <Link
        href={paths.slo(row.id, pageQueryParts({ ...choice, sort: by }))}
        scroll={false}
        replace
        aria-current={isOn ? 'true' : undefined}
        title={`Order by ${children.toLowerCase()}`}
        className={isOn ? 'font-medium text-text' : 'hover:text-text hover:underline'}
      >
        {children}
        {isOn ? <span aria-hidden> ↓</span> : null}
      </Link>
    </Th>
  );
}

const cell = 'whitespace-nowrap border-line border-b px-2 py-1.5 align-top first:pl-3 last:pr-3';
const none = <span className="text-text-3">–</span>;

type GroupLineProps = { row: FleetRow; group: SloGroup; labels: readonly string[]; choice: PageChoice };

function GroupLine({ row, group, labels, choice }: GroupLineProps) {
  const isAlone = choice.group === group.key;
  const { numbers, word } = group;
  const tone = word === 'burning-fast' ? 'crit' : word === 'burning-slow' ? 'warn' : 'neutral';
  return (
    <tr className="hover:bg-raised">
      <td className={cell}>
        <StateText tone={wordTone[word]}>{wordText[word]}</StateText>
      </td>
      <td className={`${cell} mono`}>
        {labels.length === 0 ? (
          'all'
        ) : (
          <Link
            href={paths.slo(row.id, pageQueryParts({ ...choice, group: isAlone ? null : group.key }))}
            aria-current={isAlone ? 'true' : undefined}
            title={isAlone ? 'Show all groups together' : 'Show this group alone'}
            className={isAlone ? 'font-medium hover:underline' : 'text-accent hover:underline'}
          >
            {labels.map((label) => group.labels[label] ?? '').join(', ')}
          </Link>
        )}
      </td>
      <td className={`${cell} text-right`}>
        {numbers.sli === null ? none : formatSli(numbers.sli, row.objective)}
      </td>
      <td className={`${cell} min-w-36`}>
        {numbers.budgetLeft === null ? none : <BudgetBar left={numbers.budgetLeft} tone={tone} />}
      </td>
      <td className={`${cell} text-right`}>
        {numbers.bad === null || numbers.total === null ? (
          none
        ) : (
          <>
            {formatCount(numbers.bad)}
            <span className="block text-meta text-text-3">
              of {formatCount(numbers.total)} {unitText(row)}
            </span>
          </>
        )}
      </td>
      <td className={`${cell} text-right`}>{numbers.burn1h === null ? none : formatBurn(numbers.burn1h)}</td>
      <td className={`${cell} text-right`}>{exhaustionText(numbers.soonest)}</td>
      <td className={cell}>
        <NumbersText numbers={numbers} />
      </td>
    </tr>
  );
}
