'use client';

import { cx } from '@/components/ui/class-names';
import { formatCount, formatRatio } from '@/components/ui/number-text';
import { Panel } from '@/components/ui/panel';
import { StateText } from '@/components/ui/state';
import { TimeAgo } from '@/components/ui/time-ago';
import type { ChangeView } from '@/lib/change/contract';
import type { Verdict } from '@/lib/change/model';
import { formatDuration } from '@/lib/core/duration';
import { ReadingsTable } from './readings-table';
import { readingsText } from './readings-text';
import { verdictTone } from './tone';

const words: Record<Verdict, string> = {
  PASS: 'Passes',
  FAIL: 'Fails',
  NODATA: 'No verdict: too few requests',
  ERROR: 'No verdict: no answer',
};

const SHOWN = 60;

/** The new version's own error share against the stop line, and the readings so far. */
export function GuardPanel({ view }: { view: ChangeView }) {
  const { guard, to } = view.plan;
  if (guard.judges === false) {
    return (
      <Panel title="Guard">
        <p className="p-3 text-text-2 max-sm:px-4">
          It takes no requests, so there is nothing to judge: its pods are watched.
        </p>
      </Panel>
    );
  }
  const last = view.measurements.at(-1);
  const ratio =
    last && last.total !== null && last.failed !== null && last.total > 0 ? last.failed / last.total : null;
  return (
    <Panel
      title="Guard"
      note={`every ${formatDuration(guard.intervalSeconds)}, over the last ${formatDuration(guard.windowSeconds)}`}
      end={
        last ? (
          <span className="text-meta text-text-3">
            read <TimeAgo at={last.at} />
          </span>
        ) : null
      }
    >
      <div className="grid gap-3 p-3 max-sm:px-4 md:grid-cols-[minmax(0,340px)_minmax(0,1fr)] md:gap-6">
        <div>
          <p className="flex items-baseline justify-between gap-2">
            <span className="text-text-2">
              Errors of <span className="mono">{to.version}</span>
            </span>
            {last ? (
              <StateText tone={verdictTone[last.verdict]}>{words[last.verdict]}</StateText>
            ) : (
              <StateText tone="unknown">Not read yet</StateText>
            )}
          </p>
          <p className="font-medium text-figure tracking-tight">
            {ratio === null ? '–' : formatRatio(ratio)}
          </p>
          <GuardBar ratio={ratio} limit={guard.maxErrorRatio} />
          <p className="mt-1 text-meta text-text-2">
            {last?.total === null || last === undefined
              ? (last?.detail ?? `Judged from ${guard.minRequests} requests on.`)
              : `${formatCount(Math.round(last.failed ?? 0))} of ${formatCount(Math.round(last.total))} requests failed; goes back over ${formatRatio(guard.maxErrorRatio, 0)}.`}
          </p>
        </div>
        <Readings view={view} />
      </div>
      {last === undefined ? null : (
        <details className="border-line border-t">
          <summary className="flex min-h-9 cursor-pointer items-center px-3 text-text-2 hover:text-text max-sm:min-h-12 max-sm:px-4">
            Each reading, with query and answer
          </summary>
          <ReadingsTable
            change={view.change.id}
            region={null}
            readings={view.measurements}
            all={view.measured.find(({ region }) => region === null)}
            newName={to.version}
            oldName={view.plan.from.version}
          />
        </details>
      )}
    </Panel>
  );
}

/** The stop line stands at 60 % of the bar; the zone behind it is hatched. */
function GuardBar({ ratio, limit }: { ratio: number | null; limit: number }) {
  const share = ratio === null ? 0 : Math.min(1, (ratio / limit) * 0.6);
  return (
    <div aria-hidden className="relative mt-1 h-1.5 bg-[color-mix(in_oklab,var(--text)_9%,transparent)]">
      <span className="hatch absolute inset-y-0 left-[60%] right-0" />
      <span
        className={cx('absolute inset-y-0 left-0', share > 0.6 ? 'bg-crit' : 'bg-info')}
        style={{ width: `${share * 100}%` }}
      />
      <span className="-inset-y-1 absolute left-[60%] w-0.5 bg-crit" />
    </div>
  );
}

/** One bar a reading: height is the share of the stop line, hatched where there was no verdict. */
function Readings({ view }: { view: ChangeView }) {
  const readings = view.measurements.slice(-SHOWN);
  const all = view.measured.find(({ region }) => region === null);
  return (
    <div className="min-w-0">
      <p className="text-text-2">{readingsText(all)}</p>
      <div aria-hidden className="mt-3 flex h-14 items-end gap-px border-line-strong border-b">
        {readings.map((each) => {
          const known = each.total !== null && each.failed !== null && each.total > 0;
          const ratio = known ? (each.failed ?? 0) / (each.total ?? 1) : 0;
          const height = known
            ? Math.max(5, Math.min(100, (ratio / view.plan.guard.maxErrorRatio) * 60))
            : 100;
          const look = each.verdict === 'FAIL' ? 'bg-crit' : each.verdict === 'PASS' ? 'bg-bar-ok' : 'hatch';
          return (
            <span key={each.at} className={cx('max-w-2 flex-1', look)} style={{ height: `${height}%` }} />
          );
        })}
      </div>
    </div>
  );
}
