'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { cx } from '@/components/ui/class-names';
import { formatCount, formatRatio } from '@/components/ui/number-text';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ReadingNote } from '@/components/ui/reading-value';
import { Skeleton } from '@/components/ui/skeleton';
import { readingValue } from '@/lib/core/reading';
import { toProblem } from '@/lib/http/client';
import { spanLabelsQuery } from '@/lib/slo/span/client';
import type { FailedByLabel, SloSpan } from '@/lib/slo/span/contract';
import { stateText } from './words';

type SpanPartProps = { title: string; note?: string; isWide?: boolean; children: ReactNode };

/** One answer about a span, with its own heading. */
export const SpanPart = ({ title, note, isWide = false, children }: SpanPartProps) => (
  <section className="min-w-0 border-line border-b">
    <h3 className="flex flex-wrap gap-x-2 px-3 pt-2 pb-1 font-medium max-sm:px-4">
      {title}
      {note === undefined ? null : <span className="font-normal text-meta text-text-3">{note}</span>}
    </h3>
    <div className={cx(isWide ? '' : 'px-3 pb-2.5 max-sm:px-4')}>{children}</div>
  </section>
);

type PartBarProps = { name: string; part: number | null; text: string };

/** A share of all failures, as a bar and in words. */
const PartBar = ({ name, part, text }: PartBarProps) => (
  <li className="grid grid-cols-[minmax(0,1fr)_56px_auto] items-center gap-2">
    <span className="mono truncate" title={name}>
      {name === '' ? '(none)' : name}
    </span>
    <span
      aria-hidden
      className="block h-1.5 rounded-[1px] bg-[color-mix(in_oklab,var(--text)_9%,transparent)]"
    >
      <span
        className="block h-full rounded-[1px] bg-text-3"
        style={{ width: `${((part ?? 0) * 100).toFixed(1)}%` }}
      />
    </span>
    <span className="min-w-12 text-right">{text}</span>
  </li>
);

const partText = (part: number): string => formatRatio(part, part >= 0.1 || part === 0 ? 0 : 1);

/** The failures by the groups of the objective, from the same counts as the cost. */
export function ByGroup({ cost, unit }: { cost: SloSpan; unit: string }) {
  const names = [...new Set(cost.groups.flatMap(({ labels }) => Object.keys(labels)))];
  return (
    <SpanPart
      title={names.length === 0 ? 'Failed' : `Failed by ${names.join(', ')}`}
      note="counted, as the cost is"
    >
      {cost.groups.length === 0 ? (
        <p className="text-text-2">No series was recorded yet.</p>
      ) : (
        <ul className="grid gap-0.5">
          {cost.groups.map(({ key, labels, part, bad, total, state }) => (
            <PartBar
              key={key}
              name={names.length === 0 ? 'all' : names.map((name) => labels[name] ?? '').join(', ')}
              part={part}
              text={
                bad === null || total === null
                  ? stateText[state]
                  : `${part === null ? '' : `${partText(part)}, `}${formatCount(bad)} of ${formatCount(total)} ${unit}`
              }
            />
          ))}
        </ul>
      )}
    </SpanPart>
  );
}

/** The failures by every other label of their series: Prometheus is asked, and may fail by itself. */
export function ByLabel({ asked }: { asked: Parameters<typeof spanLabelsQuery>[0] }) {
  const { data, error, refetch } = useQuery(spanLabelsQuery(asked));
  const found = data === undefined ? null : readingValue(data.failed);
  return (
    <SpanPart title="Failed by other labels" note="estimated with increase(), asked of Prometheus">
      {error && data === undefined ? (
        <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
      ) : null}
      {data === undefined && !error ? (
        <div role="status" aria-label="Asking for labels">
          <Skeleton className="h-24" />
        </div>
      ) : null}
      {data === undefined ? null : (
        <div className="-mx-3 max-sm:-mx-4">
          <ReadingNote reading={data.failed} what="Labels" />
        </div>
      )}
      {found === null ? null : found.labels.length === 0 ? (
        <p className="text-text-2">
          No series of failures rose in this span. One that was born in it, or is no longer kept, is not seen
          here.
        </p>
      ) : (
        <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2 xl:grid-cols-4">
          {found.labels.map((one) => (
            <Label key={one.label} found={one} />
          ))}
        </div>
      )}
      {found?.isCut ? (
        <p className="mt-1 text-meta text-text-3">
          Shares of the {found.series} series with most failures; there are more.
        </p>
      ) : null}
    </SpanPart>
  );
}

const Label = ({ found: { label, values, others } }: { found: FailedByLabel }) => (
  <div className="min-w-0">
    <h4 className="text-meta text-text-3">{label}</h4>
    <ul className="grid gap-0.5">
      {values.map(({ value, part }) => (
        <PartBar key={value} name={value} part={part} text={partText(part)} />
      ))}
    </ul>
    {others > 0 ? <p className="text-meta text-text-3">and {others} more</p> : null}
  </div>
);
