import { Panel } from '@/components/ui/panel';
import { TimeAgo } from '@/components/ui/time-ago';
import type { ChangeView } from '@/lib/change/contract';
import { PrecheckList } from './precheck-list';

/** What the checks found when the plan was made: who signs weighs warnings too, and sees how old they are. */
export function ChecksPanel({ view: { checks, change } }: { view: ChangeView }) {
  if (checks === null || checks.prechecks.length === 0) return null;
  return (
    <Panel
      title="Checks"
      note={
        <>
          found <TimeAgo at={checks.at} />
          {change.startedAt === null && change.finishedAt === null
            ? ', and looked at again before the first write'
            : ''}
        </>
      }
    >
      <PrecheckList prechecks={checks.prechecks} />
    </Panel>
  );
}
