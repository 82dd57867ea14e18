import type { ReactNode } from 'react';
import type { RecoveryPoint } from '@/lib/backup/contract';
import type { RetentionView } from '@/lib/backup/retention/contract';
import { formatDuration } from '@/lib/core/duration';

/** A word of the guides that is wrong, explained where it matters; folded, since it is read once. */
export const GuideNote = ({ title, children }: { title: string; children: ReactNode }) => (
  <details className="text-meta text-text-2">
    <summary className="inline-block min-h-6 leading-6 text-accent hover:underline max-sm:min-h-11 max-sm:leading-11">
      {title}
    </summary>
    <div className="grid max-w-[90ch] gap-1 pb-1 pl-3">{children}</div>
  </details>
);

/** what an age of a copy means for who restores it. */
export const RecoveryNotes = ({ point: { state, canReach, sentence } }: { point: RecoveryPoint }) => (
  <div className="px-3 pb-2 max-sm:px-4">
    {state === 'within' && canReach !== false ? null : (
      <p className="max-w-[110ch] text-text-2">{sentence}</p>
    )}
    <GuideNote title="What a dump can reach, and what a restore loses">
      <p>
        The guides ask for a nightly or hourly dump and for objectives of 1 and 5 minutes. A dump is the state
        of one moment, and WAL cannot be replayed onto it: at best it is as old as the longest pause between
        two runs and the time that one takes. Less needs a base backup with archived WAL, or a replica.
      </p>
      <p>
        A restore loses everything that was written since the copy. The one from before a deploy is older
        still when the requests move over: with the times of the guides 51 minutes at least. Repairing
        forward, or going back to the old version on the new tables, loses nothing; that is why a migration
        must leave tables that the old version can use.
      </p>
    </GuideNote>
  </div>
);

type RetentionNotesProps = { view: RetentionView };

/** When nothing is deleted; and X-21: what the guides wrote, and what is done here. */
export const RetentionNotes = ({ view: { graceSeconds, ageLimitSeconds } }: RetentionNotesProps) => (
  <GuideNote title="How copies leave, and why not as the guides say">
    <p>
      A copy that no rule needs is marked, and deleted {formatDuration(graceSeconds)} later, if no rule and no
      pin needs it then. Nothing is marked and nothing deleted when more than 3 copies or 20 % would go, when
      the newest verified copy is older than {formatDuration(ageLimitSeconds)}, when a clock is wrong, when
      the folder cannot be read, or while a copy is made.
    </p>
    <p>
      They name 7 daily, 4 weekly and 12 monthly copies, and delete everything that is older than 7 days (000)
      or 30 days (002): no weekly and no monthly one would ever come of that. Here a copy leaves when no rule
      needs it, never because of its age. Each rule counts by itself: what daily keeps does not use up a place
      of weekly.
    </p>
    <p>
      Only copies that stand at level 2 or above count, so that a spoilt one never takes the place of a good
      one; the guides check a plain SQL file with a tool that reads archives only, which says nothing of it.
    </p>
  </GuideNote>
);
