import { formatRatio } from '@/components/ui/number-text';
import type { RegionShares, Timeline } from '@/lib/change/staged/schedule';
import { formatDuration } from '@/lib/core/duration';

/** 5 %, 33.3 %: a share with as many digits as it has. */
export const shareText = (share: number): string =>
  formatRatio(share, Number.isInteger(Math.round(share * 1000) / 10) ? 0 : 1);

/** A part of the budget, with as many digits as the sentence beside it has. */
export const budgetText = (share: number): string => formatRatio(share, share < 0.01 ? 2 : 1);

/** Narrower parts of the line have no room for their share; the table of steps has every one. */
const LABEL_FROM = 0.07;

const spoken = ({ region, moments }: RegionShares): string =>
  `${region}: ${moments
    .map(({ atSeconds, share }, index) =>
      index === 0 ? `${shareText(share)} at first` : `${shareText(share)} after ${formatDuration(atSeconds)}`,
    )
    .join(', ')}.`;

/** A staircase from left to right in a box of 100 by 100; the foot of the box is no share. */
function stairs(moments: RegionShares['moments'], total: number): string {
  const x = (seconds: number) => ((100 * seconds) / total).toFixed(2);
  const y = (share: number) => (96 - 92 * share).toFixed(2);
  return moments
    .map(({ atSeconds, share }, index) => (index === 0 ? `M0 ${y(share)}` : `H${x(atSeconds)} V${y(share)}`))
    .concat('H100')
    .join(' ');
}

/** The expected share of the new version over the time of the change, a line per region. */
export function StagedTimeline({ timeline, version }: { timeline: Timeline; version: string }) {
  const { totalSeconds, isEarliest, regions } = timeline;
  if (totalSeconds <= 0) return null;
  return (
    <div className="grid gap-1 p-3 pb-2 max-sm:px-4">
      {regions.map((one) => (
        <div key={one.region} className="grid grid-cols-[84px_minmax(0,1fr)] items-end gap-2">
          <span className="mono truncate text-meta text-text-2">{one.region}</span>
          <div
            role="img"
            aria-label={`Expected share of ${version}. ${spoken(one)}`}
            className="relative h-12"
          >
            <svg
              viewBox="0 0 100 100"
              preserveAspectRatio="none"
              aria-hidden="true"
              className="absolute inset-0 size-full overflow-visible"
            >
              <path d={`${stairs(one.moments, totalSeconds)} V100 H0 Z`} className="fill-accent opacity-15" />
              <path
                d={stairs(one.moments, totalSeconds)}
                className="fill-none stroke-accent"
                strokeWidth="1.5"
                vectorEffect="non-scaling-stroke"
              />
            </svg>
            {one.moments.map(({ atSeconds, share }, index) => {
              const until = one.moments[index + 1]?.atSeconds ?? totalSeconds;
              if (index === 0 || (until - atSeconds) / totalSeconds < LABEL_FROM) return null;
              return (
                <span
                  key={atSeconds}
                  className="absolute whitespace-nowrap pl-1 text-[11px] text-text-2 leading-none"
                  style={{
                    left: `${(100 * atSeconds) / totalSeconds}%`,
                    ...(share > 0.6 ? { top: '14%' } : { bottom: `${6 + 92 * share}%` }),
                  }}
                >
                  {shareText(share)}
                </span>
              );
            })}
          </div>
        </div>
      ))}
      <div
        aria-hidden
        className="ml-[92px] flex justify-between border-line-strong border-t pt-0.5 text-[11px] text-text-3"
      >
        <span>+0</span>
        <span>+{formatDuration(totalSeconds / 2)}</span>
        <span>
          {isEarliest ? 'at least ' : ''}+{formatDuration(totalSeconds)}
        </span>
      </div>
    </div>
  );
}
