import 'server-only';
import { executingStates } from '@/lib/change/model';
import { config } from '@/lib/config/load';
import type { Config } from '@/lib/config/schema';
import { type Database, database } from '@/lib/db/client';
import type { Me } from './contract';
import { can, type Person } from './model';

/** Who is signed in, what they may do, and what waits for them. Throws when the database does not answer. */
export async function viewMe(
  actor: Person,
  db: Database = database(),
  within: Config = config(),
): Promise<Me> {
  const named = ({ id, name }: { id: string; name: string }) => ({ id, name });
  return {
    id: actor.id,
    name: actor.name,
    email: actor.email,
    roles: actor.roles,
    permissions: {
      plan: can(actor, 'change.plan'),
      steer: can(actor, 'change.steer'),
      publishStatus: can(actor, 'status.publish') || within.status.publishers.includes(actor.email),
    },
    waiting: await countWaiting(actor, db),
    environments: within.environments.map(named),
    regions: within.regions.map(named),
    services: within.services.map(named),
    notice:
      within.notice === undefined ? null : { text: within.notice.text, embed: within.notice.embed ?? null },
    demoTiming: within.timing.demo,
    installName: within.name,
  };
}

/**
 * Approvals: changes in review that this person could sign in a role that is still missing, and ways back that somebody
 * else ordered alone and that they could review (`reviewRefusal`).
 */
async function countWaiting(actor: Person, db: Database): Promise<Me['waiting']> {
  const [counts] = await db.$queryRaw<{ approvals: number; running: number }[]>`
    SELECT
      count(*) FILTER (
        WHERE c.state = 'InReview' AND c.review_expires_at > app.now() AND c.requester_id <> ${actor.id}::uuid
        AND NOT EXISTS (
          SELECT 1 FROM sign_off o
          WHERE o.change_number = c.number AND o.voided_at IS NULL AND o.user_id = ${actor.id}::uuid)
        AND EXISTS (
          SELECT 1 FROM jsonb_array_elements_text(c.policy -> 'signOffs') AS needed(role)
          WHERE needed.role = ANY(${actor.roles}) AND NOT EXISTS (
            SELECT 1 FROM sign_off o
            WHERE o.change_number = c.number AND o.voided_at IS NULL AND o.role = needed.role))
      )::int AS approvals,
      count(*) FILTER (WHERE c.state = ANY(${[...executingStates]}))::int AS running
    FROM change c WHERE c.finished_at IS NULL`;
  const { reviews, overdue } = await countReviews(actor, db);
  return { approvals: (counts?.approvals ?? 0) + reviews, reviews, overdue, running: counts?.running ?? 0 };
}

async function countReviews(actor: Person, db: Database): Promise<{ reviews: number; overdue: number }> {
  if (!can(actor, 'change.review')) return { reviews: 0, overdue: 0 };
  const [counts] = await db.$queryRaw<{ reviews: number; overdue: number }[]>`
    SELECT count(*)::int AS reviews, count(*) FILTER (WHERE review_due_at <= app.now())::int AS overdue
    FROM change
    WHERE review_due_at IS NOT NULL AND reviewed_at IS NULL AND finished_at IS NOT NULL
      AND outcome #>> '{by,id}' IS DISTINCT FROM ${actor.id}`;
  return counts ?? { reviews: 0, overdue: 0 };
}
