'use client';

import dynamic from 'next/dynamic';
import { formatCount, formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { StateText } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import type { ChangeView, MeasurementView } from '@/lib/change/contract';
import type { Verdict } from '@/lib/change/model';
import type { StagedPlan } from '@/lib/change/staged/staged-plan';
import { formatDuration } from '@/lib/core/duration';
import { type RegionReadings, ratioOf, readingsByRegion } from './analysis-lines';
import { ReadingsTable } from './readings-table';
import { readingsText } from './readings-text';
import { shareText } from './staged-timeline';
import { verdictTone } from './tone';

const TimeChart = dynamic(() => import('@/components/charts/time-chart').then((part) => part.TimeChart), {
  loading: () => <div className="h-43" />,
});

const words: Record<Verdict, string> = {
  PASS: 'Passes',
  FAIL: 'Fails',
  NODATA: 'No verdict: too few requests',
  ERROR: 'No verdict: no answer',
};
/** The new version against the old one, a chart per region, with the line at which it is stopped. */
export function AnalysisPanel({ view, plan }: { view: ChangeView; plan: StagedPlan }) {
  const [first] = plan.staged.analysis;
  const last = view.measurements.at(-1);
  return (
    <Panel
      title="Analysis"
      note={
        first === undefined
          ? undefined
          : `every ${formatDuration(first.intervalSeconds)}, over the last ${formatDuration(first.windowSeconds)}; stops on ${first.failsInRow} failed in a row or ${first.failsInAll} in all`
      }
      end={
        last === undefined ? null : (
          <span className="text-meta text-text-3">
            read <TimeAgo at={last.at} />
          </span>
        )
      }
    >
      {readingsByRegion(view, plan).map((one) => (
        <RegionAnalysis key={one.region} of={one} plan={plan} change={view.change.id} />
      ))}
    </Panel>
  );
}

type ReadingsProps = { of: RegionReadings; plan: StagedPlan; change: string };

function RegionAnalysis({ of, plan, change }: ReadingsProps) {
  const { region, analysis, last, fresh, old, markers } = of;
  const from = fresh[0]?.[0];
  const to = fresh.at(-1)?.[0];
  const isJudged = [...fresh, ...old].some(([, ratio]) => ratio !== null);
  return (
    <section aria-label={`Analysis of ${region}`} className="border-line border-b last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 pt-2 max-sm:px-4">
        <h3 className="mono font-medium text-meta">{region}</h3>
        {last === undefined ? (
          <StateText tone="unknown">Not judged yet</StateText>
        ) : (
          <>
            <StateText tone={verdictTone[last.verdict]}>{words[last.verdict]}</StateText>
            <span className="text-text-2">{lastSentence(last, plan)}</span>
          </>
        )}
      </div>
      {last !== undefined && from !== undefined && to !== undefined ? (
        <>
          {isJudged ? <Legend plan={plan} /> : null}
          {isJudged && to > from ? (
            <div className="pt-1 pr-1">
              <TimeChart
                label={`Failed requests of ${plan.to.version} and ${oldName(plan)} in ${region} over time`}
                lines={[
                  { name: oldName(plan), points: old, color: 'var(--stable)', dashed: true },
                  { name: newName(plan), points: fresh, color: 'var(--accent)' },
                ]}
                from={from}
                to={to}
                format={(value) => formatRatio(value)}
                domain={[0, topOf([...fresh, ...old], analysis.maxErrorRatio)]}
                thresholds={[
                  {
                    value: analysis.maxErrorRatio,
                    label: `stop ${formatRatio(analysis.maxErrorRatio, 0)}`,
                    color: 'var(--crit)',
                  },
                ]}
                markers={markers.filter(({ at }) => at >= from && at <= to)}
              />
            </div>
          ) : (
            <p className="px-3 py-2 text-meta text-text-3 max-sm:px-4">
              {isJudged ? 'The lines begin with the second reading.' : 'No reading could be judged yet.'}
            </p>
          )}
          <Readings of={of} plan={plan} change={change} />
        </>
      ) : null}
    </section>
  );
}

/** The line at which it is stopped is in sight, however far below it the figures are. */
const topOf = (points: readonly (readonly [number, number | null])[], limit: number): number =>
  Math.min(1, 1.2 * Math.max(limit, ...points.map(([, ratio]) => ratio ?? 0)));

/** The same version may go out again: the lines need two names. */
const newName = ({ from, to }: StagedPlan): string =>
  from.version === to.version ? `${to.version} (new)` : to.version;

/** Where a canary has pods of its own beside it, these are what it is compared with while they have a part. */
const oldName = ({ from, staged }: StagedPlan): string =>
  staged.objects.some(({ part }) => part === 'baseline')
    ? `${from.version} (baseline up to 50 %)`
    : from.version;

function lastSentence(last: MeasurementView, plan: StagedPlan): string {
  const now = ratioOf(last.failed, last.total);
  const before = ratioOf(last.baselineFailed, last.baselineTotal);
  if (now === null) return last.detail ?? '';
  const against = before === null ? '' : ` against ${formatRatio(before)} of ${plan.from.version}`;
  const share = last.share === null ? '' : `; ${shareText(last.share)} of the requests measured`;
  return `${formatRatio(now)} of ${formatCount(Math.round(last.total ?? 0))} requests failed${against}${share}`;
}

function Legend({ plan }: { plan: StagedPlan }) {
  const { maxExcessRatio } = plan.staged.analysis[0] ?? { maxExcessRatio: 0 };
  return (
    <ul className="flex flex-wrap gap-x-4 px-3 text-meta text-text-2 max-sm:px-4">
      <li className="inline-flex items-center gap-1.5">
        <span aria-hidden className="h-0 w-4 border-accent border-t-2" />
        {newName(plan)}
      </li>
      <li className="inline-flex items-center gap-1.5">
        <span aria-hidden className="h-0 w-4 border-stable border-t-2 border-dashed" />
        {oldName(plan)}
      </li>
      <li>also stopped when {formatRatio(maxExcessRatio)} above it</li>
    </ul>
  );
}

function Readings({ of: { region, readings, all }, plan, change }: ReadingsProps) {
  return (
    <details>
      <summary className="flex min-h-9 cursor-pointer items-center px-3 text-text-2 hover:text-text max-sm:min-h-12 max-sm:px-4">
        {readingsText(all)}
      </summary>
      <ReadingsTable
        change={change}
        region={region}
        readings={readings}
        all={all}
        newName={newName(plan)}
        oldName={oldName(plan)}
      />
    </details>
  );
}
