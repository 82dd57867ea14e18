'use client';

import { useQuery } from '@tanstack/react-query';
import { HowComputed } from '@/components/slo/how-computed';
import { formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SegmentedLinks } from '@/components/ui/segmented';
import { SkeletonRows } from '@/components/ui/skeleton';
import { measuresQuery } from '@/lib/change/history/client';
import type { Measure, MeasuresView } from '@/lib/change/history/contract';
import { measureDays } from '@/lib/change/history/model';
import { formatDuration } from '@/lib/core/duration';
import { toProblem } from '@/lib/http/client';

type MeasuresPanelProps = {
  /** Absent: all services. */
  service?: string | undefined;
  environment: string;
  days: string;
  hrefOf: (days: string) => string;
};

/** The five measures of DORA, each with how it was computed. */
export function MeasuresPanel({ service, environment, days, hrefOf }: MeasuresPanelProps) {
  const { data, error, refetch } = useQuery(
    measuresQuery({ environment, days, ...(service === undefined ? {} : { service }) }),
  );
  return (
    <Panel
      title="Delivery measures"
      note={data ? `DORA, ${data.environment}, ${spanText(data)}` : 'DORA'}
      end={
        <SegmentedLinks
          label="Days of the measures"
          current={days}
          items={measureDays.map((key) => ({ key, label: `${key} d`, href: hrefOf(key) }))}
        />
      }
    >
      {data ? (
        <Measures view={data} />
      ) : error ? (
        <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
      ) : (
        <SkeletonRows rows={3} label="measures" />
      )}
    </Panel>
  );
}

const spanText = ({ days, knownDays }: MeasuresView): string =>
  knownDays >= days ? `the last ${days} days` : `${knownDays.toFixed(1)} of the last ${days} days recorded`;

export function Measures({ view }: { view: MeasuresView }) {
  const { counts } = view;
  const ends = [
    `${counts.succeeded} succeeded`,
    `${counts.backedOut} backed out`,
    `${counts.failed} failed`,
    ...(counts.undone > 0 ? [`${counts.undone} taken back later`] : []),
    ...(counts.rollbacks > 0
      ? [`${counts.rollbacks} ${counts.rollbacks === 1 ? 'rollback' : 'rollbacks'}`]
      : []),
    ...(counts.notCarriedOut > 0
      ? [
          `${counts.notCarriedOut} ended before a write and ${counts.notCarriedOut === 1 ? 'does' : 'do'} not count`,
        ]
      : []),
    ...(counts.open > 0 ? [`${counts.open} open`] : []),
  ];
  return (
    <>
      <dl className="grid grid-cols-2 sm:grid-cols-3 lg:grid-cols-5">
        {view.measures.map((measure) => (
          <Tile key={measure.id} measure={measure} />
        ))}
      </dl>
      <p className="text-pretty border-line border-t px-3 py-2 text-meta text-text-2 max-sm:px-4">
        {counts.deployments} {counts.deployments === 1 ? 'deployment' : 'deployments'}: {ends.join(', ')}.
        {view.isCut ? ' There are more changes than are read at once: the oldest are missing here.' : ''}
      </p>
    </>
  );
}

function Tile({ measure }: { measure: Measure }) {
  return (
    <div className="min-w-0 border-line p-3 max-lg:border-b max-sm:px-4 lg:not-first:border-l">
      <dt className="flex items-start justify-between gap-1 text-meta text-text-3">
        {measure.name}
        <HowComputed
          name={measure.name}
          formula={measure.definition}
          numbers={measure.numbers}
          notes={measure.notes}
        />
      </dt>
      <dd className="font-medium text-judgement tracking-tight">
        {measure.value === null ? (
          <span className="font-normal text-text-3">Not enough data</span>
        ) : (
          valueText(measure, measure.value)
        )}
      </dd>
      <dd className="text-pretty text-meta text-text-2">{noteText(measure)}</dd>
    </div>
  );
}

function valueText({ unit }: Measure, value: number): string {
  if (unit === 'per-week') return `${value.toFixed(value < 10 ? 1 : 0)} a week`;
  return unit === 'seconds' ? formatDuration(value) : formatRatio(value);
}

/** What bounds a figure, or what is missing for one; the sentence begins after "Not enough data". */
function noteText({ missing, low, high, p90 }: Measure): string {
  if (missing !== null) return missing.replace(/^Not enough data: /, '');
  if (low !== null && high !== null) return `${formatRatio(low)} to ${formatRatio(high)} (95 %)`;
  return p90 === null ? '' : `median; nine of ten at most ${formatDuration(p90)}`;
}
