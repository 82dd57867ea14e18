import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Copyable } from '@/components/ui/copyable';
import { formatCount } from '@/components/ui/number-text';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { ScrollX } from '@/components/ui/scroll-x';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateText } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import { evidenceQuery } from '@/lib/change/client';
import type { Excerpt, MeasurementEvidence } from '@/lib/change/measured-contract';
import { toProblem } from '@/lib/http/client';
import { shareText } from './staged-timeline';
import { shortWords, verdictTone } from './tone';

type EvidenceProps = { change: string; measurement: string; newName: string; oldName: string };

/** What a reading rests on: asked for when somebody opens it. */
export function Evidence({ change, measurement, newName, oldName }: EvidenceProps) {
  const { data, error, refetch } = useQuery(evidenceQuery(change, measurement));
  if (data === undefined) {
    return error ? (
      <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={4} label="the evidence of this reading" />
    );
  }
  return (
    <dl className="grid gap-x-4 gap-y-1 p-3 max-sm:px-4 sm:grid-cols-[112px_minmax(0,1fr)]">
      <Fact name="Verdict">
        <StateText tone={verdictTone[data.verdict]}>{shortWords[data.verdict]}</StateText>{' '}
        <span className="break-words">{data.detail ?? 'No reason was recorded.'}</span>
      </Fact>
      <Fact name="Asked">
        <Time at={data.at} parts="full" className="mono" />
        {data.answeredFor === null ? null : (
          <>
            , figures of <Time at={data.answeredFor} parts="full" className="mono" /> by the clock of
            Prometheus
          </>
        )}
      </Fact>
      <Fact name="Figures">{figuresText(data, newName, oldName)}</Fact>
      <Fact name="Query">
        <Text of={data.query} what="query" />
      </Fact>
      <Fact name="Raw answer">
        {data.answer === null ? (
          <p className="text-text-2">
            None was kept: nothing was asked, or an older version of the console did.
          </p>
        ) : (
          <Text of={data.answer} what="raw answer" />
        )}
      </Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-text-3 max-sm:mt-1">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
);

/** Wraps rather than scrolls sideways; a long one scrolls down, by keyboard too. */
function Text({ of: { text, length }, what }: { of: Excerpt; what: string }) {
  return (
    <div className="grid min-w-0 gap-1">
      <ScrollX
        label={`Text of the ${what}`}
        className="max-h-60 overflow-y-auto rounded-control border border-line bg-raised px-2 py-1.5"
      >
        <pre className="mono whitespace-pre-wrap text-meta [overflow-wrap:anywhere]">{text}</pre>
      </ScrollX>
      <p className="text-meta text-text-3">
        <Copyable text={text} shown={`Copy the ${what}`} />
        {text.length < length ? (
          <>
            {' '}
            The first {formatCount(text.length)} of {formatCount(length)} characters; the deployment record as
            JSON has all of it.
          </>
        ) : null}
      </p>
    </div>
  );
}

/** The numbers as they were read, not rounded to what the table has room for. */
function figuresText(
  { total, failed, baselineTotal, baselineFailed, share }: MeasurementEvidence,
  newName: string,
  oldName: string,
): string {
  const of = (name: string, part: number | null, whole: number | null) =>
    whole === null && part === null ? [] : [`${name}: ${part ?? 'unknown'} of ${whole ?? 'unknown'} failed`];
  const parts = [
    ...of(newName, failed, total),
    ...of(oldName, baselineFailed, baselineTotal),
    ...(share === null ? [] : [`measured share ${shareText(share)}`]),
  ];
  return parts.length === 0 ? 'None could be read.' : parts.join('; ');
}
