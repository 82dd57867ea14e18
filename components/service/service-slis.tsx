'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Fragment, type ReactNode } from 'react';
import { Sparkline } from '@/components/charts/sparkline';
import { HowComputed } from '@/components/slo/how-computed';
import { cx } from '@/components/ui/class-names';
import { formatRate } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph, toneText } from '@/components/ui/state';
import { Th } from '@/components/ui/table';
import { formatDuration } from '@/lib/core/duration';
import { paths } from '@/lib/core/paths';
import { readingValue } from '@/lib/core/reading';
import { toProblem } from '@/lib/http/client';
import { serviceSlisQuery } from '@/lib/service/sli/client';
import type { ServiceSlis, SliRow } from '@/lib/service/sli/contract';
import { SliStateText, sliTones } from './sli-state';
import { changeText, limitTexts, summaryText, valueText } from './sli-text';

type Where = { service: string; environment: string; region: string };

/** SLI-01 to SLI-09: each figure against the limits that hold for this service here. */
export function ServiceSlisPanel({ where }: { where: Where }) {
  const { data, error, refetch } = useQuery(serviceSlisQuery(where));
  if (!data) {
    return (
      <Panel title="Indicators">
        {error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={9} label="indicators" />
        )}
      </Panel>
    );
  }
  return <SliTable slis={data} />;
}

export function SliTable({ slis }: { slis: ServiceSlis }) {
  const seconds = readingValue(slis.source);
  return (
    <Panel
      title="Indicators"
      note={
        seconds === null
          ? summaryText(slis.rows)
          : `${summaryText(slis.rows)} Rates are over ${formatDuration(seconds)}.`
      }
    >
      <ReadingNote reading={slis.source} what="Indicators" />
      <ScrollX label="Indicators">
        <table className="w-full border-collapse max-sm:block">
          <caption className="sr-only">Service level indicators, SLI-01 to SLI-09</caption>
          <thead className="max-sm:hidden">
            <tr>
              <Th>State</Th>
              <Th>Indicator</Th>
              <Th end>Value</Th>
              <Th>6 hours</Th>
              <Th end>Target</Th>
              <Th end>Warning</Th>
              <Th end>Critical</Th>
              <Th>Limits from</Th>
            </tr>
          </thead>
          <tbody className="max-sm:block">
            {slis.rows.map((row) => (
              <SliLine key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </ScrollX>
      <Alerting slis={slis} />
    </Panel>
  );
}

/** a band and an alert are two things. */
function Alerting({ slis: { objectives } }: { slis: ServiceSlis }) {
  return (
    <p className="px-3 py-2 text-pretty text-meta text-text-2 max-sm:px-4">
      A state says how a figure stands now, and pages nobody. What alerts is an objective and how fast its
      budget burns:{' '}
      {objectives.length === 0
        ? 'this service has none here.'
        : objectives.map(({ id, name }, index) => (
            <Fragment key={id}>
              {index === 0 ? '' : ', '}
              <Link href={paths.slo(id)} className="text-accent underline">
                {name}
              </Link>
              {index === objectives.length - 1 ? '.' : ''}
            </Fragment>
          ))}
    </p>
  );
}

const base =
  'whitespace-nowrap px-2 py-1.5 align-top first:pl-3 last:pr-3 max-sm:border-0 max-sm:p-0 max-sm:first:pl-0 max-sm:last:pr-0';
const line =
  'hover:bg-raised max-sm:grid max-sm:grid-cols-3 max-sm:gap-x-3 max-sm:gap-y-1 max-sm:px-4 max-sm:pt-2.5';

function SliLine({ row }: { row: SliRow }) {
  const said = row.absence;
  const cell = cx(base, said === null && 'border-line border-b');
  const texts = limitTexts(row);
  return (
    <>
      <tr className={cx(line, said === null && 'max-sm:border-line max-sm:border-b max-sm:pb-2.5')}>
        <td className={cx(cell, 'max-sm:order-2 max-sm:justify-self-end')}>
          <SliStateText state={row.state} />
        </td>
        <th scope="row" className={cx(cell, 'text-left font-medium max-sm:order-1 max-sm:col-span-2')}>
          <span className="flex items-center gap-1.5">
            {row.name}
            <HowComputed
              name={row.name}
              formula={row.how.formula}
              numbers={row.how.numbers}
              notes={row.how.notes}
              queries={row.how.query === null ? [] : [row.how.query]}
            />
          </span>
          <span className="mono block font-normal text-meta text-text-3 max-sm:hidden">{row.ref}</span>
        </th>
        <td className={cx(cell, 'text-right max-sm:order-4 max-sm:col-span-2')}>
          <Value row={row} />
        </td>
        <td className={cx(cell, 'max-sm:order-3')}>
          <Sparkline points={row.history} atLeast={scaleOf(row)} />
        </td>
        <LimitCell label="target" className={cell}>
          {texts.target}
        </LimitCell>
        <LimitCell label="warning" className={cell}>
          <Lines texts={texts.warning} />
        </LimitCell>
        <LimitCell label="critical" className={cell}>
          <Lines texts={texts.critical} />
        </LimitCell>
        <td
          className={cx(
            cell,
            'w-full whitespace-normal text-pretty text-meta text-text-2 sm:min-w-44 leading-5 max-sm:order-9 max-sm:col-span-3',
          )}
        >
          <span className="text-text-3 sm:hidden">limits from </span>
          {row.origin}
        </td>
      </tr>
      {said === null ? null : (
        <tr className="max-sm:block">
          <td
            colSpan={8}
            className="border-line border-b px-3 pb-2 text-pretty text-meta text-text-2 max-sm:block max-sm:px-4"
          >
            {said.sentence}
            {said.add === null ? null : (
              <>
                {' '}
                Add to signalbox.yaml, below the service: <span className="mono">{said.add}</span>.
              </>
            )}
          </td>
        </tr>
      )}
    </>
  );
}

const Lines = ({ texts }: { texts: readonly string[] }) =>
  texts.map((text) => (
    <span key={text} className="block">
      {text}
    </span>
  ));

function LimitCell({
  label,
  className,
  children,
}: {
  label: string;
  className: string;
  children: ReactNode;
}) {
  return (
    <td className={cx(className, 'text-right text-text-2 max-sm:order-5 max-sm:text-left max-sm:text-meta')}>
      <span className="block text-text-3 sm:hidden">{label}</span>
      {children}
    </td>
  );
}

/** Noise far below its limits stays flat. */
const scaleOf = ({ limits }: SliRow): number =>
  limits.kind === 'baseline' ? 1e-9 : limits.kind === 'above' ? 1 : limits.target.value;

function Value({ row }: { row: SliRow }) {
  const { value, baseline, unit, state } = row;
  if (value.state === 'missing') return <span className="text-text-3">–</span>;
  const tone = sliTones[state];
  const isLoud = tone === 'warn' || tone === 'crit';
  return (
    <>
      <span
        className={cx(
          'inline-flex items-center gap-1',
          value.state === 'stale' ? 'text-text-3' : isLoud ? cx('font-semibold', toneText[tone]) : '',
        )}
      >
        {value.state === 'stale' ? <StateGlyph tone="unknown" className="size-3.5" /> : null}
        {valueText(unit, value.value)}
      </span>
      {baseline === null ? null : (
        <span className="block text-meta text-text-3">
          {baseline.change === null ? '' : `${changeText(baseline.change)} against `}
          {formatRate(baseline.value)}
          <span className="block">
            same hour, {baseline.weeks.length} of {baseline.weeksWanted} weeks
          </span>
        </span>
      )}
    </>
  );
}
