import 'server-only';
import { type Caller, can, type Person } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import { stage } from '@/lib/audit/stage';
import { type Database, database } from '@/lib/db/client';
import { actOnChange } from '../act-on-change';
import { isTerminal } from '../model';
import { observe } from '../move-change';
import type { StoredChange } from '../stored';

type Reviewed = Pick<StoredChange, 'state' | 'reviewDueAt' | 'reviewedAt' | 'reviewedByName' | 'outcome'>;

/** Why it cannot be reviewed now, by this person; null when it can. The same words disable the button. */
export function reviewRefusal(change: Reviewed, actor: Caller): string | null {
  const closed = notOpen(change);
  if (closed !== null) return closed;
  return mayReview(change, actor) ? null : whoMay(change, actor);
}

function notOpen({ state, reviewDueAt, reviewedAt, reviewedByName }: Reviewed): string | null {
  if (reviewDueAt === null) return 'Nobody ordered this change back alone, so there is nothing to review.';
  if (reviewedAt !== null) return `${reviewedByName ?? 'A lead'} has reviewed it.`;
  return isTerminal(state) ? null : 'The change has not ended yet.';
}

const isOwn = ({ outcome }: Reviewed, actor: Caller): boolean => outcome?.by?.id === actor.id;
const mayReview = (change: Reviewed, actor: Caller): boolean =>
  can(actor, 'change.review') && !isOwn(change, actor);
const whoMay = (change: Reviewed, actor: Caller): string =>
  isOwn(change, actor) ? 'You ordered it back: another lead has to review it.' : 'Only a lead can review it.';

/**
 * A lead has looked at a way back that one person ordered without sign-offs (APR-05). Throws OpsError `forbidden`,
 * `conflict` or `not-found`; refusals are recorded.
 */
export const reviewChange = (
  { actor, id, note }: { actor: Person; id: string; note: string },
  db: Database = database(),
): Promise<void> =>
  actOnChange(
    db,
    {
      actor,
      id,
      action: 'change.reviewed',
      closed: notOpen,
      allowed: (change) => mayReview(change, actor),
      whoMay: 'Only a lead who did not order it back can review it.',
    },
    async (tx, change, now, entry) => {
      await tx.change.update({
        where: { number: change.number },
        data: {
          reviewedAt: now,
          reviewedById: actor.id,
          reviewedByName: actor.name,
          reviewNote: withoutSecrets(note),
        },
      });
      await observe(tx, change.number, null, 'seen', `${actor.name} reviewed the way back: ${note}`);
      await stage(tx, { ...entry, result: 'ok', reason: note });
    },
  );
