import 'server-only';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { z } from 'zod';
import { stage } from '@/lib/audit/stage';
import { env } from '@/lib/core/env';
import type { Database } from '@/lib/db/client';
import { databaseFailure } from '@/lib/db/failure';
import { transaction } from '@/lib/db/transaction';
import { recordRefusedSignIn } from './refused-sign-in';

/** Claims that we read. Who somebody is follows from issuer and subject alone, never from the e-mail address. */
const Claims = z.object({
  sub: z.string().min(1).max(255),
  email: z.string().trim().toLowerCase().max(254).optional(),
  name: z.string().max(200).optional(),
});
export type Claims = z.infer<typeof Claims>;

/** The provider from OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET; null when they are not set. */
export function oidcProvider(): OAuthConfig<Claims> | null {
  const {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
    OIDC_NAME: name,
  } = env();
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  return {
    id: 'oidc',
    name,
    type: 'oauth',
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    issuer,
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    authorization: { params: { scope: 'openid profile email' } },
    // Some providers put the claims of scopes into userinfo and not into the id token.
    userinfo: {
      request: ({ client, tokens }) => {
        if (tokens.access_token === undefined) throw new Error('The provider sent no access token.');
        return client.userinfo(tokens.access_token);
      },
    },
    profile: (profile) => ({ id: profile.sub, name: profile.name ?? null, email: profile.email ?? null }),
  };
}

/**
 * The account of (issuer, subject), made at the first sign-in without any role: an administrator grants them.
 * Null, recorded, when the account is disabled or the e-mail address belongs to another account: accounts are
 * never linked by address.
 */
export async function oidcAccount(db: Database, issuer: string, profile: unknown): Promise<string | null> {
  const claims = Claims.safeParse(profile);
  if (!claims.success) return refuse(db, null, 'no-account');
  const { sub, email, name } = claims.data;
  const where = { oidcIssuer_oidcSubject: { oidcIssuer: issuer, oidcSubject: sub } };
  const known = await db.user.findUnique({ where, select: { id: true, disabledAt: true } });
  if (known !== null) return known.disabledAt === null ? known.id : refuse(db, known.id, 'disabled');
  try {
    return await transaction(async (tx) => {
      const address = email ?? `${sub}@${new URL(issuer).hostname}`;
      const made = await tx.user.create({
        data: { email: address, name: name ?? address, oidcIssuer: issuer, oidcSubject: sub },
        select: { id: true, name: true },
      });
      await stage(tx, {
        action: 'account.added',
        actor: { kind: 'anonymous' },
        target: `account:${made.id}`,
        result: 'ok',
        reason: 'First sign-in through the identity provider',
        details: { account: made.id, name: made.name },
      });
      return made.id;
    }, db);
  } catch (error) {
    if (databaseFailure(error) !== 'unique') throw error;
    // Two first sign-ins at once, or the address of somebody else.
    const raced = await db.user.findUnique({ where, select: { id: true } });
    return raced?.id ?? refuse(db, null, 'no-account');
  }
}

async function refuse(db: Database, userId: string | null, cause: 'disabled' | 'no-account'): Promise<null> {
  await recordRefusedSignIn(db, userId, { method: 'oidc', cause });
  return null;
}
