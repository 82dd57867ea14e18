import 'server-only';
import { z } from 'zod';
import { type AuditActor, stage } from '@/lib/audit/stage';
import { OpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import { databaseFailure } from '@/lib/db/failure';
import { type Transaction, transaction } from '@/lib/db/transaction';
import { type Role, roles } from './model';
import { hashPassword, Password } from './password';
import { isRole } from './session-store';

/** Who manages accounts, and where. There is no page for it: it needs the command line of the install. */
export type AccountContext = { db: Database; actor: AuditActor };

export const AddAccount = z.strictObject({
  email: z.email('must be an e-mail address').trim().toLowerCase().max(254),
  name: z.string().trim().min(1, 'must not be empty').max(120),
  roles: z.array(z.enum(roles)).default([]),
  password: Password,
});
export type AddAccount = z.input<typeof AddAccount>;

/** Makes an account with a password. Throws OpsError `conflict` when the address is taken, `invalid` for bad input. */
export async function addAccount({ db, actor }: AccountContext, input: AddAccount): Promise<string> {
  const parsed = AddAccount.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new OpsError('invalid', `The ${issue?.path.join('.')} ${issue?.message ?? 'is not valid'}.`);
  }
  const { email, name, password } = parsed.data;
  const passwordHash = await hashPassword(password);
  try {
    return await transaction(async (tx) => {
      const { id } = await tx.user.create({ data: { email, name, passwordHash }, select: { id: true } });
      await stage(tx, {
        action: 'account.added',
        actor,
        target: `account:${id}`,
        result: 'ok',
        details: { account: id, name },
      });
      for (const role of new Set(parsed.data.roles)) await giveRole(tx, actor, { id, name }, role);
      return id;
    }, db);
  } catch (error) {
    if (databaseFailure(error) !== 'unique') throw error;
    throw new OpsError('conflict', `There is already an account with the address ${email}.`, {
      next: 'Use users role to change what it may do.',
    });
  }
}

export type AccountRow = {
  id: string;
  email: string;
  name: string;
  roles: Role[];
  disabled: boolean;
  sso: boolean;
  sessions: number;
};

/** All accounts by address; `sessions` counts those that are still good. */
export async function listAccounts(db: Database): Promise<AccountRow[]> {
  return db.$queryRaw<AccountRow[]>`
    SELECT u.id::text AS id, u.email, u.name, u.disabled_at IS NOT NULL AS disabled, u.oidc_subject IS NOT NULL AS sso,
      ARRAY(SELECT g.role FROM role_grant g WHERE g.user_id = u.id ORDER BY g.role) AS roles,
      (SELECT count(*)::int FROM session s WHERE s.user_id = u.id AND s.revoked_at IS NULL AND s.expires_at > app.now()) AS sessions
    FROM "user" u ORDER BY u.email`;
}

/** Grants a role; it counts from the account's next request on. Granting twice changes nothing. */
export function grantRole({ db, actor }: AccountContext, email: string, role: Role): Promise<boolean> {
  return transaction(async (tx) => giveRole(tx, actor, await lockAccount(tx, email), role), db);
}

async function giveRole(tx: Transaction, actor: AuditActor, account: Account, role: Role): Promise<boolean> {
  const { count } = await tx.roleGrant.createMany({
    data: [{ userId: account.id, role, grantedBy: actor.kind === 'anonymous' ? 'anonymous' : actor.id }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await stage(tx, {
    action: 'role.granted',
    actor,
    target: `account:${account.id}`,
    result: 'ok',
    details: { account: account.id, name: account.name, role },
  });
  return true;
}

/** Takes a role away. Throws OpsError `precondition` for the last administrator who can sign in. */
export function revokeRole({ db, actor }: AccountContext, email: string, role: Role): Promise<boolean> {
  return transaction(async (tx) => {
    const account = await lockAccount(tx, email);
    if (role === 'admin') await keepAnAdministrator(tx, account.id);
    const { count } = await tx.roleGrant.deleteMany({ where: { userId: account.id, role } });
    if (count === 0) return false;
    await stage(tx, {
      action: 'role.revoked',
      actor,
      target: `account:${account.id}`,
      result: 'ok',
      details: { account: account.id, name: account.name, role },
    });
    return true;
  }, db);
}

/** Disables or enables an account; disabling ends its sessions at once. */
export function setDisabled(
  { db, actor }: AccountContext,
  email: string,
  disabled: boolean,
): Promise<boolean> {
  return transaction(async (tx) => {
    const account = await lockAccount(tx, email);
    if ((account.disabledAt !== null) === disabled) return false;
    if (disabled) await keepAnAdministrator(tx, account.id);
    await tx.$executeRaw`UPDATE "user" SET disabled_at = CASE WHEN ${disabled} THEN app.now() END WHERE id = ${account.id}::uuid`;
    const sessions = disabled ? await revokeAll(tx, account.id, actor) : 0;
    await stage(tx, {
      action: disabled ? 'account.disabled' : 'account.enabled',
      actor,
      target: `account:${account.id}`,
      result: 'ok',
      details: { account: account.id, name: account.name, sessions },
    });
    return true;
  }, db);
}

/** Ends all sessions of an account and returns how many there were. */
export function killSessions({ db, actor }: AccountContext, email: string): Promise<number> {
  return transaction(async (tx) => {
    const account = await lockAccount(tx, email);
    const sessions = await revokeAll(tx, account.id, actor);
    await stage(tx, {
      action: 'session.revoked',
      actor,
      target: `account:${account.id}`,
      result: 'ok',
      details: { sessions },
    });
    return sessions;
  }, db);
}

function revokeAll(tx: Transaction, userId: string, actor: AuditActor): Promise<number> {
  const by = actor.kind === 'anonymous' ? 'anonymous' : actor.id;
  return tx.$executeRaw`
    UPDATE session SET revoked_at = app.now(), revoked_by = ${by} WHERE user_id = ${userId}::uuid AND revoked_at IS NULL AND expires_at > app.now()`;
}

type Account = { id: string; name: string };

async function lockAccount(tx: Transaction, email: string): Promise<Account & { disabledAt: Date | null }> {
  const [account] = await tx.$queryRaw<(Account & { disabledAt: Date | null })[]>`
    SELECT id::text AS id, name, disabled_at AS "disabledAt" FROM "user" WHERE email = ${email.trim().toLowerCase()} FOR UPDATE`;
  if (account !== undefined) return account;
  throw new OpsError('not-found', `There is no account with the address ${email}.`, {
    next: 'users list shows all of them.',
  });
}

/** Without one nobody could grant a role any more. The lock keeps two removals at once from passing each other. */
async function keepAnAdministrator(tx: Transaction, exceptId: string): Promise<void> {
  const others = await tx.$queryRaw<{ id: string }[]>`
    SELECT u.id::text AS id FROM "user" u JOIN role_grant g ON g.user_id = u.id AND g.role = 'admin'
    WHERE u.disabled_at IS NULL ORDER BY u.id FOR UPDATE OF u, g`;
  if (others.length === 0 || others.some(({ id }) => id !== exceptId)) return;
  throw new OpsError('precondition', 'This is the last administrator.', {
    next: 'Make another account an administrator first.',
  });
}

/** A role as somebody typed it. Throws OpsError `invalid` with the list of roles. */
export function readRole(text: string): Role {
  if (isRole(text)) return text;
  throw new OpsError('invalid', `There is no role ${text}.`, { next: `Roles: ${roles.join(', ')}.` });
}
