import { cx } from '@/components/ui/class-names';
import type { RetentionLine } from '@/lib/backup/retention/contract';
import { calendarRules } from '@/lib/backup/retention/model';

const dayMs = 86_400_000;
const rows = [...calendarRules, 'beside', 'leaving'] as const;
type Row = (typeof rows)[number];

const look: Record<Row, string> = {
  daily: 'bg-text-3',
  weekly: 'bg-text-3',
  monthly: 'bg-text-3',
  beside: 'border border-text-3',
  leaving: 'rotate-45 rounded-none border-2 border-warn',
};
const rowTitle: Record<Row, string> = {
  daily: 'stay as daily',
  weekly: 'stay as weekly',
  monthly: 'stay as monthly',
  beside: 'stay beside the calendar',
  leaving: 'leave or are marked',
};
const ticks = [
  { days: 0, text: 'newest' },
  { days: 7, text: '7 d' },
  { days: 28, text: '28 d' },
  { days: 90, text: '90 d' },
  { days: 365, text: '1 y' },
  { days: 1461, text: '4 y' },
] as const;

/** A copy stands in one row: what leaves, else the first rule of the calendar that keeps it. */
function rowOf({ fate, rules }: RetentionLine): Row {
  if (fate !== 'stays') return 'leaving';
  return calendarRules.find((rule) => rules.includes(rule)) ?? 'beside';
}

/**
 * Where the copies lie in time, each in the row of what keeps it. The axis is logarithmic in the age against the newest
 * one, or a year of months would leave no place for a week of days.
 */
export function RetentionChart({ lines, name }: { lines: readonly RetentionLine[]; name: string }) {
  const times = lines.map(({ snapshotAt }) => Date.parse(snapshotAt));
  const newest = Math.max(...times);
  const most = Math.max(7, (newest - Math.min(...times)) / dayMs);
  const place = (days: number): string => `${98 * (1 - Math.log1p(days) / Math.log1p(most)) + 1}%`;
  const shown = rows
    .map((row) => ({ row, inRow: lines.filter((line) => rowOf(line) === row) }))
    .filter(({ row, inRow }) => inRow.length > 0 || (row !== 'beside' && row !== 'leaving'));
  const words = shown.map(({ row, inRow }) => `${inRow.length} ${rowTitle[row]}`).join(', ');
  return (
    <div
      role="img"
      aria-label={`Copies of ${name} in time: ${words}`}
      className="max-w-3xl text-axis text-text-3"
    >
      {shown.map(({ row, inRow }) => (
        <div key={row} className="flex items-center gap-3">
          <span className="w-14 flex-none text-meta">{row}</span>
          <span className="relative h-5 flex-1 border-grid border-b">
            {inRow.map((line) => (
              <span
                key={line.copy}
                title={`${line.snapshotAt.slice(0, 16).replace('T', ' ')} UTC: ${line.reason}`}
                className={cx(
                  '-translate-x-1/2 absolute top-1.5 left-(--place) size-2 rounded-full',
                  look[row],
                )}
                style={{ '--place': place((newest - Date.parse(line.snapshotAt)) / dayMs) }}
              />
            ))}
          </span>
        </div>
      ))}
      <div className="flex gap-3">
        <span className="w-14 flex-none" />
        <span className="relative h-4 flex-1">
          {ticks
            .filter(({ days }) => days <= most)
            .map(({ days, text }) => (
              <span
                key={text}
                className={cx(
                  'absolute left-(--place)',
                  days === 0 ? '-translate-x-full' : '-translate-x-1/2',
                )}
                style={{ '--place': place(days) }}
              >
                {text}
              </span>
            ))}
        </span>
      </div>
    </div>
  );
}
