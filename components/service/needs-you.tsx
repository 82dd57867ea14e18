'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { changeTone } from '@/components/change/tone';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { StateBadge, StateText } from '@/components/ui/state';
import { TimeLeft } from '@/components/ui/time-ago';
import { meQuery } from '@/lib/access/client';
import type { ChangeRow } from '@/lib/change/contract';
import { stateText } from '@/lib/change/words';
import { paths } from '@/lib/core/paths';

/** What only this person can move on. */
export function NeedsYou({ changes }: { changes: ChangeRow[] }) {
  const { data: me } = useQuery(meQuery());
  const { reviews, overdue } = me?.waiting ?? { reviews: 0, overdue: 0 };
  if (changes.length === 0 && reviews === 0) {
    return <EmptyState title="Nothing waits for you" why="Changes that need your sign-off appear here." />;
  }
  return (
    <ul>
      {reviews === 0 ? null : <Reviews reviews={reviews} overdue={overdue} />}
      {changes.map((change) => (
        <li key={change.id} className="border-line border-b p-3 last:border-b-0 max-sm:px-4">
          <div className="mb-1 flex items-center gap-2">
            <StateBadge tone={changeTone[change.state]}>{stateText(change)}</StateBadge>
            <span className="mono ml-auto text-text-3">{change.id}</span>
          </div>
          <p className="font-medium">{change.title}</p>
          <p className="text-text-2">
            {change.requesterName} asks, {change.region}
            {change.expiresAt ? (
              <>
                {' · '}expires in <TimeLeft at={change.expiresAt} overdue="expired" />
              </>
            ) : null}
          </p>
          <ButtonLink kind="primary" size="small" href={paths.change(change.id)} className="mt-2">
            Review plan
          </ButtonLink>
        </li>
      ))}
    </ul>
  );
}

/** Ways back that somebody else ordered alone, and that this person could review. */
function Reviews({ reviews, overdue }: { reviews: number; overdue: number }) {
  const late = overdue === 0 ? '' : overdue === reviews ? ', overdue' : `, ${overdue} overdue`;
  return (
    <li className="border-line border-b p-3 last:border-b-0 max-sm:px-4">
      <Link href={paths.approvals()} className="hover:underline">
        <StateText tone={overdue > 0 ? 'crit' : 'hold'}>
          {reviews} way{reviews === 1 ? '' : 's'} back to review{late}
        </StateText>
      </Link>
    </li>
  );
}

/** Changes that a worker carries out now. */
export function RunningNow({ changes }: { changes: ChangeRow[] }) {
  if (changes.length === 0)
    return <EmptyState title="No change runs" why="A change that is carried out shows its step here." />;
  return (
    <ul>
      {changes.map((change) => (
        <li key={change.id} className="border-line border-b p-3 last:border-b-0 max-sm:px-4">
          <div className="mb-1 flex items-center gap-2">
            <StateBadge tone={changeTone[change.state]}>{stateText(change)}</StateBadge>
            <span className="mono ml-auto text-text-3">
              {change.id} · {change.stepsDone} of {change.stepsAll}
            </span>
          </div>
          <a href={paths.change(change.id)} className="font-medium hover:underline">
            {change.title}
          </a>
          <div
            aria-hidden
            className="relative mt-2 mb-1 h-0.75 bg-[color-mix(in_oklab,var(--text)_9%,transparent)]"
          >
            <span
              className="absolute inset-y-0 left-0 bg-info"
              style={{ width: `${(100 * change.stepsDone) / Math.max(1, change.stepsAll)}%` }}
            />
          </div>
          <p className="text-text-2">{change.sentence}</p>
        </li>
      ))}
    </ul>
  );
}
