import 'server-only';
import type { Person } from '@/lib/access/model';
import { requirePermission } from '@/lib/access/require-permission';
import { stage } from '@/lib/audit/stage';
import { OpsError } from '@/lib/core/errors';
import { type Database, database } from '@/lib/db/client';
import { databaseNow, type Transaction, transaction } from '@/lib/db/transaction';
import type { Pin } from '../contract';
import type { PinCopy, PinnedCopy, UnpinCopy } from './contract';
import { pinsOf } from './store';

type Call<Input> = { actor: Person; copy: string; input: Input; requestId?: string | undefined };
/** So many people may hold one copy. */
const mostPins = 20;

type Held = { id: string; databaseId: string; object: string; state: string; pins: Pin[] };

/** Reads a copy and holds its row, so that a pin and its end cannot pass one another. */
async function holdCopy(tx: Transaction, copy: string): Promise<Held> {
  const rows = await tx.$queryRaw<(Omit<Held, 'pins'> & { pins: unknown })[]>`
    SELECT id, database_id AS "databaseId", object, state, pins FROM backup_copy WHERE id = ${copy}::uuid FOR UPDATE`;
  const [row] = rows;
  if (row === undefined) {
    throw new OpsError('not-found', 'There is no such copy.', { next: 'Reload the page of backups.' });
  }
  return { ...row, pins: pinsOf(row.pins) };
}

const setPins = (tx: Transaction, id: string, pins: readonly Pin[]) =>
  tx.$executeRaw`UPDATE backup_copy SET pins = ${JSON.stringify(pins)}::jsonb WHERE id = ${id}::uuid`;

/**
 * Holds a copy, whatever retention says; one that was marked for deletion is kept again at once. The same pin again
 * changes nothing. Throws OpsError `forbidden`, `not-found`, or `precondition` for a copy whose end has begun.
 */
export async function pinCopy(call: Call<PinCopy>, db: Database = database()): Promise<PinnedCopy> {
  const { actor, input, requestId } = call;
  requirePermission(actor, 'backup.pin');
  return transaction(async (tx) => {
    const held = await holdCopy(tx, call.copy);
    if (held.pins.some(({ reason, by }) => reason === input.reason && by === actor.name)) {
      return { copy: held.id, pins: held.pins };
    }
    refuseUnpinnable(held);
    const pin: Pin = { reason: input.reason, by: actor.name, at: (await databaseNow(tx)).toISOString() };
    const pins = [...held.pins, pin];
    await setPins(tx, held.id, pins);
    await tx.$executeRaw`UPDATE backup_copy SET state = 'kept', delete_after = NULL
      WHERE id = ${held.id}::uuid AND state = 'tombstoned'`;
    await stage(tx, {
      action: 'backup.pinned',
      actor,
      target: `database:${held.databaseId}`,
      result: 'ok',
      reason: input.reason,
      requestId,
      details: { copy: held.id, object: held.object },
    });
    return { copy: held.id, pins };
  }, db);
}

function refuseUnpinnable({ state, pins }: Held): void {
  if (state === 'deleted') {
    throw new OpsError('precondition', 'This copy is deleted, or its deletion has begun.', {
      next: 'Pin another copy of about that time.',
    });
  }
  if (state !== 'kept' && state !== 'tombstoned') {
    throw new OpsError('precondition', 'This copy is not finished: there is nothing to hold yet.', {
      next: 'Wait for its end, or pin another copy.',
    });
  }
  if (pins.length >= mostPins) {
    throw new OpsError('precondition', `This copy is pinned ${mostPins} times already.`, {
      next: 'One pin is enough to hold it; take one off before you add another.',
    });
  }
}

/** Takes one pin off; retention decides again. One that is not there is no error. Throws as pinning does. */
export async function unpinCopy(call: Call<UnpinCopy>, db: Database = database()): Promise<PinnedCopy> {
  const { actor, input, requestId } = call;
  requirePermission(actor, 'backup.pin');
  return transaction(async (tx) => {
    const held = await holdCopy(tx, call.copy);
    const pin = held.pins.find(({ at }) => Date.parse(at) === Date.parse(input.at));
    if (pin === undefined) return { copy: held.id, pins: held.pins };
    const pins = held.pins.filter((one) => one !== pin);
    await setPins(tx, held.id, pins);
    await stage(tx, {
      action: 'backup.unpinned',
      actor,
      target: `database:${held.databaseId}`,
      result: 'ok',
      reason: input.why,
      requestId,
      details: { copy: held.id, object: held.object, pin: `${pin.reason} (${pin.by})` },
    });
    return { copy: held.id, pins };
  }, db);
}
