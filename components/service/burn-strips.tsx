'use client';

import { cx } from '@/components/ui/class-names';
import { formatBurn } from '@/components/ui/number-text';
import { formatTime, useZone } from '@/components/ui/time-ago';
import type { ChangeRow } from '@/lib/change/contract';
import type { OverviewView } from '@/lib/service/contract';

type Strip = OverviewView['burn'][number];
const page = 14.4;
const ticket = 3;

const barTone = (burn: number | null) =>
  burn === null
    ? 'hatch'
    : burn > page
      ? 'bg-crit'
      : burn > ticket
        ? 'bg-warn-fill'
        : 'bg-[color-mix(in_oklab,var(--text)_20%,transparent)]';

/** Height of a bar in per cent: a square root keeps small burns visible beside a page. */
const height = (burn: number | null) =>
  burn === null ? 100 : Math.max(6, Math.min(1, Math.sqrt(burn / 20)) * 100);

/** Burn of the last 6 h, one row a service, one bar per 5 min, a line where a change started. */
export function BurnStrips({ strips, changes }: { strips: Strip[]; changes: ChangeRow[] }) {
  const zone = useZone();
  const points = strips.find((strip) => strip.points.state !== 'missing')?.points;
  const axis = points && points.state !== 'missing' ? points.value : [];
  const from = axis[0]?.[0];
  const to = axis.at(-1)?.[0];
  return (
    <div className="grid gap-2 px-3 pt-3 pb-2 max-sm:px-4">
      {strips.map((strip) => (
        <StripRow key={`${strip.service} ${strip.region}`} strip={strip} changes={changes} />
      ))}
      {from !== undefined && to !== undefined ? (
        <div aria-hidden className="ml-56 flex justify-between text-axis text-text-3 max-md:ml-0">
          {[6, 5, 4, 3, 2, 1, 0].map((hours) => (
            <span key={hours}>{formatTime(new Date((to - hours * 3600) * 1000), zone, 'minute')}</span>
          ))}
        </div>
      ) : null}
    </div>
  );
}

function StripRow({ strip, changes }: { strip: Strip; changes: ChangeRow[] }) {
  const points = strip.points.state === 'missing' ? [] : strip.points.value;
  const known = points.flatMap(([, burn]) => (burn === null ? [] : [burn]));
  const worst = known.length === 0 ? null : Math.max(...known);
  const from = points[0]?.[0] ?? 0;
  const to = points.at(-1)?.[0] ?? 1;
  const marks = changes.filter(
    (change) => change.service === strip.service && change.region === strip.region,
  );
  return (
    <div className="grid grid-cols-[216px_minmax(0,1fr)] items-end gap-x-2 max-md:grid-cols-1">
      <span className="truncate leading-7 max-md:leading-5">
        {strip.name} <span className="mono text-text-3">{strip.region}</span>
      </span>
      <div
        role="img"
        aria-label={`Burn of ${strip.name} in ${strip.region} over 6 hours: ${worst === null ? 'no data' : `at most ${formatBurn(worst)}`}`}
        className="relative flex h-7 items-end gap-px border-line-strong border-b"
      >
        {points.length === 0 ? <span className="hatch size-full" /> : null}
        {points.map(([at, burn]) => (
          <span
            key={at}
            className={cx('min-w-0 flex-1', barTone(burn))}
            style={{ height: `${height(burn)}%` }}
          />
        ))}
        {marks.map((change) => {
          const share = (Date.parse(change.createdAt) / 1000 - from) / (to - from);
          return share >= 0 && share <= 1 ? (
            <span
              key={change.id}
              title={change.title}
              className="-top-1 -bottom-px absolute w-px bg-text-2"
              style={{ left: `${share * 100}%` }}
            >
              <span
                className={cx(
                  'mono -top-1 absolute whitespace-nowrap text-[11px]',
                  share > 0.85 ? 'right-1' : 'left-1',
                )}
              >
                {change.id}
              </span>
            </span>
          ) : null;
        })}
      </div>
    </div>
  );
}
