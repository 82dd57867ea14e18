import { type Role, roleNames } from '@/lib/access/model';
import type { ChangeKind } from '@/lib/core/change-kind';
import { type Counted, missingRoles } from '@/lib/policy/quorum';
import { type ChangeState, changeCan } from './model';
import { type Refused, refuse } from './refuse';
import { typedNameProblem } from './typed-name';

export type SignFacts = {
  kind: ChangeKind;
  service: string;
  state: ChangeState;
  backingOut: boolean;
  requesterId: string;
  /** Set when a token of theirs asked. */
  requesterToken: string | null;
  planHash: string;
  roles: readonly Role[];
  /** Live sign-offs. */
  signed: readonly Counted[];
  expired: boolean;
};

export type Signer = {
  id: string;
  rolesNow: readonly Role[];
  role: Role;
  planHash: string;
  /** Typed by the signer, where the kind asks for the name of the service. */
  confirmedName?: string | undefined;
};

/** Why a requester cannot decide; the owner of a token answers for what it asks. */
export const ownRefusal = ({ requesterToken }: Pick<SignFacts, 'requesterToken'>): string =>
  requesterToken === null
    ? 'You asked for this change, so you cannot decide on it.'
    : 'A pipeline asked for this change with a token of yours, so you cannot decide on it.';

/** Whether this person may decide in this role now (trust.md 1.3, 1 to 5); null when nothing is in the way. */
export function decideSign(facts: SignFacts, signer: Signer, verb: 'sign' | 'reject'): Refused | null {
  const closed = changeCan[verb](facts);
  if (closed !== null) return refuse('conflict', closed, 'Reload the change.');
  if (facts.expired) {
    return refuse(
      'conflict',
      'The review has expired; nobody can decide on it any more.',
      'Ask for a new plan.',
    );
  }
  if (signer.id === facts.requesterId) {
    return refuse('forbidden', ownRefusal(facts), 'Ask another lead.');
  }
  if (signer.planHash !== facts.planHash) {
    return refuse(
      'conflict',
      'The plan that you saw is not the plan of this change.',
      'Reload and read it again.',
    );
  }
  if (!facts.roles.includes(signer.role)) {
    return refuse('forbidden', `This change needs no sign-off as ${roleNames[signer.role]}.`);
  }
  if (!signer.rolesNow.includes(signer.role)) {
    return refuse('forbidden', `You do not hold the role ${roleNames[signer.role]} now.`);
  }
  const mine = facts.signed.find(({ userId }) => userId === signer.id);
  if (mine !== undefined) {
    return refuse(
      'conflict',
      `You have signed as ${roleNames[mine.role]}; nobody signs twice.`,
      'Another person has to sign the other role.',
    );
  }
  if (facts.signed.some(({ role }) => role === signer.role)) {
    return refuse(
      'conflict',
      `Somebody has already signed as ${roleNames[signer.role]}.`,
      'Reload the change.',
    );
  }
  // Whoever says no need not say to what twice.
  const untyped = verb === 'sign' ? typedNameProblem(facts, signer.confirmedName) : null;
  return untyped === null ? null : refuse('invalid', untyped);
}

/** Whether the sign-offs are complete with one more. */
export const completes = (facts: SignFacts, role: Role): boolean =>
  missingRoles(facts.roles, [...facts.signed, { role, userId: '' }]).length === 0;
