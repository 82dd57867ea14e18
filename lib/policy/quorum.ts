import { type Role, roleNames } from '@/lib/access/model';

/** An account as the quorum sees it: only accounts that are not disabled. */
export type Eligible = { id: string; name: string; roles: readonly Role[] };

/** Who could sign in a role: holds it now and is not the requester (trust.md 1.3, 2). */
export const eligibleFor = (people: readonly Eligible[], role: Role, requesterId: string): Eligible[] =>
  people.filter((person) => person.id !== requesterId && person.roles.includes(role));

/**
 * Why the sign-offs can never be complete (trust.md 1.3, 14); null when they can. Each role needs a person of
 * its own, so this is a matching of roles to people (Kuhn's augmenting paths; at most nine roles).
 */
export function quorumProblem(
  roles: readonly Role[],
  people: readonly Eligible[],
  requesterId: string,
): string | null {
  const empty = roles.find((role) => eligibleFor(people, role, requesterId).length === 0);
  if (empty !== undefined) return `Nobody but the requester could sign as ${roleNames[empty]}.`;
  const taken = new Map<string, Role>();
  const place = (role: Role, tried: Set<string>): boolean => {
    for (const person of eligibleFor(people, role, requesterId)) {
      if (tried.has(person.id)) continue;
      tried.add(person.id);
      const holder = taken.get(person.id);
      if (holder === undefined || place(holder, tried)) {
        taken.set(person.id, role);
        return true;
      }
    }
    return false;
  };
  const unplaced = roles.find((role) => !place(role, new Set()));
  if (unplaced === undefined) return null;
  const names = roles.map((role) => roleNames[role]).join(', ');
  return `The sign-offs ${names} need ${roles.length} different people, and there are not enough who hold these roles.`;
}

/** A live approval as it is counted. */
export type Counted = { role: Role; userId: string };

/** Roles that still miss a sign-off. */
export const missingRoles = (roles: readonly Role[], signOffs: readonly Counted[]): Role[] =>
  roles.filter((role) => !signOffs.some((signOff) => signOff.role === role));
