'use client';

import { memo } from 'react';
import { cx } from '@/components/ui/class-names';
import { StateGlyph, toneText } from '@/components/ui/state';
import { formatTime, type TimeZoneChoice } from '@/components/ui/time-ago';
import type { LogLine } from '@/lib/logs/contract';
import { levelTone } from './level';
import { LineText } from './line-text-view';

/** `14:07:29.912` in the chosen zone. */
export function clockOf(at: string, zone: TimeZoneChoice): string {
  const date = new Date(at);
  return `${formatTime(date, zone)}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`;
}

/** The end of a pod's name tells pods apart. */
export const shortPod = (line: LogLine): string =>
  (line.fields['pod'] ?? line.labels['pod'] ?? '').split('-').slice(-2).join('-');

/** Fields that are shown beside the message when the line has them. */
const beside = ['method', 'endpoint', 'status', 'duration_ms', 'error', 'query_name'];

export const extras = (line: LogLine): string =>
  beside
    .flatMap((name) => {
      const value = line.fields[name];
      return value === undefined || value === '' || line.message.includes(value) ? [] : [`${name}=${value}`];
    })
    .join(' ');

type LogRowProps = { line: LogLine; zone: TimeZoneChoice; wrap: boolean; search: string; active: boolean };

/** One line of the list: time, level, pod, message. Two text lines on phones. */
export const LogRow = memo(function LogRow({ line, zone, wrap, search, active }: LogRowProps) {
  const tone = levelTone[line.level];
  const quiet = tone === null;
  const extra = extras(line);
  return (
    <div
      className={cx(
        'mono grid min-h-5.5 cursor-pointer grid-cols-[92px_70px_120px_minmax(0,1fr)] gap-x-2 px-3 text-meta leading-5.5 hover:bg-raised max-sm:min-h-12 max-sm:grid-cols-[auto_minmax(0,1fr)_auto] max-sm:border-line max-sm:border-b max-sm:px-4 max-sm:py-1.5 max-sm:leading-4.5',
        active && 'bg-accent-wash shadow-[inset_2px_0_var(--accent)]',
      )}
    >
      <time dateTime={line.at} className="text-text-3 max-sm:order-3">
        {clockOf(line.at, zone)}
      </time>
      <span
        className={cx(
          'flex items-center gap-1.5 self-start max-sm:order-1',
          quiet ? 'text-text-3' : cx('font-medium', toneText[tone]),
        )}
      >
        {quiet ? <span className="w-3.5" /> : <StateGlyph tone={tone} className="size-3.5" />}
        {line.level}
      </span>
      <span className="truncate text-text-3 max-sm:order-2">{shortPod(line)}</span>
      <span
        className={cx(
          'max-sm:order-4 max-sm:col-span-3',
          wrap ? 'whitespace-pre-wrap [overflow-wrap:anywhere]' : 'truncate whitespace-pre',
          quiet && 'text-text-2',
        )}
      >
        <LineText text={line.message} search={search} />
        {extra ? (
          <span className="text-text-3">
            {' '}
            <LineText text={extra} search={search} />
          </span>
        ) : null}
      </span>
    </div>
  );
});
