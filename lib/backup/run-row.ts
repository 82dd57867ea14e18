import 'server-only';
import { logger } from '@/lib/core/log';
import type { Database } from '@/lib/db/client';
import type { Holder } from './begin-copy';
import { Catalog } from './catalog';
import type { CheckedCopy } from './check-file';
import type { Renew } from './lease';
import type { TimeOf } from './restore-parts';

/** Keeps the lease of the row of a restore, of a drill as of a change. */
export const renewRun: Renew = async (db, id, { workerId, leaseSeconds }) =>
  (await db.$executeRaw`
    UPDATE restore_run SET lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    WHERE id = ${id}::uuid AND lease_owner = ${workerId} AND state = 'running'`) === 1;

type Teller = { db: Database; holder: Holder };

/** A page shows the phases as they end; one that could not be told keeps nothing from going on. */
export const tellRun = (
  { db, holder }: Teller,
  id: string,
  phase: string,
  ended: readonly TimeOf<string>[],
): Promise<void> =>
  db.$executeRaw`
    UPDATE restore_run SET phase = ${phase}, phases = ${JSON.stringify(ended)}::jsonb
    WHERE id = ${id}::uuid AND lease_owner = ${holder.workerId} AND state = 'running'`.then(
    () => undefined,
    (error: unknown) => logger('worker').warn({ run: id, err: error }, 'a phase could not be told'),
  );

/** The copy that is restored; null when it was let go. */
export async function readCopyToRestore(
  db: Database,
  id: string,
  folder: string,
): Promise<CheckedCopy | null> {
  const row = await db.backupCopy.findUnique({ where: { id } });
  if (row?.state !== 'kept' || row.sha256 === null || row.serverVersion === null) return null;
  return {
    folder,
    object: row.object,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    catalog: Catalog.parse(row.catalog),
    serverVersion: row.serverVersion,
    dumpVersion: row.dumpVersion ?? '',
  };
}
