'use client';

import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { formatBurn } from '@/components/ui/number-text';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Skeleton } from '@/components/ui/skeleton';
import { useZone } from '@/components/ui/time-ago';
import { formatDuration } from '@/lib/core/duration';
import { toProblem } from '@/lib/http/client';
import { backtestQuery } from '@/lib/slo/backtest/client';
import type { BacktestRule, SloBacktest } from '@/lib/slo/backtest/contract';
import type { JudgedRule } from '@/lib/slo/page/contract';
import { spanText } from './chart/band';
import { valueAt } from './chart/budget-model';
import { burnScale, gapsOf, type Point } from './chart/frame';
import { Plot } from './chart/plot';
import { momentText } from './chart/times';

export type PastAsk = { slo: string; environment: string; exclusions: 'on' | 'off'; group?: string };

const notJudgedText = {
  'rule-problem': 'can never fire',
  'too-coarse': 'counts too coarse',
  'too-short': 'too little recorded',
} as const;

/** How often a rule would have fired, for its cell. */
export function firedText(rule: BacktestRule): string {
  if (rule.notJudged !== null) return notJudgedText[rule.notJudged];
  const { length } = rule.fired;
  return length === 0 ? 'never' : `${length}×, ${formatDuration(rule.firedSeconds)}`;
}

/** What the table would have done over the window, and what recorded counts cannot tell about it. */
export function PastSentence({ ask }: { ask: PastAsk }) {
  const { data, error, refetch } = useQuery(backtestQuery(ask));
  if (data === undefined) {
    return error ? (
      <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
    ) : (
      <div role="status" aria-label="Trying the settings on the past" className="p-3 max-sm:px-4">
        <Skeleton className="h-5 w-100 max-w-full" />
      </div>
    );
  }
  return (
    <div className="px-3 py-2 max-sm:px-4">
      <p className="text-pretty font-medium">{data.sentence}</p>
      <details className="text-meta text-text-2">
        <summary className="flex min-h-6 items-center max-sm:min-h-11">What this can and cannot see</summary>
        <ul className="grid max-w-[92ch] gap-0.5">
          {data.limits.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

/** The burn of one rule over the window with its threshold, and when it would have fired. */
export function RulePast({ ask, rule }: { ask: PastAsk; rule: JudgedRule }) {
  const { data, error, refetch } = useQuery(backtestQuery({ ...ask, rule: rule.id }));
  if (data === undefined) {
    return error ? (
      <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
    ) : (
      <div role="status" aria-label="Loading the burn of this rule" className="p-3">
        <Skeleton className="h-40" />
      </div>
    );
  }
  const past = data.rules.find(({ id }) => id === rule.id);
  return (
    <>
      {data.series === null ? null : <PastChart rule={rule} data={data} series={data.series} />}
      {past === undefined ? null : <Fired past={past} to={data.to} />}
    </>
  );
}

type PastChartProps = { rule: JudgedRule; data: SloBacktest; series: NonNullable<SloBacktest['series']> };
const paint = { long: 'var(--accent)', short: 'var(--series-5)' };

function PastChart({ rule, data, series }: PastChartProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const drawn = useMemo(() => {
    const { long, short } = series;
    const all: Point[] = [...long, ...(short ?? [])];
    return {
      lines: [
        ...(short === null ? [] : [{ key: 'short', points: short, color: paint.short, width: 1 }]),
        { key: 'long', points: long, color: paint.long },
      ],
      levels: [
        {
          value: rule.factor,
          label: `limit ${formatBurn(rule.factor)}`,
          color: rule.severity === 'page' ? 'var(--crit)' : 'var(--warn)',
        },
      ],
      scale: burnScale(all, [rule.factor]),
      gaps: gapsOf(long),
      stops: long.map(([at]) => at),
    };
  }, [series, rule]);
  const name = `${formatDuration(rule.longSeconds)}`;
  return (
    <>
      <p aria-hidden className="flex gap-4 px-3 pt-2 text-meta text-text-2">
        <Key color={paint.long}>over {name}</Key>
        {rule.shortSeconds === null ? null : (
          <Key color={paint.short}>over {formatDuration(rule.shortSeconds)}</Key>
        )}
      </p>
      <Plot
        label={`Burn over ${name} in the window, against the limit of ${formatBurn(rule.factor)}`}
        span={{ from: data.from, to: data.to }}
        {...drawn}
        height={148}
        format={(burn) => `${Number(burn.toPrecision(3))}×`}
        cursor={cursor}
        onCursor={setCursor}
        read={(at) =>
          (['long', 'short'] as const).flatMap((which) => {
            const points = series[which];
            const burn = points === null ? null : valueAt(points, at);
            const seconds = which === 'long' ? rule.longSeconds : (rule.shortSeconds ?? 0);
            return burn === null
              ? []
              : [{ name: `over ${formatDuration(seconds)}`, text: formatBurn(burn), color: paint[which] }];
          })
        }
      />
    </>
  );
}

const Key = ({ color, children }: { color: string; children: ReactNode }) => (
  <span className="inline-flex items-center gap-1.5">
    <span className="h-0.5 w-4" style={{ background: color }} />
    {children}
  </span>
);

const mostFired = 12;

function Fired({ past, to }: { past: BacktestRule; to: number }) {
  const zone = useZone();
  const { fired, notJudged } = past;
  if (notJudged !== null) return <p className="px-3 pb-2 text-text-2">It {notJudgedText[notJudged]}.</p>;
  if (fired.length === 0) return <p className="px-3 pb-2 text-text-2">It would never have fired.</p>;
  const newest = fired.slice(-mostFired).reverse();
  return (
    <div className="px-3 pb-2">
      <p className="text-text-2">
        {fired.length > newest.length
          ? `The newest ${newest.length} of ${fired.length} times`
          : 'It would have fired'}
      </p>
      <ul>
        {newest.map((one) => (
          <li key={one.from}>
            {one.to === null
              ? `${momentText(one.from, zone)}, and still (${formatDuration(to - one.from)})`
              : spanText({ from: one.from, to: one.to }, zone)}
            <span className="text-text-3">, at most {formatBurn(one.peak)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
