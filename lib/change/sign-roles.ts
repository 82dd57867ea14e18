import type { Caller, Role } from '@/lib/access/model';
import type { StoredChange } from './stored';

/** Roles in which this person could sign now: held, still missing, not the requester, not signed yet. None for a pipeline. */
export function signRolesOf(
  change: Pick<StoredChange, 'state' | 'requesterId' | 'plan'>,
  signed: readonly { role: string; userId: string }[],
  person: Pick<Caller, 'id' | 'roles'> & { kind?: Caller['kind'] },
): Role[] {
  if (person.kind === 'pipeline') return [];
  if (change.state !== 'InReview' || change.requesterId === person.id) return [];
  if (signed.some(({ userId }) => userId === person.id)) return [];
  return change.plan.policy.signOffs.filter(
    (role) => person.roles.includes(role) && !signed.some((signOff) => signOff.role === role),
  );
}
