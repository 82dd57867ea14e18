import 'server-only';
import { z } from 'zod';
import { changeId } from '@/lib/core/ids';
import type { DatabaseOrTransaction } from '@/lib/db/transaction';
import type { SetAsideView } from './contract';
import { kindOfSetAside, setAsideStates } from './model';

/** One that was dropped is still told of for a while: somebody may look for it. */
const toldSeconds = 7 * 86_400;
const SHOWN = 20;

/** Databases that restores of this one set aside: those that are kept, and those that were dropped lately. */
export async function readSetAside(
  db: DatabaseOrTransaction,
  databaseId: string,
  now: Date,
): Promise<SetAsideView[]> {
  const rows = await db.setAside.findMany({
    where: {
      databaseId,
      OR: [{ state: 'kept' }, { droppedAt: { gte: new Date(now.getTime() - toldSeconds * 1000) } }],
    },
    orderBy: [{ setAsideAt: 'desc' }, { changeNumber: 'desc' }],
    take: SHOWN,
  });
  return rows.map((row) => ({
    id: row.id,
    database: row.databaseId,
    serverName: row.serverName,
    change: changeId(row.changeNumber),
    kind: kindOfSetAside(row.serverName),
    setAsideAt: row.setAsideAt.toISOString(),
    dropAfter: row.dropAfter.toISOString(),
    state: z.enum(setAsideStates).parse(row.state),
    droppedAt: row.droppedAt?.toISOString() ?? null,
    sentence: row.sentence,
  }));
}
