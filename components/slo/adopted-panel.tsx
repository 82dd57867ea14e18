'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useEnvironment } from '@/components/shell/environment';
import { Chip } from '@/components/ui/chip';
import { cx } from '@/components/ui/class-names';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';
import { adoptedQuery } from '@/lib/slo/adopted/client';
import type { AdoptedList, AdoptedRow } from '@/lib/slo/adopted/contract';
import { AdoptedBudget, AdoptedBurn, groupText, SourceNote } from './adopted-figures';
import { wordText, wordTone } from './words';

const title = 'Adopted from rules';

/** Objectives that Sloth and Pyrra record: shown as they say, counted by nobody here. */
export function AdoptedPanel() {
  const environment = useEnvironment();
  const { data, error, refetch } = useQuery(adoptedQuery(environment));
  return (
    <Panel
      title={title}
      note="as Sloth and Pyrra record them in Prometheus; Signalbox does not count these"
      className="mt-4"
    >
      {error ? <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} /> : null}
      {data ? <Found list={data} /> : error ? null : <SkeletonRows rows={2} label="adopted objectives" />}
    </Panel>
  );
}

function Found({ list }: { list: AdoptedList }) {
  const { rows, hidden, sources } = list;
  return (
    <>
      {sources.map((source) => (
        <SourceNote key={source.source} source={source} />
      ))}
      {rows.length > 0 ? (
        <Rows rows={rows} />
      ) : (
        <EmptyState
          title="No objectives of other tools"
          why="What rules of Sloth or Pyrra record in a Prometheus of this environment is listed here by itself."
        />
      )}
      {hidden.length > 0 ? (
        <p className="border-line border-t px-3 py-1.5 text-meta text-text-3 max-sm:px-4">
          Not listed, since the configuration has the same name and counts it:{' '}
          {hidden.map(({ id, name, toolName, slo }, index) => (
            <span key={id}>
              {index === 0 ? '' : ', '}
              <Link href={paths.sloAdopted(id)} className="text-accent hover:underline">
                {name}
              </Link>{' '}
              of {toolName} as{' '}
              <Link href={paths.slo(slo)} className="text-accent hover:underline">
                {slo}
              </Link>
            </span>
          ))}
        </p>
      ) : null}
    </>
  );
}

const cell =
  'border-line border-b px-2 py-1.5 align-top first:pl-3 last:pr-3 max-sm:border-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0';
const under = 'block text-meta text-text-3';

const Rows = ({ rows }: { rows: readonly AdoptedRow[] }) => (
  <ScrollX label={title}>
    <table className="w-full border-collapse max-sm:block">
      <caption className="sr-only">Objectives that other tools record, what is broken first</caption>
      <thead className="max-sm:sr-only">
        <tr>
          <Th>State</Th>
          <Th>Objective</Th>
          <Th end>Target</Th>
          <Th>Budget left</Th>
          <Th end>Burn 5 min</Th>
          <Th>Method</Th>
        </tr>
      </thead>
      <tbody className="max-sm:block">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  </ScrollX>
);

function Row({ row }: { row: AdoptedRow }) {
  const group = groupText(row.worst.labels);
  return (
    <tr className="relative focus-within:bg-raised hover:bg-raised max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-3 max-sm:gap-y-1 max-sm:border-line max-sm:border-b max-sm:px-4 max-sm:py-2.5">
      <td className={cx(cell, 'whitespace-nowrap max-sm:order-2')}>
        <StateText tone={wordTone[row.word]}>{wordText[row.word]}</StateText>
      </td>
      <td className={cx(cell, 'min-w-48 max-sm:order-1 max-sm:min-w-0')}>
        <Link href={paths.sloAdopted(row.id)} className="row-link wrap-anywhere font-medium">
          {row.name}
        </Link>
        <span className={under}>
          {[row.service, row.groups.length > 1 ? `worst of ${row.groups.length} groups: ${group}` : null]
            .filter((part) => part !== null)
            .join('; ')}
        </span>
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-right max-sm:order-5 max-sm:hidden')}>
        {row.objective === null ? <span className="text-text-3">–</span> : `${row.objective}\u00a0%`}
        <span className={under}>{row.windowWords}</span>
      </td>
      <td className={cx(cell, 'min-w-36 whitespace-nowrap max-sm:order-3 max-sm:min-w-0')}>
        <AdoptedBudget part={row.worst} />
      </td>
      <td className={cx(cell, 'whitespace-nowrap text-right max-sm:order-4')}>
        <span className="text-meta text-text-3 sm:hidden">burn </span>
        <AdoptedBurn part={row.worst} />
      </td>
      <td className={cx(cell, 'min-w-60 max-w-96 max-sm:order-6 max-sm:col-span-2 max-sm:min-w-0')}>
        <span className="flex flex-wrap items-center gap-1.5">
          <Chip>{row.toolName}</Chip>
          <Chip title="The Prometheus that records it">{row.source}</Chip>
        </span>
        <span className="block text-meta text-text-2">{row.method}</span>
        {row.word === 'healthy' ? null : <span className={under}>{row.sentence}</span>}
        {row.notes.map((note) => (
          <span key={note} className={under}>
            {note}
          </span>
        ))}
      </td>
    </tr>
  );
}
