import 'server-only';
import { can, type Person } from '@/lib/access/model';
import { withoutSecrets } from '@/lib/audit/secrets';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import { actOnChange } from './act-on-change';
import { finishSteps } from './execute/steps';
import { changeCan } from './model';
import { moveChange } from './move-change';

export type StatedOutcome = 'Succeeded' | 'BackedOut' | 'Failed';

/**
 * A person says how a change ended that the database has lost rows of (change-engine.md 2.2, 9): nothing is
 * written to the cluster, and the workload is free again. Throws OpsError `forbidden`, `conflict` or `not-found`.
 */
export const stateOutcome = (
  {
    actor,
    config,
    id,
    outcome,
    reason,
  }: { actor: Person; config: Config; id: string; outcome: StatedOutcome; reason: string },
  db: Database = database(),
): Promise<void> =>
  actOnChange(
    db,
    {
      actor,
      id,
      action: 'change.reconciled',
      closed: changeCan.state,
      allowed: () => can(actor, 'change.steer'),
      whoMay: 'Only an SRE or a lead can say how a change ended.',
    },
    async (tx, change, now) => {
      const sentence = withoutSecrets(`${actor.name} stated how it ended: ${reason}`);
      const move = {
        to: outcome,
        action: 'change.reconciled',
        actor,
        reason,
        sentence,
        outcome: { sentence, stated: true },
      } as const;
      const moved = await moveChange(tx, config, change, move, now);
      await finishSteps(tx, moved, now);
    },
  );
