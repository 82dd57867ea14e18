import 'server-only';
import { z } from 'zod';
import type { Access } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import type { SignInAttempts } from './attempts';
import type { Person } from './model';
import { verifyPassword } from './password';
import { type RefusedSignIn, recordRefusedSignIn } from './refused-sign-in';
import { startSession } from './session-store';

const Credentials = z.object({
  email: z.string().trim().toLowerCase().min(3).max(254),
  password: z.string().min(1).max(1000),
});

export type SignInServices = { db: Database; attempts: SignInAttempts; settings: Access };
export type SignInRequest = { credentials: unknown; address: string; userAgent: string | null };
type Cause = Extract<RefusedSignIn, { method: 'password' }>['cause'];

/**
 * Signs in with e-mail and password. Null for an unknown account, a wrong password and a disabled account, with
 * the same work and the same record for each. Throws OpsError `limit` after too many attempts.
 */
export async function signInWithPassword(
  services: SignInServices,
  request: SignInRequest,
): Promise<Person | null> {
  const parsed = Credentials.safeParse(request.credentials);
  if (!parsed.success || parsed.data.email.includes('\0')) return null;
  const { email, password } = parsed.data;
  const attempt = { email, address: request.address };
  const verdict = await services.attempts.begin(attempt);
  if (verdict.limited) {
    // One entry when the limit is reached: a stranger must not be able to fill the record.
    if (verdict.first) await refused(services, null, 'limit');
    throw new OpsError('limit', 'Too many attempts.', { next: 'Wait a few minutes, then try again.' });
  }
  const user = await services.db.user.findUnique({
    where: { email },
    select: { id: true, passwordHash: true, disabledAt: true },
  });
  const fits = await verifyPassword(user?.passwordHash ?? null, password);
  if (user === null || !fits || user.disabledAt !== null) {
    await refused(services, user?.id ?? null, fits ? 'disabled' : 'credentials');
    return null;
  }
  await services.attempts.succeeded(attempt);
  return startSession(
    services.db,
    { userId: user.id, method: 'password', userAgent: request.userAgent },
    services.settings,
  );
}

const refused = ({ db }: SignInServices, userId: string | null, cause: Cause): Promise<void> =>
  recordRefusedSignIn(db, userId, { method: 'password', cause });
