'use client';

import { useQuery } from '@tanstack/react-query';
import { lastValue } from '@/components/charts/prepare/series';
import { type ChartLine, TimeChart } from '@/components/charts/time-chart';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatRatio,
  formatSeconds,
} from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { ScrollX } from '@/components/ui/scroll-x';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time-ago';
import { toProblem } from '@/lib/http/client';
import { serviceChartsQuery } from '@/lib/service/client';
import type { Chart, Range, ServiceCharts } from '@/lib/service/contract';

const formats: Record<Chart['unit'], (value: number) => string> = {
  ratio: (value) => formatRatio(value),
  count: formatCount,
  seconds: formatSeconds,
  bytes: formatBytes,
  'per-second': formatRate,
};

const severityColor = { target: 'var(--text-3)', warn: 'var(--warn)', crit: 'var(--crit)' } as const;
const palette = [
  'var(--series-1)',
  'var(--series-2)',
  'var(--series-3)',
  'var(--series-4)',
  'var(--series-5)',
];

/** Versions side by side: the newest is the accent, what ran before is the dashed grey of the stable one. */
export function colorLines(
  series: { name: string; version: string | null; points: [number, number | null][] }[],
): ChartLine[] {
  const versions = series.filter((each) => each.version !== null);
  return series.slice(0, 5).map((each, index) => {
    const isNewest = versions.length < 2 || each === versions.at(-1);
    const color =
      each.version === null
        ? (palette[index] ?? 'var(--text-3)')
        : isNewest
          ? 'var(--accent)'
          : 'var(--stable)';
    return { name: each.name, points: each.points, color, dashed: each.version !== null && !isNewest };
  });
}

type Where = { service: string; environment: string; region: string };

export function ServiceChartsPanel({ where, range }: { where: Where; range: Range }) {
  const { data, error, refetch } = useQuery(serviceChartsQuery(where, range));
  if (!data) {
    return (
      <Panel title="Charts">
        {error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={8} label="charts" />
        )}
      </Panel>
    );
  }
  return (
    <div className="grid gap-4 md:grid-cols-2">
      {data.charts.map((chart) => (
        <ChartPanel key={chart.id} chart={chart} view={data} />
      ))}
    </div>
  );
}

function ChartPanel({ chart, view }: { chart: Chart; view: ServiceCharts }) {
  const format = formats[chart.unit];
  const lines = chart.series.state === 'missing' ? [] : colorLines(chart.series.value);
  return (
    <Panel title={chart.title} end={<Legend lines={lines} format={format} />}>
      <ReadingNote reading={chart.series} what={chart.title} />
      {chart.series.state === 'missing' ? (
        <div className="h-43 hatch" />
      ) : (
        <div className="pt-2 pr-1">
          <TimeChart
            label={`${chart.title} over time`}
            lines={lines}
            from={Date.parse(view.from) / 1000}
            to={Date.parse(view.to) / 1000}
            format={format}
            thresholds={chart.thresholds.map((each) => ({
              value: each.value,
              label: each.label,
              color: severityColor[each.severity],
            }))}
            markers={view.markers.map((marker) => ({
              at: Date.parse(marker.at) / 1000,
              label: marker.label,
            }))}
          />
        </div>
      )}
      <ChartTable chart={chart} lines={lines} format={format} />
    </Panel>
  );
}

function Legend({ lines, format }: { lines: ChartLine[]; format: (value: number) => string }) {
  return (
    <ul className="flex flex-wrap gap-x-3 text-meta text-text-2">
      {lines.map((line) => {
        const last = lastValue(line);
        return (
          <li key={line.name} className="inline-flex items-center gap-1.5 whitespace-nowrap">
            <span
              aria-hidden
              className="w-3.5 border-t-2"
              style={{ borderColor: line.color, borderStyle: line.dashed ? 'dashed' : 'solid' }}
            />
            {line.name} <span className="font-medium text-text">{last === null ? '–' : format(last)}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** The same numbers without the picture, and the query behind them. */
function ChartTable({
  chart,
  lines,
  format,
}: {
  chart: Chart;
  lines: ChartLine[];
  format: (value: number) => string;
}) {
  const times =
    lines[0]?.points.map(([at]) => at).filter((_, index, all) => index % Math.ceil(all.length / 12) === 0) ??
    [];
  return (
    <details className="border-line border-t text-meta">
      <summary className="flex min-h-8 items-center px-3 text-text-3 max-sm:min-h-11 max-sm:px-4">
        Numbers and query
      </summary>
      <ScrollX label={`Numbers of ${chart.title}`} className="grid gap-2 px-3 pb-3 max-sm:px-4">
        <code className="wrap-anywhere whitespace-pre-wrap rounded-control bg-raised p-2 text-text-2">
          {chart.query}
        </code>
        <table className="w-full">
          <caption className="sr-only">{chart.title}</caption>
          <thead>
            <tr className="text-left text-text-3">
              <th scope="col" className="font-normal">
                Time
              </th>
              {lines.map((line) => (
                <th key={line.name} scope="col" className="text-right font-normal">
                  {line.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((at) => (
              <tr key={at}>
                <td>
                  <Time at={new Date(at * 1000).toISOString()} parts="minute" />
                </td>
                {lines.map((line) => {
                  const value = line.points.find((point) => point[0] === at)?.[1];
                  return (
                    <td key={line.name} className="text-right">
                      {value === null || value === undefined ? '–' : format(value)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollX>
    </details>
  );
}
