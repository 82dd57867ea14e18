'use client';

import { useState } from 'react';
import { useWritesRefused } from '@/components/shell/banners';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Time, TimeAgo } from '@/components/ui/time-ago';
import { steerChange } from '@/lib/change/client';
import type { ChangeView } from '@/lib/change/contract';
import { ReasonDialog } from './reason-dialog';
import { ReviewDue } from './review-due';
import { useAct } from './use-act';

/** A way back that one person ordered without sign-offs is looked at by a lead afterwards (APR-05). */
export function ReviewPanel({ view }: { view: ChangeView }) {
  const { change, you } = view;
  const [open, setOpen] = useState(false);
  const offline = useWritesRefused();
  const act = useAct(
    ({ note }: { note: string }, key: string) => steerChange(change.id, 'review', { note }, key),
    () => setOpen(false),
  );
  const { review } = change;
  if (review === null) return null;
  return (
    <Panel title="Review" note="ordered back by one person">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 p-3 max-sm:px-4">
        {review.reviewed === null ? (
          <>
            <p className="min-w-0 flex-1 basis-72 text-text-2">
              A lead looks at it until <Time at={review.dueAt} parts="short" />: was going back right, and
              what follows from it? <ReviewDue dueAt={review.dueAt} />
            </p>
            <Button
              refusal={offline ?? you.refusals.review}
              onClick={() => {
                act.reset();
                setOpen(true);
              }}
            >
              Mark as reviewed…
            </Button>
          </>
        ) : (
          <p className="text-text-2">
            <span className="font-medium text-text">{review.reviewed.by}</span>,{' '}
            <TimeAgo at={review.reviewed.at} />: {review.reviewed.note}
          </p>
        )}
      </div>
      <ReasonDialog
        title={`Review ${change.title}`}
        consequence="Your name and what you found stand in the record."
        verb="Mark as reviewed"
        label="What you found"
        open={open}
        busy={act.busy}
        problem={act.problem}
        onClose={() => setOpen(false)}
        onSubmit={(note) => act.run({ note })}
      />
    </Panel>
  );
}
