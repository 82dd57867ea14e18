'use client';

import Link from 'next/link';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { cx } from '@/components/ui/class-names';
import { formatBurn } from '@/components/ui/number-text';
import { StateText } from '@/components/ui/state';
import { useZone } from '@/components/ui/time-ago';
import { paths } from '@/lib/core/paths';
import { readingValue } from '@/lib/core/reading';
import type { LastChange, RowNumbers } from '@/lib/slo/contract';
import type { FleetLine } from '@/lib/slo/fleet/lines';
import { byUrgency, exhaustionOrder } from '@/lib/slo/fleet/order';
import { momentText } from './chart/times';
import { formatShare } from './figures';
import { exhaustionText, recoveryText, wordText, wordTone } from './words';

const most = 8;
const urgent = new Set<FleetLine['word']>(['burning-fast', 'burning-slow', 'exhausted', 'recovering']);

type Urgent = { row: FleetLine; numbers: RowNumbers };

/** The objectives that spend or have spent their budget, the soonest exhausted first. */
export function urgentRows(rows: readonly FleetLine[]): Urgent[] {
  return rows
    .flatMap((row) => {
      const numbers = readingValue(row.numbers);
      return numbers !== null && urgent.has(row.word) ? [{ row, numbers }] : [];
    })
    .sort(
      (a, b) =>
        exhaustionOrder(a.numbers.soonest) - exhaustionOrder(b.numbers.soonest) ||
        (a.numbers.budgetLeft ?? 1) - (b.numbers.budgetLeft ?? 1),
    );
}

export function AttentionCards({ rows }: { rows: readonly FleetLine[] }) {
  const all = urgentRows(rows);
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="attention" className="mt-4">
      <h2 id="attention" className="mb-2 font-medium">
        Needs attention now{' '}
        <span className="font-normal text-meta text-text-3">
          the soonest exhausted first{all.length > most ? `; ${all.length - most} more in the table` : ''}
        </span>
      </h2>
      <ul className="grid gap-3 sm:grid-cols-[repeat(auto-fill,minmax(272px,1fr))]">
        {all.slice(0, most).map((one) => (
          <Card key={one.row.id} {...one} />
        ))}
      </ul>
    </section>
  );
}

function Card({ row, numbers }: Urgent) {
  const tone = wordTone[row.word];
  // The group that is worst stands for what to look at first; one group is the objective itself.
  const worst = row.groups.length > 1 ? worstGroup(row) : undefined;
  const suspect = suspectOf(row);
  const change = suspect ?? row.lastChange;
  const left = numbers.budgetLeft;
  return (
    <li
      className={cx(
        'grid content-start gap-2 rounded-panel border border-line bg-surface p-3',
        tone === 'crit' && 'shadow-[inset_2px_0_var(--crit)]',
      )}
    >
      <div className="flex items-start gap-2">
        <Link href={paths.slo(row.id)} className="min-w-0 font-medium hover:underline">
          {row.name}
        </Link>
        {worst ? <Chip>{Object.values(worst.labels).join(' ')}</Chip> : null}
      </div>
      <StateText tone={tone}>
        {wordText[row.word]}
        {numbers.burn1h === null ? '' : `, ${formatBurn(numbers.burn1h)}`}
      </StateText>
      <dl className="grid grid-cols-2 gap-2">
        <div>
          <dt className="text-meta text-text-3">Budget left</dt>
          <dd className={cx('font-medium text-section', left !== null && left < 0 && 'text-crit')}>
            {left === null ? 'No data' : formatShare(left)}
          </dd>
        </div>
        <div>
          <dt className="text-meta text-text-3">Gone in</dt>
          <dd className="font-medium text-section">{exhaustionText(numbers.soonest)}</dd>
        </div>
      </dl>
      <Gone row={row} numbers={numbers} />
      {change ? (
        <p className="text-meta text-text-2">
          {suspect === null ? 'Last change' : 'Suspected change'} {change.title}
          {change.share === null ? ', not priced' : `: cost ${formatShare(change.share)}`}
          {change.isShared ? ', shared' : ''}
        </p>
      ) : null}
      <div className="mt-1 flex gap-2">
        <ButtonLink size="small" href={paths.slo(row.id)}>
          Open SLO
        </ButtonLink>
        <ButtonLink size="small" href={paths.logs({ service: row.service })}>
          Logs
        </ButtonLink>
        {change ? (
          <ButtonLink size="small" href={paths.change(change.id)}>
            Deploy
          </ButtonLink>
        ) : null}
      </div>
    </li>
  );
}

const worstGroup = ({ groups }: FleetLine) =>
  groups
    .map((group) => ({
      group,
      judged: {
        ...group,
        name: group.key,
        numbers: { state: 'fresh', value: group.numbers, observedAt: '' } as const,
      },
    }))
    .sort((a, b) => byUrgency(a.judged, b.judged))[0]?.group;

/** Of the changes of the last day the one that cost most, when its cost is none by accident: its interval is above 0. */
function suspectOf({ costs, window }: FleetLine): LastChange | null {
  const recent = costs.filter(({ at }) => Date.parse(at) / 1000 > window.to - 86_400);
  const costly = recent.filter(({ low, share }) => low !== null && low > 0 && share !== null && share > 0);
  return costly.toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0))[0] ?? null;
}

/** The moment it is gone, and how the slower paces see it. */
function Gone({ row, numbers: { soonest, latest } }: Urgent) {
  const zone = useZone();
  const recovery = recoveryText(soonest);
  if (recovery !== null) return <p className="text-meta text-text-2">{recovery} at the fastest pace</p>;
  if (soonest.kind !== 'in') return null;
  const at = (seconds: number) => momentText(row.window.to + seconds, zone);
  return (
    <p className="text-meta text-text-2">
      {at(soonest.seconds)}
      {latest.kind === 'in' && latest.seconds > soonest.seconds
        ? `; at the slowest pace ${at(latest.seconds)}`
        : latest.kind === 'never'
          ? '; not at the slowest pace'
          : ''}
    </p>
  );
}
