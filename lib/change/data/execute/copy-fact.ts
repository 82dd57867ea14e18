import 'server-only';
import { z } from 'zod';
import { copyStates } from '@/lib/backup/model';
import { latestChecks } from '@/lib/backup/store';
import type { Database } from '@/lib/db/client';
import type { CopyFact } from '../facts';

const Identified = z.looseObject({ systemIdentifier: z.string().nullable() });

/** How the one copy of a change stands; looks up to `level` count. */
export async function readCopy(db: Database, change: number, level: number): Promise<CopyFact> {
  const row = await db.backupCopy.findFirst({ where: { changeNumber: change } });
  if (row === null) return { state: 'none' };
  switch (z.enum(copyStates).parse(row.state)) {
    case 'wanted': {
      const where = { databaseId: row.databaseId, state: 'running' };
      return { state: 'wanted', behind: (await db.backupCopy.count({ where })) > 0 };
    }
    case 'running':
      return {
        state: 'running',
        isStopping: row.stopReason !== null,
        since: `${row.startedAt.toISOString().slice(11, 19)} UTC`,
      };
    case 'failed':
      return { state: 'failed', why: row.error ?? 'no reason was written down.' };
    case 'tombstoned':
    case 'deleted':
      return { state: 'leaving' };
    case 'kept': {
      const latest = (await latestChecks(db, row.id)).filter((check) => check.level <= level);
      const said = (result: string) => latest.find((check) => check.result === result)?.sentence ?? null;
      const [held] = await db.$queryRaw<{ held: boolean }[]>`
        SELECT coalesce(lease_until > app.now(), false) AS held FROM backup_copy WHERE id = ${row.id}::uuid`;
      const identified = Identified.safeParse(row.catalog);
      return {
        state: 'kept',
        level: row.level,
        spoilt: said('failed'),
        unknown: said('unknown'),
        isLookedAt: held?.held === true,
        server: identified.success ? identified.data.systemIdentifier : null,
      };
    }
  }
}
