import 'server-only';
import { can, type Person } from '@/lib/access/model';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { actOnChange } from './act-on-change';
import { queue } from './approve-change';
import { changeCan } from './model';
import type { StoredChange } from './stored';
import { typedNameProblem } from './typed-name';

/** A worker sweeps what has ended, and may be late or away: the time decides, not the sweep. */
const approvalEnded = ({ queueExpiresAt }: StoredChange, now: Date): string | null =>
  queueExpiresAt !== null && now >= queueExpiresAt
    ? 'The approval has ended; nobody started the change in time.'
    : null;

type Start = {
  actor: Person;
  config: Config;
  id: string;
  reason: string;
  confirmedName?: string | undefined;
};

/**
 * Puts an approved change into the queue (trust.md 1.3, 13). Throws OpsError `forbidden`, `conflict`, `invalid` or
 * `not-found`.
 */
export const startChange = (
  { actor, config, id, reason, confirmedName }: Start,
  db: Database = database(),
): Promise<void> =>
  actOnChange(
    db,
    {
      actor,
      id,
      action: 'change.queued',
      closed: (change, now) => changeCan.start(change) ?? approvalEnded(change, now),
      allowed: (change) => actor.id === change.requesterId || can(actor, 'change.steer'),
      whoMay: 'Only the requester, an SRE or a lead can start a change.',
      wrong: ({ plan }) => typedNameProblem(plan, confirmedName),
    },
    (tx, change, now) => queue(tx, config, change, actor, now, reason),
  );
