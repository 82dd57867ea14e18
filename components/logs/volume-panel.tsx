'use client';

import { countOf, riseOf, stackBars } from '@/components/charts/prepare/volume';
import { VolumeChart } from '@/components/charts/volume-chart';
import { formatCount } from '@/components/ui/number-text';
import { ReadingNote } from '@/components/ui/reading-value';
import { StateGlyph } from '@/components/ui/state';
import { formatTime, type TimeZoneChoice, useZone } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import { readingValue } from '@/lib/core/reading';
import type { LogResult } from '@/lib/logs/contract';
import { levelFill, levelOrder, levelTone } from './level';

const fills = new Map<string, string>(Object.entries(levelFill));
const errors = ['critical', 'error'];

type Bars = ReturnType<typeof stackBars>;

/** One sentence of judgement: the clearest rise of errors, else how many there were. */
export function volumeSentence(
  bars: Bars,
  step: number,
  zone: TimeZoneChoice,
): { bad: boolean; text: string } {
  const rise = riseOf(bars, errors);
  if (rise !== null) {
    const when = formatTime(new Date(rise.at * 1000), zone, 'minute');
    return {
      bad: true,
      text: `Errors rose from ${formatCount(rise.before)} to ${formatCount(rise.after)} per ${formatDuration(step)} at ${when}`,
    };
  }
  const total = bars.reduce((sum, bar) => sum + bar.total, 0);
  const bad = errors.reduce((sum, key) => sum + countOf(bars, key), 0);
  if (total === 0) return { bad: false, text: 'No line in this range' };
  if (bad === 0) return { bad: false, text: `No errors in ${formatCount(total)} lines` };
  return {
    bad: false,
    text: `${formatCount(bad)} ${bad === 1 ? 'error' : 'errors'} in ${formatCount(total)} lines, without a clear rise`,
  };
}

type VolumePanelProps = { result: LogResult; onRange: (from: number, to: number) => void };

/** How many lines there were, by level, and what that says. */
export function VolumePanel({ result, onRange }: VolumePanelProps) {
  const zone = useZone();
  const volume = readingValue(result.volume);
  const from = Date.parse(result.from) / 1000;
  const to = Date.parse(result.to) / 1000;
  const step = result.stepSeconds;
  if (volume === null) return <ReadingNote reading={result.volume} what="Volume" />;
  const bands = levelOrder.flatMap((level) => {
    const points = volume.filter((band) => band.level === level).flatMap((band) => band.points);
    return points.length === 0 ? [] : [{ key: level, points }];
  });
  const bars = stackBars(bands, from, to, step);
  const { bad, text } = volumeSentence(bars, step, zone);
  return (
    <>
      <ReadingNote reading={result.volume} what="Volume" />
      <div className="border-line border-b px-3 pt-2 pb-1 max-sm:px-4">
        <div className="mb-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
          <p className={bad ? 'font-semibold text-body text-crit' : 'font-medium text-body'}>{text}</p>
          <ul aria-label="Lines by level" className="flex flex-wrap gap-x-4 text-text-2">
            {bands.map(({ key }) => {
              const tone = levelTone[key];
              return (
                <li key={key} className="flex items-center gap-1.5">
                  {tone ? (
                    <StateGlyph tone={tone} className="size-3.5" />
                  ) : (
                    <span
                      aria-hidden
                      className="size-2 rounded-[1px]"
                      style={{ background: levelFill[key] }}
                    />
                  )}
                  {key} <span className="text-text">{formatCount(countOf(bars, key))}</span>
                </li>
              );
            })}
          </ul>
        </div>
        <VolumeChart
          label={`Lines per ${formatDuration(step)}. ${text}.`}
          bars={bars}
          from={from}
          to={to}
          step={step}
          fills={fills}
          onRange={onRange}
        />
      </div>
    </>
  );
}
