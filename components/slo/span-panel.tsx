'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { IconButton } from '@/components/ui/button';
import { formatBurn, formatCount } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateText } from '@/components/ui/state';
import { useZone } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import { toProblem } from '@/lib/http/client';
import { causeWords } from '@/lib/slo/ledger/model';
import type { SloPage } from '@/lib/slo/page/contract';
import { spanQuery } from '@/lib/slo/span/client';
import type { SloSpan } from '@/lib/slo/span/contract';
import { spanText } from './chart/band';
import type { Span } from './chart/frame';
import { momentText } from './chart/times';
import { formatShare } from './figures';
import { groupPart, type PageChoice } from './page-url';
import { SpanBounds } from './span-bounds';
import { SpanChart } from './span-chart';
import { ByGroup, ByLabel, SpanPart } from './span-labels';
import { SpanLogs } from './span-logs';
import { SpanNotes } from './span-notes';
import { stateText, stateTone, unitText } from './words';

type SpanPanelProps = {
  page: SloPage;
  choice: PageChoice;
  span: Span;
  onSpan: (span: Span | null) => void;
};

export const unixOf = (instant: string): number => Date.parse(instant) / 1000;

/** What a span of the chart cost, who failed in it, what happened meanwhile, and what was logged. */
export const SpanPanel = memo(function SpanPanel({ page, choice, span, onSpan }: SpanPanelProps) {
  const zone = useZone();
  const { row } = page;
  const asked = {
    slo: row.id,
    environment: row.environment,
    exclusions: choice.exclusions,
    ...groupPart(choice),
    ...span,
  };
  const { data, error, refetch } = useQuery(spanQuery(asked));
  const shown = data === undefined ? span : { from: unixOf(data.from), to: unixOf(data.to) };
  return (
    <Panel
      title="What this span cost"
      note={spanText(shown, zone)}
      end={
        <IconButton label="Let go of the span" onClick={() => onSpan(null)}>
          <X aria-hidden />
        </IconButton>
      }
    >
      {error && data === undefined ? (
        <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <div role="status" aria-label="Loading the span" className="grid gap-3 p-3 max-sm:px-4">
          <Skeleton className="h-6 w-130 max-w-full" />
          <Skeleton className="h-40" />
        </div>
      ) : (
        <Found page={page} span={shown} cost={data} asked={asked} />
      )}
      <SpanBounds key={`${span.from} ${span.to}`} span={span} onSpan={onSpan} />
    </Panel>
  );
});

type FoundProps = {
  page: SloPage;
  span: Span;
  cost: SloSpan;
  asked: Parameters<typeof spanQuery>[0];
};

function Found({ page, span, cost, asked }: FoundProps) {
  const { row } = page;
  return (
    <>
      <div className="grid gap-1 px-3 py-2.5 max-sm:px-4">
        <p role="status" className="text-pretty text-section">
          <Sentence cost={cost} unit={unitText(row)} />
        </p>
        <ul className="grid max-w-[110ch] gap-0.5 text-meta text-text-2">
          {remarksOf(cost).map((remark) => (
            <li key={remark}>{remark}</li>
          ))}
        </ul>
      </div>
      <div className="grid border-line border-t lg:grid-cols-2">
        <SpanChart page={page} cost={cost} span={span} />
        <div className="min-w-0 border-line lg:border-b lg:border-l lg:[&>*:last-child]:border-b-0">
          <Happened markers={cost.markers} span={span} />
          <ByGroup cost={cost} unit={unitText(row)} />
        </div>
      </div>
      <ByLabel asked={asked} />
      <SpanLogs service={row.service} environment={row.environment} span={span} />
      <SpanNotes page={page} span={span} />
    </>
  );
}

/** "7.3 % of the budget: 1,204 failures of 98,112 requests, burning at 14.2x." */
function Sentence({ cost, unit }: { cost: SloSpan; unit: string }) {
  const { state, bad, total, share, burn } = cost;
  if (bad === null || total === null) {
    return (
      <>
        <StateText tone={stateTone[state]}>{stateText[state]}</StateText> What this span cost is not known.
      </>
    );
  }
  const failures = `${formatCount(bad)} ${bad === 1 ? 'failure' : 'failures'} of ${formatCount(total)} ${unit}`;
  return (
    <>
      This span cost{' '}
      <b className="font-semibold">
        {share === null ? 'an unknown share' : formatShare(share)} of the budget
      </b>
      : {failures}
      {burn === null ? '' : `, burning at ${formatBurn(burn)}`}.
    </>
  );
}

function remarksOf(cost: SloSpan): string[] {
  const { bucketSeconds, exclusions, state } = cost;
  const excluded = !exclusions.applied
    ? ['Exclusions are counted here as if they did not exist.']
    : exclusions.seconds > 0
      ? [`${formatDuration(exclusions.seconds)} of it are excluded and in no figure here.`]
      : [];
  return [
    ...(state === 'no-traffic' ? ['Nothing was asked in it: nothing was good or bad.'] : []),
    ...excluded,
    ...cost.remarks,
    `Counts are kept in buckets of ${formatDuration(bucketSeconds)}, so the span begins and ends with one.`,
  ];
}

/** What was changed, broke or was planned in the span: the first place to look for a cause. */
function Happened({ markers, span }: { markers: SloSpan['markers']; span: Span }) {
  const zone = useZone();
  return (
    <SpanPart title="What happened in it">
      {markers.length === 0 ? (
        <p className="text-text-2">No change, incident or planned work stands in this span.</p>
      ) : (
        <ul className="grid gap-1">
          {markers.map((marker) => (
            <li key={marker.id} className="flex flex-wrap gap-x-2">
              <span className="text-text-3">{causeWords[marker.cause]}</span>
              {marker.href === null ? (
                <span>{marker.title}</span>
              ) : (
                <Link href={marker.href} className="text-accent hover:underline">
                  {marker.title}
                </Link>
              )}
              <span className="text-text-2">
                {marker.from < span.from ? 'since' : 'from'} {momentText(marker.from, zone)}
                {marker.regions === null ? '' : `, ${marker.regions.join(', ')}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </SpanPart>
  );
}
