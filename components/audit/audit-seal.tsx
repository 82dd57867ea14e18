'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { Button } from '@/components/ui/button';
import { formatCount } from '@/components/ui/number-text';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { Skeleton } from '@/components/ui/skeleton';
import { StateGlyph, type Tone } from '@/components/ui/state';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import { auditVerificationQuery, verifyAnew } from '@/lib/audit/client';
import type { AuditVerification } from '@/lib/audit/contract';
import { toProblem } from '@/lib/http/client';

const tones: Record<AuditVerification['state'], Tone> = { verified: 'ok', broken: 'crit', empty: 'unknown' };

function sentence({ state, verifiedTo, firstBroken }: AuditVerification): string {
  if (state === 'empty') return 'Nothing is recorded yet';
  if (state === 'broken') {
    return firstBroken === null
      ? 'The log does not verify'
      : `Entry ${formatCount(firstBroken.seq)} does not verify: ${firstBroken.what}`;
  }
  return `Verified to entry ${formatCount(verifiedTo ?? 0)}`;
}

/** Whether the record is whole: to which entry it verifies, or the first one that does not. */
export function AuditSeal() {
  const queries = useQueryClient();
  const { queryKey } = auditVerificationQuery();
  const { data, error: readError, isFetching } = useQuery(auditVerificationQuery());
  const anew = useMutation({
    mutationFn: verifyAnew,
    // An answer that is under way may be older than this one.
    onMutate: () => queries.cancelQueries({ queryKey }),
    onSuccess: (verdict) => queries.setQueryData(queryKey, verdict),
  });
  const error = anew.error ?? readError;
  const busy = anew.isPending || (isFetching && data === undefined);
  const heading = useId();
  return (
    <section
      aria-labelledby={heading}
      className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-line bg-surface p-3 max-sm:-mx-4 max-sm:border-y max-sm:px-4 sm:rounded-panel sm:border"
    >
      <h2 id={heading} className="sr-only">
        Verification
      </h2>
      <div role="status" className="flex min-w-0 flex-1 basis-64 items-center gap-3">
        {data ? (
          <>
            <StateGlyph tone={tones[data.state]} className="size-6" />
            <Verified data={data} />
          </>
        ) : error ? (
          <ProblemPanel problem={toProblem(error)} />
        ) : (
          <>
            <span className="sr-only">Verifying the log</span>
            <Skeleton className="h-6 w-64" />
          </>
        )}
      </div>
      <Button busy={busy} onClick={() => anew.mutate()}>
        {busy ? 'Verifying' : 'Verify now'}
      </Button>
      {data && error ? (
        <p className="w-full text-meta text-warn">The last check did not end: {toProblem(error).detail}</p>
      ) : null}
    </section>
  );
}

function Verified({ data }: { data: AuditVerification }) {
  const broken = data.state === 'broken';
  return (
    <div className="min-w-0">
      <p className={broken ? 'text-pretty font-medium text-body text-crit' : 'font-medium text-body'}>
        {sentence(data)} at <Time at={data.checkedAt} parts="minute" />
      </p>
      <p className="text-meta text-text-3">
        {broken
          ? data.verifiedTo === null
            ? 'No entry before it verifies. Stop and compare with a backup before you trust any entry. '
            : `Entries up to ${formatCount(data.verifiedTo)} verify. Compare the rest with a backup before you trust it. `
          : null}
        {formatCount(data.size)} {data.size === 1 ? 'entry' : 'entries'} in all, checked{' '}
        <TimeAgo at={data.checkedAt} />
      </p>
    </div>
  );
}
