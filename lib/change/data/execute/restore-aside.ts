import 'server-only';
import { transaction } from '@/lib/db/transaction';
import type { Execution } from '../../execute/execution';
import { holdChange } from '../../execute/intents';
import type { RestoreData } from '../contract';
import type { RestoreFacts } from '../restore-facts';

/**
 * Writes down which database this restore has set aside, by what the server shows: the old one after the switch, the
 * restored one after the switch back. Its time begins anew with each.
 */
export async function keepAside(
  run: Execution,
  { database, oid, keepSeconds }: RestoreData,
  { layout, names, last }: RestoreFacts,
): Promise<void> {
  const aside =
    layout?.stage === 'switched'
      ? { name: names.former, oid }
      : layout?.stage === 'made' && last?.verb === 'switch-back' && last.isDone
        ? { name: names.fresh, oid: layout.made.oid }
        : null;
  if (aside === null) return;
  const known = await run.db.setAside.findUnique({ where: { changeNumber: run.number } });
  if (known?.serverName === aside.name && Number(known.oid) === aside.oid) return;
  await transaction(async (tx) => {
    const { now } = await holdChange(tx, run);
    const dropAfter = new Date(now.getTime() + keepSeconds * 1000);
    const about = { serverName: aside.name, oid: BigInt(aside.oid), setAsideAt: now, dropAfter };
    await tx.setAside.upsert({
      where: { changeNumber: run.number },
      create: { databaseId: database, changeNumber: run.number, ...about },
      update: about,
    });
  }, run.db);
}
