import 'server-only';
import { monotonicMs, sleep } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import type { Holder } from './begin-copy';

/** Prolongs a lease; false when it is somebody else's by now. */
export type Renew = (db: Database, id: string, holder: Holder) => Promise<boolean>;
/** Whether somebody asked for the end of what is done under a lease. */
export type IsStopAsked = (db: Database, id: string) => Promise<boolean>;

type Held = { id: string; holder: Holder; stopping: AbortSignal; renew?: Renew; isStopAsked?: IsStopAsked };

/** Between two looks whether somebody wants it to end. */
const STOP_LOOK_MS = 1000;

/**
 * Keeps the lease of a copy, or by `renew` that of another row, while `work` runs. The signal of `work` aborts with
 * `stopping`, when somebody asked for its end, and when the lease could not be kept: another worker may have it by then.
 */
export async function holding<T>(
  db: Database,
  { id, holder, stopping, renew = renewCopy, isStopAsked }: Held,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const lost = new AbortController();
  const done = new AbortController();
  const keep = async () => {
    let keptMs = monotonicMs();
    for (;;) {
      await sleep((holder.leaseSeconds * 1000) / 4, done.signal);
      if (done.signal.aborted) return;
      const atMs = monotonicMs();
      const kept = await renew(db, id, holder).catch(() => null);
      if (kept === true) keptMs = atMs;
      // Silence of the database is no proof, until the lease would be over.
      if (kept === false || monotonicMs() - keptMs > holder.leaseSeconds * 750) return lost.abort();
    }
  };
  const asked = new AbortController();
  const listen = async (isAsked: IsStopAsked) => {
    while (!done.signal.aborted) {
      if (await isAsked(db, id).catch(() => false)) return asked.abort();
      await sleep(STOP_LOOK_MS, done.signal);
    }
  };
  const beside = [keep(), ...(isStopAsked === undefined ? [] : [listen(isStopAsked)])];
  try {
    return await work(AbortSignal.any([stopping, lost.signal, asked.signal]));
  } finally {
    done.abort();
    await Promise.all(beside);
  }
}

const renewCopy: Renew = async (db, id, { workerId, leaseSeconds }) => {
  const count = await db.$executeRaw`
    UPDATE backup_copy SET lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    WHERE id = ${id}::uuid AND lease_owner = ${workerId}`;
  return count === 1;
};

/** A change that goes back asks for the end of its copy. */
export const isCopyStopAsked: IsStopAsked = async (db, id) => {
  const row = await db.backupCopy.findUnique({ where: { id }, select: { state: true, stopReason: true } });
  return row?.state === 'running' && row.stopReason !== null;
};
