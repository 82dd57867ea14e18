import 'server-only';
import { stage } from '@/lib/audit/stage';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';

export type RefusedSignIn =
  | { method: 'password'; cause: 'credentials' | 'limit' | 'disabled' }
  | { method: 'oidc'; cause: 'disabled' | 'no-account' };

/**
 * Records a sign-in that was refused. What was typed is not recorded: it may be a password in the wrong field. A known
 * account is named by its id.
 */
export const recordRefusedSignIn = (
  db: Database,
  userId: string | null,
  details: RefusedSignIn,
): Promise<void> =>
  transaction(
    (tx) =>
      stage(tx, {
        action: 'session.refused',
        actor: { kind: 'anonymous' },
        target: `account:${userId ?? 'unknown'}`,
        result: 'refused',
        details,
      }),
    db,
  );
