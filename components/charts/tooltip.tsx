'use client';

import { formatTime, type TimeZoneChoice } from '@/components/ui/time-ago';

type Entry = { dataKey?: unknown; value?: unknown };
type ChartTooltipProps = {
  active?: boolean;
  label?: unknown;
  payload?: readonly Entry[];
  format: (value: number) => string;
  zone: TimeZoneChoice;
  colors: Map<string, string>;
};

/** The values under the crosshair, largest first, at most five. */
export function ChartTooltip({ active, label, payload, format, zone, colors }: ChartTooltipProps) {
  if (!active || typeof label !== 'number' || !payload) return null;
  const values = payload
    .flatMap((entry) =>
      typeof entry.value === 'number' ? [{ name: String(entry.dataKey), value: entry.value }] : [],
    )
    .sort((a, b) => b.value - a.value)
    .slice(0, 5);
  return (
    <div className="min-w-40 rounded-panel bg-surface px-2.5 py-2 text-meta shadow-float">
      <p className="mono text-text-2">{formatTime(new Date(label * 1000), zone, 'full')}</p>
      {values.map((entry) => (
        <p key={entry.name} className="flex items-center gap-2 leading-5">
          <span
            aria-hidden
            className="h-0.5 w-3.5"
            style={{ background: colors.get(entry.name) ?? 'var(--text-3)' }}
          />
          <span className="text-text-2">{entry.name}</span>
          <span className="ml-auto pl-3 font-medium">{format(entry.value)}</span>
        </p>
      ))}
      {values.length === 0 ? <p className="text-text-2">No data here</p> : null}
    </div>
  );
}
