import 'server-only';
import { monotonicMs, sleep } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import type { Holder } from './begin-copy';

/** Keeps the row of one's own for another while; false when it is not one's own any more. */
export type Renew = (db: Database, id: string, holder: Holder) => Promise<boolean>;

/**
 * Keeps the lease of a copy, or of what `renew` renews, while `work` runs. The signal of `work` aborts with `stopping`, and when the lease could
 * not be kept: another worker may have the copy by then.
 */
export async function holding<T>(
  db: Database,
  {
    id,
    holder,
    stopping,
    renew = renewCopy,
  }: { id: string; holder: Holder; stopping: AbortSignal; renew?: Renew },
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
  const keeping = keep();
  try {
    return await work(AbortSignal.any([stopping, lost.signal]));
  } finally {
    done.abort();
    await keeping;
  }
}

const renewCopy: Renew = async (db, id, { workerId, leaseSeconds }) => {
  const count = await db.$executeRaw`
    UPDATE backup_copy SET lease_until = app.now() + ${leaseSeconds}::double precision * interval '1 s'
    WHERE id = ${id}::uuid AND lease_owner = ${workerId}`;
  return count === 1;
};
