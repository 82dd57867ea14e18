'use client';

import { useMemo } from 'react';
import { cx } from '@/components/ui/class-names';
import { forAxis, formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { useZone } from '@/components/ui/time-ago';
import type { SloMode, SloPage } from '@/lib/slo/page/contract';
import type { Brush } from './chart/brush';
import {
  aheadOfIdeal,
  budgetScale,
  budgetSentence,
  budgetSpan,
  newest,
  stopsOf,
  valueAt,
  zeroOf,
} from './chart/budget-model';
import type { PlotLine, PlotNote } from './chart/drawing';
import { areaOf, gapsOf, type Span } from './chart/frame';
import { type Lane, Lanes } from './chart/lanes';
import { Plot, type PlotReading } from './chart/plot';
import { PointTable } from './chart/point-table';
import { momentText } from './chart/times';
import { formatPoints, formatShare } from './figures';
import { FreshnessNote } from './freshness';
import { SpanHint } from './span-hint';

type BudgetChartProps = {
  page: SloPage;
  mode: SloMode;
  cursor: number | null;
  onCursor: (at: number | null) => void;
  brush: Brush;
  onSpan: (span: Span) => void;
};

const paint = {
  left: 'var(--accent)',
  ideal: 'var(--text-3)',
  soonest: 'var(--crit)',
  likely: 'var(--text-2)',
  latest: 'var(--text-3)',
};

const shareCell = (share: number | null): string => (share === null ? 'No data' : formatShare(share));

/** The largest chart of the page: what is left, the even spend, where it goes, and what happened meanwhile. */
export function BudgetChart({ page, mode, cursor, onCursor, brush, onSpan }: BudgetChartProps) {
  const zone = useZone();
  const drawn = useMemo(() => {
    const span = budgetSpan(mode);
    const scale = budgetScale(mode);
    const { forecast } = mode;
    const lines: PlotLine[] = [
      ...(mode.ideal === null ? [] : [{ key: 'ideal', points: mode.ideal, color: paint.ideal, dash: '2 4' }]),
      ...(forecast === null
        ? []
        : [
            { key: 'latest', points: forecast.latest, color: paint.latest, dash: '5 3' },
            { key: 'likely', points: forecast.likely, color: paint.likely, dash: '5 3' },
            { key: 'soonest', points: forecast.soonest, color: paint.soonest, dash: '5 3' },
          ]),
      { key: 'left', points: mode.budget, color: paint.left, width: 2 },
    ];
    const areas =
      forecast === null
        ? []
        : [
            {
              key: 'fan',
              path: areaOf(forecast.latest, forecast.soonest, span, scale),
              fill: 'color-mix(in oklab, var(--crit) 8%, transparent)',
            },
          ];
    const goneAt = forecast === null ? null : zeroOf(forecast.soonest);
    const likelyAt = forecast === null ? null : zeroOf(forecast.likely);
    const notes: PlotNote[] = [
      ...(goneAt === null
        ? []
        : [{ key: 'gone', at: goneAt, value: 0.06, text: momentText(goneAt, zone), color: paint.soonest }]),
      ...(likelyAt === null || (goneAt !== null && likelyAt - goneAt < (span.to - span.from) * 0.16)
        ? []
        : [{ key: 'likely', at: likelyAt, value: 0.06, text: `${momentText(likelyAt, zone)}, 6 h pace` }]),
      {
        key: 'overspent',
        at: span.from,
        value: scale.low + 0.06 * (1 - scale.low),
        text: 'overspent',
        color: 'var(--crit)',
      },
    ];
    return { span, scale, lines, areas, notes, gaps: gapsOf(mode.budget), stops: stopsOf(mode) };
  }, [mode, zone]);
  const read = (at: number): PlotReading[] => readingsAt(mode, at);
  const sentence = budgetSentence(mode, mode.soonest, {
    left: formatShare,
    gone: (at) => momentText(at, zone),
  });
  return (
    <Panel
      title="Error budget left"
      note={<Note page={page} mode={mode} gaps={drawn.gaps.length} />}
      end={<Legend mode={mode} />}
    >
      <FreshnessNote freshness={page.freshness} />
      <ReadingNote reading={page.data} what="Budget over time" />
      <Plot
        label={sentence}
        {...drawn}
        height={304}
        format={(value) => forAxis(formatRatio(value, 0))}
        hatchBelow={0}
        now={drawn.span.to > mode.to ? mode.to : null}
        cursor={cursor}
        onCursor={onCursor}
        brush={brush}
        read={read}
      >
        <Lanes lanes={lanesOf(page)} span={drawn.span} />
      </Plot>
      <SpanHint to={mode.to} onSpan={onSpan} />
      <PointTable caption="Error budget left" rows={mode.budget} format={shareCell} />
    </Panel>
  );
}

/** The values under the crosshair: of the past what was left, of the future what the paces leave. */
function readingsAt(mode: SloMode, at: number): PlotReading[] {
  const lines: [string, string, number | null][] =
    at <= mode.to
      ? [
          ['left', paint.left, valueAt(mode.budget, at)],
          ['even spend', paint.ideal, mode.ideal === null ? null : valueAt(mode.ideal, at)],
        ]
      : mode.forecast === null
        ? []
        : [
            ['fastest pace', paint.soonest, valueAt(mode.forecast.soonest, at)],
            ['6 h pace', paint.likely, valueAt(mode.forecast.likely, at)],
            ['slowest pace', paint.latest, valueAt(mode.forecast.latest, at)],
          ];
  return lines.flatMap(([name, color, value]) =>
    value === null ? [] : [{ name, color, text: formatShare(value) }],
  );
}

function Note({ page, mode, gaps }: { page: SloPage; mode: SloMode; gaps: number }) {
  const ahead = aheadOfIdeal(mode);
  const left = newest(mode.budget);
  return (
    <>
      {mode.label}
      {left === null || ahead === null
        ? ''
        : `; ${formatPoints(ahead)} points ${ahead < 0 ? 'under' : 'above'} an even spend`}
      {mode.projection === null
        ? ''
        : `; ${formatShare(mode.projection.budgetLeft)} at the end of the period`}
      {gaps === 0 ? '' : `; ${gaps} ${gaps === 1 ? 'gap' : 'gaps'} without data`}
      {page.gaps.length > 0 ? ', asked for again' : ''}
    </>
  );
}

const Legend = ({ mode }: { mode: SloMode }) => (
  <span aria-hidden className="flex gap-3 text-meta text-text-2">
    <Key color={paint.left}>left</Key>
    {mode.ideal === null ? null : (
      <Key color={paint.ideal} dashed className="max-sm:hidden">
        even spend
      </Key>
    )}
    {mode.forecast === null ? null : (
      <Key color={paint.soonest} dashed>
        forecast
      </Key>
    )}
  </span>
);

type KeyProps = { color: string; dashed?: boolean; className?: string; children: string };

const Key = ({ color, dashed = false, className, children }: KeyProps) => (
  <span className={cx('inline-flex items-center gap-1.5', className)}>
    <svg viewBox="0 0 16 2" className="h-0.5 w-4" aria-hidden="true">
      <path d="M0 1H16" stroke={color} strokeWidth="2" {...(dashed ? { strokeDasharray: '4 2' } : {})} />
    </svg>
    {children}
  </span>
);

/** What fits beside a mark: the id of a change, else the beginning of what it was. */
function shortName({ id, title }: SloPage['markers'][number]): string {
  const name = id.startsWith('entry:') ? title : id.replace(/^\w+:/, '');
  return name.length > 24 ? `${name.slice(0, 22)}…` : name;
}

/** Changes as points, incidents and planned work as the spans they took. */
function lanesOf({ markers, row }: SloPage): Lane[] {
  const of = (...causes: SloPage['markers'][number]['cause'][]) =>
    markers
      .filter(({ cause }) => causes.includes(cause))
      .map((marker) => ({
        key: marker.id,
        from: marker.from,
        to: marker.to ?? row.window.to,
        name: shortName(marker),
        title: `${marker.title}${marker.regions === null ? '' : `, ${marker.regions.join(', ')}`}`,
        href: marker.href,
      }));
  return [
    { name: 'Changes', shape: 'moment', fill: 'var(--text-2)', marks: of('change', 'canary') },
    { name: 'Incidents', shape: 'span', fill: 'var(--crit)', marks: of('incident') },
    {
      name: 'Planned',
      shape: 'span',
      fill: 'var(--hold)',
      marks: of('maintenance', 'patch', 'production-test'),
    },
  ];
}
