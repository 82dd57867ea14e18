'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { ChangeTable } from '@/components/change/change-table';
import { ReviewDue } from '@/components/change/review-due';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { ProblemPanel } from '@/components/ui/problem-panel';
import { SkeletonRows } from '@/components/ui/skeleton';
import { StateText } from '@/components/ui/state';
import { TimeAgo, TimeLeft } from '@/components/ui/time-ago';
import { roleNames } from '@/lib/access/model';
import { approvalsQuery } from '@/lib/change/client';
import type { ApprovalsView } from '@/lib/change/contract';
import { paths } from '@/lib/core/paths';
import { toProblem } from '@/lib/http/client';

/** Yours to decide, and what you asked for. Deciding happens on the change, never in the list. */
export function ApprovalsScreen() {
  const { data, error, refetch } = useQuery(approvalsQuery());
  if (!data) {
    return (
      <Panel title="Yours to decide">
        {error ? (
          <ProblemPanel problem={toProblem(error)} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={4} label="approvals" />
        )}
      </Panel>
    );
  }
  return (
    <div className="grid gap-4">
      <Panel title="Yours to decide" note={data.yours.length > 0 ? data.yours.length : undefined}>
        {data.yours.length > 0 ? (
          <ul>
            {data.yours.map((change) => (
              <Decision key={change.id} change={change} />
            ))}
          </ul>
        ) : (
          <EmptyState
            title="Nothing waits for your sign-off"
            why="Changes whose policy names one of your roles appear here until you or someone else decides."
          />
        )}
      </Panel>
      {data.toReview.length > 0 ? (
        <Panel title="For review by a lead" note="ordered back by one person">
          <ul>
            {data.toReview.map((change) => (
              <Review key={change.id} change={change} />
            ))}
          </ul>
        </Panel>
      ) : null}
      <Panel title="Your requests">
        <ChangeTable changes={data.requested} caption="Your requests" />
      </Panel>
      <Panel title="Last decided">
        <ChangeTable changes={data.lastDecided} caption="Last decided" />
      </Panel>
    </div>
  );
}

function Decision({ change }: { change: ApprovalsView['yours'][number] }) {
  return (
    <li className="relative grid grid-cols-[minmax(0,1fr)] gap-x-4 gap-y-0.5 break-words border-line border-b px-3 py-2.5 last:border-b-0 hover:bg-raised max-sm:px-4 sm:grid-cols-[minmax(0,1fr)_auto]">
      <p>
        <Link href={paths.change(change.id)} className="row-link font-medium">
          {change.title}
        </Link>{' '}
        <span className="mono text-text-3">
          {change.id} {change.region}
        </span>
      </p>
      <p className="text-text-2 sm:text-right">
        {change.expiresAt ? (
          <>
            expires in <TimeLeft at={change.expiresAt} overdue="now" />
          </>
        ) : null}
      </p>
      <p className="text-text-2">
        {change.requesterName}, <TimeAgo at={change.createdAt} />: {change.reason}
      </p>
      <p className="text-text-2 sm:text-right">
        as {change.roles.map((role) => roleNames[role]).join(' or ')}, {change.signed} of {change.needed}{' '}
        signed
      </p>
      {change.risk.length > 0 ? (
        <p className="sm:col-span-2">
          <StateText tone="warn" className="whitespace-normal">
            {change.risk.join('; ')}
          </StateText>
        </p>
      ) : null}
    </li>
  );
}

/** A way back that one person ordered alone, with how long a lead has left to look at it, or since when it is late. */
function Review({ change }: { change: ApprovalsView['toReview'][number] }) {
  return (
    <li className="relative grid gap-x-4 gap-y-0.5 border-line border-b px-3 py-2.5 last:border-b-0 hover:bg-raised max-sm:px-4 sm:grid-cols-[minmax(0,1fr)_auto]">
      <p>
        <Link href={paths.change(change.id)} className="row-link font-medium">
          {change.title}
        </Link>{' '}
        <span className="mono text-text-3">
          {change.id} {(change.regions ?? [change.region]).join(', ')}
        </span>
      </p>
      <p className="sm:text-right">
        <ReviewDue dueAt={change.dueAt} isOverdue={change.isOverdue} />
      </p>
      <p className="text-text-2">
        {change.orderedBy ?? 'One person'} ordered it back alone
        {change.finishedAt === null ? null : (
          <>
            ; it ended <TimeAgo at={change.finishedAt} />
          </>
        )}
        .
      </p>
      <p className="text-text-2 sm:text-right">{change.refusal ?? 'waits for you'}</p>
    </li>
  );
}
