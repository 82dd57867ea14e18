'use client';

import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { forAxis } from '@/components/ui/number-text';
import { formatTime, useZone } from '@/components/ui/time-ago';
import { labelSides, liftToFoot, linearScale, logScale } from './prepare/scale';
import { timeTicks, toRows } from './prepare/series';
import { ChartTooltip } from './tooltip';

export type ChartLine = { name: string; points: [number, number | null][]; color: string; dashed?: boolean };
export type Threshold = { value: number; label: string; color: string };
export type Marker = { at: number; label: string };

type TimeChartProps = {
  label: string;
  lines: ChartLine[];
  from: number;
  to: number;
  format: (value: number) => string;
  thresholds?: Threshold[];
  markers?: Marker[];
  /** Burn spans decades: its axis is logarithmic, and what lies under its foot is drawn on it. */
  log?: boolean;
  /** Latency does not start at zero; rates and shares do. A fixed domain wins over both. */
  domain?: [number, number];
  height?: number;
};

/** Keeps a word readable where a line runs under it. */
const halo = { stroke: 'var(--surface)', strokeWidth: 3, paintOrder: 'stroke' } as const;
const axisHeight = 30;
const axis = { fontSize: 11, fill: 'var(--text-3)' } as const;

/** Straight lines over time; gaps stay gaps, thresholds are named on their line, changes are marked above. */
export function TimeChart({
  label,
  lines,
  from,
  to,
  format,
  thresholds = [],
  markers = [],
  domain,
  log = false,
  height = 170,
}: TimeChartProps) {
  const zone = useZone();
  const scale = log ? logScale(lines, thresholds) : linearScale(lines, thresholds, domain);
  const sides = log ? [] : labelSides(scale.thresholds, scale.domain, height - axisHeight);
  const rows = toRows(log ? lines.map((line) => ({ ...line, points: liftToFoot(line.points) })) : lines);
  const days = to - from > 2 * 86_400;
  const tickText = (at: number) => {
    const text = formatTime(new Date(at * 1000), zone, days ? 'full' : 'minute');
    return days ? text.slice(5, 10) : text;
  };
  return (
    <div role="img" aria-label={label} style={{ height }} className="w-full">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height }}>
        <LineChart
          data={rows}
          margin={{ top: markers.length > 0 ? 20 : 8, right: 12, bottom: 0, left: 0 }}
          accessibilityLayer
        >
          <CartesianGrid vertical={false} stroke="var(--grid)" />
          <XAxis
            dataKey="at"
            type="number"
            domain={[from, to]}
            ticks={timeTicks(from, to)}
            tickFormatter={tickText}
            tick={axis}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
          />
          <YAxis
            width={54}
            domain={scale.domain}
            scale={log ? 'log' : 'auto'}
            {...(scale.ticks ? { ticks: scale.ticks } : {})}
            tickFormatter={(value: number) => forAxis(format(value))}
            tick={axis}
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ stroke: 'var(--text-2)' }}
            content={
              <ChartTooltip
                format={format}
                zone={zone}
                colors={new Map(lines.map((line) => [line.name, line.color]))}
              />
            }
          />
          {scale.thresholds.map((threshold, index) => (
            <ReferenceLine
              key={threshold.label}
              y={threshold.value}
              stroke={threshold.color}
              strokeDasharray="4 3"
              label={{
                value: sides[index] === null ? '' : threshold.label,
                position: sides[index] === 'left' ? 'insideBottomLeft' : 'insideBottomRight',
                fontSize: 11,
                fill: threshold.color,
                ...halo,
              }}
            />
          ))}
          {markers.map((marker) => (
            <ReferenceLine
              key={`${marker.at} ${marker.label}`}
              x={marker.at}
              stroke="var(--text-3)"
              strokeDasharray="1 2"
              label={{ value: marker.label, position: 'top', fontSize: 11, fill: 'var(--text-2)', ...halo }}
            />
          ))}
          {lines.map((line) => (
            <Line
              key={line.name}
              dataKey={line.name}
              stroke={line.color}
              strokeWidth={1.5}
              {...(line.dashed ? { strokeDasharray: '4 2' } : {})}
              dot={false}
              type="linear"
              connectNulls={false}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
