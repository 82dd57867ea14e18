import 'server-only';
import type { Database } from '@/lib/db/client';

/**
 * The roles of those sessions that still count: not revoked, expired or idle, the account not disabled. One
 * question for all open streams, and it does not itself keep a session from idling.
 */
export async function livingSessions(
  db: Database,
  sessionIds: readonly string[],
  idleSeconds: number,
): Promise<Map<string, string[]>> {
  const rows = await db.$queryRaw<{ id: string; roles: string[] }[]>`
    SELECT s.id::text AS id, coalesce(array_agg(g.role) FILTER (WHERE g.role IS NOT NULL), '{}') AS roles
    FROM session s JOIN "user" u ON u.id = s.user_id LEFT JOIN role_grant g ON g.user_id = u.id
    WHERE s.id = ANY(${[...sessionIds]}::uuid[]) AND s.revoked_at IS NULL AND u.disabled_at IS NULL
      AND s.expires_at > app.now()
      AND s.last_seen_at > app.now() - ${idleSeconds}::double precision * interval '1 second'
    GROUP BY s.id`;
  return new Map(rows.map(({ id, roles }) => [id, roles]));
}
