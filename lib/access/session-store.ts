import 'server-only';
import { stage } from '@/lib/audit/stage';
import type { Access } from '@/lib/config/schema';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import { type Person, type Role, roles } from './model';

const known: ReadonlySet<string> = new Set(roles);
export const isRole = (text: string): text is Role => known.has(text);

type Row = { id: string; name: string; email: string; roles: string[] };

/** A session that is used again within this many seconds is not written to. */
const TOUCH_SECONDS = 60;

/**
 * The person of a session as the database knows them now; null when the session is revoked, expired or idle for
 * too long, or the account is disabled. Roles are read each time. Any request keeps a session from idling: a
 * hidden or closed page sends none.
 */
export async function readSession(db: Database, sessionId: string, settings: Access): Promise<Person | null> {
  const rows = await db.$queryRaw<(Row & { stale: boolean })[]>`
    SELECT u.id::text AS id, u.name, u.email,
      coalesce(array_agg(g.role) FILTER (WHERE g.role IS NOT NULL), '{}') AS roles,
      s.last_seen_at < app.now() - ${TOUCH_SECONDS}::double precision * interval '1 second' AS stale
    FROM session s JOIN "user" u ON u.id = s.user_id LEFT JOIN role_grant g ON g.user_id = u.id
    WHERE s.id = ${sessionId}::uuid AND s.revoked_at IS NULL AND u.disabled_at IS NULL AND s.expires_at > app.now()
      AND s.last_seen_at > app.now() - ${settings.sessionIdle}::double precision * interval '1 second'
    GROUP BY u.id, s.id`;
  const row = rows[0];
  if (row === undefined) return null;
  if (row.stale)
    await db.$executeRaw`UPDATE session SET last_seen_at = app.now() WHERE id = ${sessionId}::uuid`;
  return {
    kind: 'person',
    id: row.id,
    name: row.name,
    email: row.email,
    roles: row.roles.filter(isRole),
    sessionId,
  };
}

export type SessionStart = { userId: string; method: 'password' | 'oidc'; userAgent: string | null };

/** Makes the session row of a sign-in and records it. The id goes into the encrypted cookie. */
export function startSession(db: Database, start: SessionStart, settings: Access): Promise<Person> {
  return transaction(async (tx) => {
    const user = await tx.user.findUniqueOrThrow({
      where: { id: start.userId },
      select: { id: true, name: true, email: true, roles: { select: { role: true } } },
    });
    const [session] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO session (user_id, expires_at, user_agent)
      VALUES (${user.id}::uuid, app.now() + ${settings.sessionMax}::double precision * interval '1 second',
        ${start.userAgent?.slice(0, 300) ?? null})
      RETURNING id::text AS id`;
    if (session === undefined) throw new Error('The session was not written.');
    const person: Person = {
      kind: 'person',
      id: user.id,
      name: user.name,
      email: user.email,
      roles: user.roles.map(({ role }) => role).filter(isRole),
      sessionId: session.id,
    };
    await stage(tx, {
      action: 'session.started',
      actor: person,
      target: `account:${user.id}`,
      result: 'ok',
      details: { method: start.method },
    });
    return person;
  }, db);
}

/** Sign-out: the session is dead from here on, whoever kept its cookie. Ending it twice is harmless. */
export function endSession(db: Database, sessionId: string): Promise<void> {
  return transaction(async (tx) => {
    const [ended] = await tx.$queryRaw<Row[]>`
      UPDATE session s SET revoked_at = app.now(), revoked_by = u.id::text FROM "user" u
      WHERE s.id = ${sessionId}::uuid AND s.revoked_at IS NULL AND u.id = s.user_id
      RETURNING u.id::text AS id, u.name, u.email, ARRAY[]::text[] AS roles`;
    if (ended === undefined) return;
    const grants = await tx.roleGrant.findMany({ where: { userId: ended.id }, select: { role: true } });
    const actor: Person = {
      kind: 'person',
      id: ended.id,
      name: ended.name,
      email: ended.email,
      roles: grants.map(({ role }) => role).filter(isRole),
      sessionId,
    };
    await stage(tx, { action: 'session.ended', actor, target: `account:${ended.id}`, result: 'ok' });
  }, db);
}
