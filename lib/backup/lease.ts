import 'server-only';
import { monotonicMs, sleep } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import type { Holder } from './begin-copy';

/** Between two looks whether somebody wants it to end. */
const STOP_LOOK_MS = 1000;

/**
 * Keeps the lease of a copy while `work` runs. The signal of `work` aborts with `stopping`, when somebody asked for its
 * end, and when the lease could not be kept: another worker may have the copy by then.
 */
export async function holding<T>(
  db: Database,
  { id, holder, stopping }: { id: string; holder: Holder; stopping: AbortSignal },
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
  const listen = async () => {
    while (!done.signal.aborted) {
      if (await isStopAsked(db, id).catch(() => false)) return asked.abort();
      await sleep(STOP_LOOK_MS, done.signal);
    }
  };
  const beside = [keep(), listen()];
  try {
    return await work(AbortSignal.any([stopping, lost.signal, asked.signal]));
  } finally {
    done.abort();
    await Promise.all(beside);
  }
}

async function isStopAsked(db: Database, id: string): Promise<boolean> {
  const row = await db.backupCopy.findUnique({ where: { id }, select: { state: true, stopReason: true } });
  return row?.state === 'running' && row.stopReason !== null;
}

async function renew(db: Database, id: string, { workerId, leaseSeconds }: Holder): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE backup_copy SET lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    WHERE id = ${id}::uuid AND lease_owner = ${workerId}`;
  return count === 1;
}
