'use client';

import { useQuery } from '@tanstack/react-query';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateGlyph, StateText, type Tone } from '@/components/ui/state';
import { Time } from '@/components/ui/time-ago';
import { copyQuery } from '@/lib/backup/client';
import type { CheckView, CopyDetail, Evidence } from '@/lib/backup/contract';
import { formatDuration } from '@/lib/core/duration';
import { toProblem } from '@/lib/http/client';
import { levelText } from './words';

const resultTone: Record<CheckView['result'], Tone> = { passed: 'ok', failed: 'crit', unknown: 'unknown' };
const resultWord: Record<CheckView['result'], string> = {
  passed: 'Passed',
  failed: 'Failed',
  unknown: 'Unknown',
};

/** What was looked at in one copy, what was found, and what the tools said. */
export function CopyChecks({ copy }: { copy: string }) {
  const { data, error, refetch } = useQuery(copyQuery(copy));
  if (data === undefined) {
    return error ? (
      <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
    ) : (
      <SkeletonRows rows={3} label="the checks" />
    );
  }
  return (
    <>
      {data.checks.length === 0 ? (
        <p className="text-text-2">Nobody has looked at this copy yet: whether it is good is not known.</p>
      ) : (
        <ul className="grid gap-1.5">
          {data.checks.map((check) => (
            <Check key={`${check.level} ${check.at}`} check={check} />
          ))}
        </ul>
      )}
      <Facts detail={data} />
      {data.log === '' ? null : (
        <details>
          <summary className="min-h-6 text-text-2 leading-6 hover:text-text max-sm:min-h-11 max-sm:leading-11">
            Log
          </summary>
          <pre className="mono max-h-80 overflow-auto whitespace-pre-wrap break-all rounded-control bg-raised p-2">
            {data.log}
          </pre>
        </details>
      )}
    </>
  );
}

type CheckProps = { check: CheckView; nameOf?: (level: number) => string };

/** One look at a level, of a copy or by `nameOf` of something else. */
export const Check = ({ check, nameOf = levelText }: CheckProps) => (
  <li>
    <p className="flex flex-wrap items-baseline gap-x-3">
      <StateText tone={resultTone[check.result]}>
        {nameOf(check.level)}: {resultWord[check.result].toLowerCase()}
      </StateText>
      <span className="text-meta text-text-3">
        <Time at={check.at} parts="full" className="mono" />, {check.tool} {check.toolVersion},{' '}
        {formatDuration(check.seconds)}
      </span>
    </p>
    <p className="max-w-[110ch] text-text-2">{check.sentence}</p>
    {check.evidence.length === 0 ? null : <EvidenceList evidence={check.evidence} of={nameOf(check.level)} />}
  </li>
);

/** What was looked at and found, folded. */
export const EvidenceList = ({ evidence, of }: { evidence: readonly Evidence[]; of: string }) => (
  <details>
    <summary className="inline-block min-h-6 text-meta text-text-2 leading-6 hover:text-text max-sm:min-h-11 max-sm:leading-11">
      Evidence<span className="sr-only"> of {of}</span>
    </summary>
    <ul className="grid gap-0.5 pb-1 pl-3">
      {evidence.map((one) => (
        <li key={`${one.what} ${one.found}`} className="break-words">
          {one.isRight === false ? (
            <StateGlyph tone="crit" className="-mt-0.5 mr-1 inline-block size-3.5" />
          ) : null}
          {evidenceText(one)}
        </li>
      ))}
    </ul>
  </details>
);

/** What is counted is read by people; versions and sums of files stay as they are. */
const isCounted = /^(Rows|Bytes|Entries|Tables|Constraints|Indexes)\b/;
const textOf = (what: string, value: string): string =>
  isCounted.test(what) && /^\d{4,15}$/.test(value) ? Number(value).toLocaleString('en-GB') : value;

function evidenceText({ what, expected, found, isRight }: Evidence): string {
  const said = `${what}: ${textOf(what, found)}`;
  if (expected === null) return said;
  if (expected === found) return `${said}, as expected`;
  return `${said}, expected ${textOf(what, expected)}${isRight === false ? ' (wrong)' : ''}`;
}

const Facts = ({ detail }: { detail: CopyDetail }) => (
  <p className="break-all text-meta text-text-3">
    <span className="mono">{detail.object}</span>
    {detail.sha256 === null ? '' : ', SHA-256 '}
    {detail.sha256 === null ? null : <span className="mono">{detail.sha256}</span>}
    {detail.serverVersion === null ? '' : `, PostgreSQL ${detail.serverVersion}`}
    {detail.dumpVersion === null ? '' : `, pg_dump ${detail.dumpVersion}`}
    {detail.job === null ? '' : `, Job ${detail.job}`}
  </p>
);
