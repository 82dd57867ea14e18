import 'server-only';
import type { Person } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import type { Config } from '@/lib/config/schema';
import { OpsError } from '@/lib/core/errors';
import { type Database, database as sharedDatabase } from '@/lib/db/client';
import { type Transaction, transaction } from '@/lib/db/transaction';
import type { BackedUp } from '../begin-copy';
import { goodLevel } from '../model';
import { readCandidates } from './candidates';
import type { RequestDrill, RequestedDrill } from './contract';
import { insertDrill } from './insert-drill';
import { underWaySentence } from './words';

export type RequestDrillCall = {
  actor: Person;
  config: Config;
  database: string;
  input: RequestDrill;
  requestId?: string | undefined;
};

/**
 * Asks for a drill of a good copy, the newest one unless another is named; a worker begins it. Throws OpsError
 * `forbidden`, `not-found`, or `precondition` where there is no scratch server, no good copy, or a drill under way.
 */
export async function requestDrill(
  call: RequestDrillCall,
  db: Database = sharedDatabase(),
): Promise<RequestedDrill> {
  const { actor, config, input, requestId } = call;
  requirePermission(actor, 'backup.drill');
  const database = scratched(config, call.database);
  return transaction(async (tx) => {
    const chosen = await choose(tx, database, input.copy);
    const asked = { databaseId: database.id, copy: chosen, person: actor, slotAt: null };
    const drill = await insertDrill(tx, { ...asked, actor, requestId });
    if (drill === 'leaving') throw leaving();
    if (drill === 'busy') throw await busy(tx, database);
    return { drill: drill.id, database: database.id, copy: chosen.id, object: chosen.object };
  }, db);
}

function scratched(config: Config, id: string): BackedUp {
  const found = config.databases.find((known) => known.id === id);
  if (found?.backup === undefined) {
    throw new OpsError('not-found', `No database ${id} has copies here.`, {
      next: 'signalbox.yaml names them under databases.',
    });
  }
  if (found.backup.scratch === undefined) {
    throw new OpsError('precondition', `There is no scratch server to restore ${found.name} on.`, {
      next: 'Name one in signalbox.yaml under databases[].backup.scratch: a drill never touches the database itself.',
    });
  }
  return { ...found, backup: found.backup };
}

async function choose(tx: Transaction, database: BackedUp, asked: string | undefined) {
  const candidates = await readCandidates(tx, database, goodLevel);
  const chosen = asked === undefined ? candidates[0] : candidates.find(({ id }) => id === asked);
  if (chosen !== undefined) return chosen;
  const [newest] = candidates;
  if (newest === undefined) {
    throw new OpsError('precondition', `No copy of ${database.name} was read in full yet.`, {
      next: 'Wait until one stands at level 3; the page of backups says how far they are.',
    });
  }
  const found = await tx.backupCopy.findFirst({
    where: { id: asked ?? newest.id, databaseId: database.id },
    select: { state: true },
  });
  if (found === null) {
    throw new OpsError('not-found', `${database.name} has no such copy.`, {
      next: 'Reload the page of backups.',
    });
  }
  throw found.state === 'kept'
    ? new OpsError(
        'precondition',
        'This copy is not good: it was not read in full, is spoilt, or has no file.',
        {
          next: 'Rehearse another one; the page of backups says how far each is proven.',
        },
      )
    : leaving();
}

const leaving = (): OpsError =>
  new OpsError('precondition', 'This copy is marked for deletion, deleted, or not finished.', {
    next: 'Pin it first if it is to stay, or rehearse another one.',
  });

async function busy(tx: Transaction, { id, name }: BackedUp): Promise<OpsError> {
  const run = await tx.restoreRun.findFirst({
    where: { databaseId: id, state: { in: ['wanted', 'running'] } },
    select: { requestedByName: true },
  });
  return new OpsError('precondition', underWaySentence(name, run?.requestedByName ?? null), {
    next: 'Wait for its end, or look at how far it is.',
  });
}
