import 'server-only';
import { z } from 'zod';
import { stage } from '@/lib/audit/stage';
import { OpsError } from '@/lib/core/errors';
import { changeId } from '@/lib/core/ids';
import type { Database } from '@/lib/db/client';
import { databaseFailure } from '@/lib/db/failure';
import { type Transaction, transaction } from '@/lib/db/transaction';
import type { AccountContext } from './accounts';
import { type Role, roleNames, roles, rolesFor, type TokenScope, tokenScopes } from './model';
import { newSecret, tokenText } from './token';

/** A token ends after at most this long; the table holds it too. */
export const MAX_TOKEN_SECONDS = 366 * 86_400;

export const CreateToken = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/,
      'must be up to 64 letters, digits, dots, dashes and slashes',
    ),
  scopes: z.array(z.enum(tokenScopes)).min(1, 'must name at least one scope'),
  roles: z.array(z.enum(roles)),
  owner: z.string().trim().toLowerCase().min(1, 'must be the e-mail address of an account'),
  expiresSeconds: z
    .number()
    .min(60, 'must be at least a minute')
    .max(MAX_TOKEN_SECONDS, 'must be at most 366 days'),
});
export type CreateToken = z.infer<typeof CreateToken>;

/**
 * Makes a token and returns its text, which is not stored and cannot be had again. Throws OpsError `invalid`,
 * `not-found` (owner), `precondition` (the owner is disabled or lacks a role), or `conflict` (the name is in use).
 */
export async function createToken(
  { db, actor }: AccountContext,
  input: CreateToken,
): Promise<{ id: string; text: string; expiresAt: Date }> {
  const token = checked(input);
  const { secret, hash } = newSecret();
  try {
    return await transaction(async (tx) => {
      const owner = await lockOwner(tx, token.owner, token.roles);
      const [row] = await tx.$queryRaw<{ id: string; expiresAt: Date }[]>`
        INSERT INTO api_token (name, scopes, roles, owner_id, hash, created_by, expires_at)
        VALUES (${token.name}, ${token.scopes}, ${token.roles}, ${owner}::uuid, ${hash},
          ${actor.kind === 'anonymous' ? 'anonymous' : actor.id},
          app.now() + ${token.expiresSeconds}::double precision * interval '1 second')
        RETURNING id::text AS id, expires_at AS "expiresAt"`;
      if (row === undefined) throw new Error('The token was not written.');
      await stage(tx, {
        action: 'token.created',
        actor,
        target: `pipeline:${row.id}`,
        result: 'ok',
        details: {
          name: token.name,
          owner,
          scopes: token.scopes.join(' '),
          roles: token.roles.join(' '),
          expires: row.expiresAt.toISOString(),
        },
      });
      return { ...row, text: tokenText({ id: row.id, secret }) };
    }, db);
  } catch (error) {
    if (databaseFailure(error) !== 'unique') throw error;
    throw new OpsError('conflict', `There is already a token called ${token.name}.`, {
      next: 'Revoke it first, or choose another name: the record names who asked by it.',
    });
  }
}

function checked(input: CreateToken): CreateToken {
  const parsed = CreateToken.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new OpsError('invalid', `The ${issue?.path[0]?.toString()} ${issue?.message ?? 'is not valid'}.`);
  }
  const { scopes, roles: given } = parsed.data;
  const token = { ...parsed.data, scopes: [...new Set(scopes)], roles: [...new Set(given)] };
  if (!token.scopes.includes('plan')) return token;
  if (!token.scopes.includes('read')) {
    throw new OpsError('invalid', 'The scope plan is of no use without read: no plan could be looked at.', {
      next: 'Give both: --scopes read,plan.',
    });
  }
  const planners = rolesFor('change.plan');
  if (!token.roles.some((role) => planners.includes(role))) {
    const names = planners.map((role) => roleNames[role]).join(', ');
    throw new OpsError('invalid', `A token that plans needs a role that may plan: ${names}.`, {
      next: `Add --as-role ${planners.join(' or --as-role ')}.`,
    });
  }
  return token;
}

async function lockOwner(tx: Transaction, email: string, wanted: readonly Role[]): Promise<string> {
  const [owner] = await tx.$queryRaw<{ id: string; disabled: boolean }[]>`
    SELECT id::text AS id, disabled_at IS NOT NULL AS disabled FROM "user" WHERE email = ${email} FOR UPDATE`;
  if (owner === undefined) {
    throw new OpsError('not-found', `There is no account with the address ${email}.`, {
      next: 'users list shows all of them.',
    });
  }
  if (owner.disabled) throw new OpsError('precondition', `The account ${email} is disabled.`);
  const held = await tx.roleGrant.findMany({ where: { userId: owner.id }, select: { role: true } });
  const lacking = wanted.filter((role) => !held.some((grant) => grant.role === role));
  if (lacking.length === 0) return owner.id;
  throw new OpsError('precondition', `${email} does not hold ${lacking.join(', ')}.`, {
    next: 'A token has no more roles than its owner. Name another owner, or grant the role first.',
  });
}

export type TokenRow = {
  id: string;
  name: string;
  owner: string;
  scopes: TokenScope[];
  roles: Role[];
  state: 'good' | 'expired' | 'revoked' | 'owner disabled';
  createdBy: string;
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
};

/** Tokens by name, those that still count first. */
export function listTokens(db: Database): Promise<TokenRow[]> {
  return db.$queryRaw<TokenRow[]>`
    SELECT t.id::text AS id, t.name, u.email AS owner, t.scopes, t.roles, t.created_by AS "createdBy",
      t.created_at AS "createdAt", t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt",
      CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= app.now() THEN 'expired'
        WHEN u.disabled_at IS NOT NULL THEN 'owner disabled' ELSE 'good' END AS state
    FROM api_token t JOIN "user" u ON u.id = t.owner_id
    ORDER BY t.revoked_at IS NOT NULL, t.expires_at <= app.now(), lower(t.name), t.created_at DESC`;
}

/**
 * Ends a token, by its name or id, from the next request on. Returns the changes it asked for that have not ended:
 * those that have not started are voided when a worker looks at them again. Throws OpsError `not-found`.
 */
export function revokeToken(
  { db, actor }: AccountContext,
  nameOrId: string,
): Promise<{ name: string; open: string[] }> {
  return transaction(async (tx) => {
    const by = actor.kind === 'anonymous' ? 'anonymous' : actor.id;
    const [token] = await tx.$queryRaw<{ id: string; name: string }[]>`
      UPDATE api_token SET revoked_at = app.now(), revoked_by = ${by}
      WHERE revoked_at IS NULL AND (lower(name) = lower(${nameOrId.trim()}) OR id::text = ${nameOrId.trim()})
      RETURNING id::text AS id, name`;
    if (token === undefined) {
      throw new OpsError('not-found', `There is no token ${nameOrId} that could be revoked.`, {
        next: 'tokens list shows all of them.',
      });
    }
    const open = await tx.change.findMany({
      where: { requesterToken: token.id, finishedAt: null },
      select: { number: true },
      orderBy: { number: 'asc' },
    });
    await stage(tx, {
      action: 'token.revoked',
      actor,
      target: `pipeline:${token.id}`,
      result: 'ok',
      details: { name: token.name },
    });
    return { name: token.name, open: open.map(({ number }) => changeId(number)) };
  }, db);
}
