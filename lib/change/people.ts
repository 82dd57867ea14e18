import 'server-only';
import { z } from 'zod';
import { roles } from '@/lib/access/model';
import type { DatabaseOrTransaction, Transaction } from '@/lib/db/transaction';
import type { Eligible } from '@/lib/policy/quorum';

const KnownRole = z.enum(roles);

/** Accounts that may act: not disabled, with the roles they hold now. */
export async function activePeople(db: DatabaseOrTransaction): Promise<Eligible[]> {
  const users = await db.user.findMany({
    where: { disabledAt: null },
    select: { id: true, name: true, roles: { select: { role: true } } },
    orderBy: { name: 'asc' },
  });
  return users.map((user) => ({
    id: user.id,
    name: user.name,
    roles: user.roles.flatMap(({ role }) => KnownRole.safeParse(role).data ?? []),
  }));
}

/**
 * The roles that an account holds at this moment, with the rows locked against a revocation that has not
 * committed yet (trust.md 1.5). Empty for a disabled or unknown account.
 */
export async function rolesHeldNow(tx: Transaction, userId: string): Promise<Eligible['roles']> {
  const rows = await tx.$queryRaw<{ role: string }[]>`
    SELECT g.role FROM role_grant g JOIN "user" u ON u.id = g.user_id
    WHERE g.user_id = ${userId}::uuid AND u.disabled_at IS NULL FOR SHARE`;
  return rows.flatMap(({ role }) => KnownRole.safeParse(role).data ?? []);
}
