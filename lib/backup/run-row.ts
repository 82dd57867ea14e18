import 'server-only';
import { logger } from '@/lib/core/log';
import type { Database } from '@/lib/db/client';
import type { Holder } from './begin-copy';
import { Catalog } from './catalog';
import { toolsFor } from './check-copies';
import type { CheckedCopy } from './check-file';
import type { Renew } from './lease';
import type { Copier } from './make-copy';
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

/** Carries out all that waits, one after another, until nothing is to be taken; how many were begun. */
export async function workOff<T>(
  take: () => Promise<T | null>,
  carryOut: (taken: T) => Promise<void>,
): Promise<number> {
  let begun = 0;
  for (let taken = await take(); taken !== null; taken = await take()) {
    begun += 1;
    await carryOut(taken);
  }
  return begun;
}

/** The copy of a run and the tools that read it, or why the run (`work`) cannot begin. */
export async function readyToRestore(
  { db, config }: Pick<Copier, 'db' | 'config'>,
  { copyId, folder, work }: { copyId: string; folder: string; work: 'drill' | 'load' },
) {
  const copy = await readCopyToRestore(db, copyId, folder);
  if (copy === null) return { problem: `The copy was let go before the ${work} began.` };
  const server = { version: copy.serverVersion, major: copy.catalog.serverMajor };
  const tools = await toolsFor(config, { server, dumpVersion: copy.dumpVersion });
  return 'problem' in tools ? tools : { copy, tools };
}

/** The copy that is restored; null when it was let go. */
async function readCopyToRestore(db: Database, id: string, folder: string): Promise<CheckedCopy | null> {
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
