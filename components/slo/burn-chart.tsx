'use client';

import { useMemo } from 'react';
import { niceTicks } from '@/components/charts/prepare/series';
import { forAxis, formatBurn, formatRate, formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { readingValue } from '@/lib/core/reading';
import { objectiveOf } from '@/lib/slo/math/objective';
import type { SloData, SloPage } from '@/lib/slo/page/contract';
import type { Brush } from './chart/brush';
import { newest, valueAt } from './chart/budget-model';
import type { PlotLevel } from './chart/drawing';
import { burnScale, gapsOf, type Point, type Scale, type Span } from './chart/frame';
import { Plot } from './chart/plot';
import { PointTable } from './chart/point-table';
import { unitText } from './words';

type ChartProps = {
  page: SloPage;
  data: SloData;
  span: Span;
  cursor: number | null;
  onCursor: (at: number | null) => void;
  brush: Brush;
};

const burnAxis = (burn: number): string => `${Number(burn.toPrecision(3))}×`;

/** A cell of the table of points. */
const orNone =
  (format: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? 'No data' : format(value);
const burnCell = orNone(formatBurn);
const ratioCell = orNone(formatRatio);
const rateCell = orNone(formatRate);

/** The burns above which it is a page or a ticket; those of rules that can fire. */
export const burnLevels = (page: SloPage): PlotLevel[] =>
  (readingValue(page.data)?.pairs ?? [])
    .filter(({ problem }) => problem === null)
    .map(({ severity, factor }) => ({
      value: factor,
      label: `${severity} ${burnAxis(factor)}`,
      color: severity === 'page' ? 'var(--crit)' : 'var(--warn)',
    }));

/** Burn rate over decades, with the lines above which it is a page or a ticket. */
export function BurnChart({ page, data, span, cursor, onCursor, brush }: ChartProps) {
  const drawn = useMemo(() => {
    const levels = burnLevels(page);
    return {
      lines: [{ key: 'burn', points: data.burn, color: 'var(--accent)' }],
      levels,
      scale: burnScale(
        data.burn,
        levels.map(({ value }) => value),
      ),
      gaps: gapsOf(data.burn),
      stops: data.burn.map(([at]) => at),
    };
  }, [data, page]);
  const last = newest(data.burn);
  return (
    <Panel title="Burn rate" note="1× lasts the window">
      <ReadingNote reading={page.data} what="Burn rate" />
      <Plot
        label={`Burn rate: ${last === null ? 'no data' : `${formatBurn(last)} in the newest step`}`}
        span={span}
        {...drawn}
        height={184}
        ticks={4}
        format={burnAxis}
        cursor={cursor}
        onCursor={onCursor}
        brush={brush}
        read={(at) => {
          const burn = valueAt(data.burn, at);
          return burn === null ? [] : [{ name: 'burn', text: formatBurn(burn), color: 'var(--accent)' }];
        }}
      />
      <PointTable caption="Burn rate" rows={data.burn} format={burnCell} />
    </Panel>
  );
}

/** From nothing to the highest, since a rate starts at zero. */
function rateScale(top: number): Scale {
  const ticks = niceTicks(top);
  return { low: 0, high: ticks.at(-1) ?? 1, ticks, log: false };
}

const ratioText = (ratio: number): string => formatRatio(ratio);

/** The share of events that failed, against what the objective allows. The burn rate times the budget is just that. */
export function ErrorChart({ page, data, span, cursor, onCursor, brush }: ChartProps) {
  const { objective } = page.row;
  const drawn = useMemo(() => {
    const { budget } = objectiveOf(objective);
    const errors = data.burn.map(([at, burn]): Point => [at, burn === null ? null : burn * budget]);
    const top = errors.reduce((most, [, value]) => Math.max(most, value ?? 0), budget * 1.5);
    return {
      errors,
      lines: [{ key: 'errors', points: errors, color: 'var(--series-3)' }],
      levels: [{ value: budget, label: `allowed ${ratioText(budget)}`, color: 'var(--text-2)' }],
      scale: rateScale(Math.min(1, top)),
      gaps: gapsOf(errors),
      stops: errors.map(([at]) => at),
    };
  }, [data, objective]);
  const { errors, ...plot } = drawn;
  const last = newest(errors);
  return (
    <Panel title="Failed share" note={`of ${unitText(page.row)}`}>
      <Plot
        label={`Failed share: ${last === null ? 'no data' : `${ratioText(last)} in the newest step`}`}
        span={span}
        {...plot}
        height={184}
        ticks={4}
        format={(ratio) => forAxis(ratioText(ratio))}
        cursor={cursor}
        onCursor={onCursor}
        brush={brush}
        read={(at) => {
          const ratio = valueAt(errors, at);
          return ratio === null ? [] : [{ name: 'failed', text: ratioText(ratio), color: 'var(--series-3)' }];
        }}
      />
      <PointTable caption="Failed share" rows={errors} format={ratioCell} />
    </Panel>
  );
}

/** How much traffic there was: a burn of few requests is another thing than one of many. */
export function RateChart({ page, data, span, cursor, onCursor, brush }: ChartProps) {
  const drawn = useMemo(
    () => ({
      lines: [{ key: 'rate', points: data.rate, color: 'var(--series-5)' }],
      scale: rateScale(data.rate.reduce((top, [, value]) => Math.max(top, value ?? 0), 0)),
      gaps: gapsOf(data.rate),
      stops: data.rate.map(([at]) => at),
    }),
    [data],
  );
  const what = page.row.unit === 'events' ? 'Requests' : 'Slices judged';
  return (
    <Panel title={what} note={`${unitText(page.row)} a second`}>
      <Plot
        label={`${what} a second over the window`}
        span={span}
        {...drawn}
        height={184}
        ticks={4}
        format={(rate) => forAxis(formatRate(rate))}
        cursor={cursor}
        onCursor={onCursor}
        brush={brush}
        read={(at) => {
          const rate = valueAt(data.rate, at);
          return rate === null ? [] : [{ name: 'rate', text: formatRate(rate), color: 'var(--series-5)' }];
        }}
      />
      <PointTable caption={what} rows={data.rate} format={rateCell} />
    </Panel>
  );
}
