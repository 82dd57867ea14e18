import 'server-only';
import { OpsError } from '@/lib/core/errors';
import { can, type Permission, roleNames, rolesFor } from './model';

/** Authorisation in a verb or a route. Throws OpsError `forbidden` that names the roles which may. */
export function requirePermission(actor: Parameters<typeof can>[0], permission: Permission): void {
  if (can(actor, permission)) return;
  const allowed = rolesFor(permission).map((role) => roleNames[role]);
  throw new OpsError('forbidden', `This needs one of the roles ${allowed.join(', ')}.`, {
    next: 'Ask somebody who has one, or an administrator to grant it to you.',
  });
}
