import 'server-only';
import { can, type Person } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { actOnChange } from './act-on-change';
import { changeCan } from './model';
import { moveChange } from './move-change';

/** Ends a change before anything was done. Throws OpsError `forbidden`, `conflict` or `not-found`. */
export const cancelChange = (
  { actor, config, id, reason }: { actor: Person; config: Config; id: string; reason: string },
  db: Database = database(),
): Promise<void> =>
  actOnChange(
    db,
    {
      actor,
      id,
      action: 'change.cancelled',
      closed: changeCan.cancel,
      allowed: (change) => actor.id === change.requesterId || can(actor, 'change.steer'),
      whoMay: 'Only the requester, an SRE or a lead can cancel a change.',
    },
    (tx, change, now) => {
      const sentence = withoutSecrets(`${actor.name} cancelled it: ${reason}`);
      const move = {
        to: 'Cancelled',
        action: 'change.cancelled',
        actor,
        reason,
        sentence,
        outcome: { sentence },
      } as const;
      return moveChange(tx, config, change, move, now);
    },
  );
