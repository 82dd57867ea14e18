import 'server-only';
import type { Person } from '@/lib/access/model';
import type { ChangeRow } from '@/lib/change/contract';
import { isExecuting } from '@/lib/change/model';
import { type ChangeWithRow, rowInclude, toRow } from '@/lib/change/row';
import { signRolesOf } from '@/lib/change/sign-roles';
import type { Config } from '@/lib/config/schema';
import { database } from '@/lib/db/client';
import { Poll } from '@/lib/sources/poll';

declare global {
  var signalboxChanges: Poll<ChangeWithRow[]> | undefined;
}

async function readChanges(config: Config): Promise<ChangeWithRow[]> {
  const found = await database().change.findMany({
    orderBy: { number: 'desc' },
    take: 100,
    include: rowInclude,
  });
  return found.map((record) => toRow(config, record));
}

/**
 * The newest hundred changes of all environments, newest first. Read every 2 s while somebody looks, and at
 * once when the database says that one changed (`refresh`).
 */
export function changesPoll(config: Config): Poll<ChangeWithRow[]> {
  globalThis.signalboxChanges ??= new Poll<ChangeWithRow[]>({
    name: 'changes',
    intervalMs: 2000,
    read: () => readChanges(config),
  });
  return globalThis.signalboxChanges;
}

/** Changes whose next move is this person's: a sign-off in a role they hold and that is still open. */
export const waitingFor = (
  changes: readonly ChangeWithRow[],
  person: Pick<Person, 'id' | 'roles'>,
): ChangeRow[] =>
  changes
    .filter(({ change, signed }) => signRolesOf(change, signed, person).length > 0)
    .map(({ row }) => row);

export const runningOf = (changes: readonly ChangeWithRow[]): ChangeRow[] =>
  changes
    .filter(({ row }) => isExecuting(row.state) || row.state === 'ReconcileRequired')
    .map(({ row }) => row);
