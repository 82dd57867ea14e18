'use client';

import { StateText } from '@/components/ui/state';
import { TimeAgo, TimeLeft, useNow } from '@/components/ui/time-ago';

/** How long a lead has left for a review, or how long it is overdue: in words and in colour. */
export function ReviewDue({ dueAt, isOverdue = false }: { dueAt: string; isOverdue?: boolean }) {
  const now = useNow();
  return (now === 0 ? isOverdue : Date.parse(dueAt) <= now) ? (
    <StateText tone="crit">
      <span>
        Review overdue for <TimeAgo at={dueAt} suffix="" />
      </span>
    </StateText>
  ) : (
    <StateText tone="hold">
      <span>
        Review due in <TimeLeft at={dueAt} />
      </span>
    </StateText>
  );
}
