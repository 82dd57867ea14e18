import 'server-only';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import { config } from '@/lib/config/load';
import { env, requiredEnv } from '@/lib/core/env';
import { isOpsError } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { database } from '@/lib/db/client';
import { attempts } from './attempts';
import { localUrl } from './callback';
import { oidcAccount, oidcProvider } from './oidc';
import { endSession, startSession } from './session-store';
import { signInWithPassword } from './sign-in';

/** What a sign-in needs to know of its request. */
export type SignInOrigin = { address: string; userAgent: string | null };

const SignedIn = z.object({ id: z.uuid(), sid: z.uuid() });

/** Name of the identity provider for the sign-in page; null when none is configured. */
export const ssoName = (): string | null => oidcProvider()?.name ?? null;

/**
 * next-auth with an encrypted cookie that holds nothing but the ids of the account and of its session row: what
 * counts is read from the database on each request (session.ts). Made per request, so that building needs no
 * environment.
 */
export function authOptions(origin: SignInOrigin): NextAuthOptions {
  const oidc = oidcProvider();
  return {
    secret: requiredEnv('NEXTAUTH_SECRET'),
    session: { strategy: 'jwt', maxAge: Math.ceil(config().access.sessionMax) },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    providers: [credentials(origin), ...(oidc === null ? [] : [oidc])],
    callbacks: {
      redirect: ({ url, baseUrl }) => localUrl(url, baseUrl),
      signIn: async ({ account, profile }) => {
        if (account?.provider !== 'oidc') return true;
        return (await oidcAccount(database(), issuer(), profile)) !== null;
      },
      jwt: async ({ token, user, account, profile }) => {
        if (account?.provider === 'oidc') {
          const userId = await oidcAccount(database(), issuer(), profile);
          if (userId === null) throw new Error('AccessDenied');
          const started = await startSession(
            database(),
            { userId, method: 'oidc', userAgent: origin.userAgent },
            config().access,
          );
          return { sub: started.id, sid: started.sessionId };
        }
        const signedIn = SignedIn.safeParse(user);
        return signedIn.success ? { sub: signedIn.data.id, sid: signedIn.data.sid } : token;
      },
      // Nothing of the account leaves through /api/auth/session; the console asks /api/v1/me.
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        const sid = z.uuid().safeParse(token?.['sid']);
        if (sid.success) await endSession(database(), sid.data);
      },
    },
    logger: {
      // Metadata of next-auth may hold tokens, so only the code is logged.
      error: (code) => logger('web').warn({ code }, 'sign-in'),
      warn: (code) => logger('web').debug({ code }, 'sign-in'),
      debug: () => {},
    },
  };
}

const issuer = (): string => env().OIDC_ISSUER ?? '';

function credentials(origin: SignInOrigin) {
  return CredentialsProvider({
    id: 'credentials',
    name: 'E-mail and password',
    credentials: {
      email: { label: 'E-mail', type: 'email' },
      password: { label: 'Password', type: 'password' },
    },
    authorize: async (given) => {
      try {
        const services = { db: database(), attempts: attempts(), settings: config().access };
        const person = await signInWithPassword(services, { credentials: given, ...origin });
        return person === null ? null : { id: person.id, sid: person.sessionId };
      } catch (error) {
        // The text travels to the sign-in page in the address: only these two words may.
        if (isOpsError(error, 'limit')) throw new Error('limit');
        logger('web').error({ err: error }, 'sign-in failed');
        throw new Error('unavailable');
      }
    },
  });
}
