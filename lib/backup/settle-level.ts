import 'server-only';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { Transaction } from '@/lib/db/transaction';
import { levelNames, standingLevel } from './model';
import { latestChecks } from './store';

/** A copy whose row is held, and the level that its row has. */
export type Held = { id: string; databaseId: string; object: string; level: number | null };

/** Writes down the level that stands by the looks there are, with an audit entry when it is another one. */
export async function settleLevel(tx: Transaction, actor: AuditActor, copy: Held): Promise<void> {
  const latest = await latestChecks(tx, copy.id);
  const level = standingLevel(latest);
  await tx.$executeRaw`UPDATE backup_copy SET level = ${level} WHERE id = ${copy.id}::uuid`;
  const failed = latest.find(({ result }) => result === 'failed');
  // A copy that never rose has nothing to fall from; that it is spoilt is worth an entry all the same.
  if (level === copy.level && failed === undefined) return;
  const sentence =
    failed?.sentence ?? (level === null ? 'Nothing is known of it any more.' : `${levelNames[level]}.`);
  await stage(tx, {
    action: 'backup.level_changed',
    actor,
    target: `database:${copy.databaseId}`,
    result: failed === undefined ? 'ok' : 'failed',
    details: {
      database: copy.databaseId,
      object: copy.object,
      levelBefore: copy.level ?? -1,
      level: level ?? -1,
      sentence: sentence.slice(0, 500),
    },
  });
}
