import type { ChangeKind } from '@/lib/core/change-kind';

/** Hard to undo (danger ladder, level 4): who asks, signs or starts it types the name of the service first. */
export const needsTypedName = (kind: ChangeKind): boolean => kind === 'restore';

type Named = { kind: ChangeKind; service: string };

/** Why what was typed is not enough; null when it is, and for every kind that asks for no name. */
export function typedNameProblem({ kind, service }: Named, typed: string | undefined): string | null {
  if (!needsTypedName(kind) || typed?.trim() === service) return null;
  return typed === undefined || typed.trim() === ''
    ? `Type the name of the service first: ${service}.`
    : `What was typed is not the name of the service: ${service}.`;
}
