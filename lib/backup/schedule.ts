import 'server-only';
import type { CronSchedule } from '@/lib/core/cron';
import type { Transaction } from '@/lib/db/transaction';

/**
 * Since when a schedule is known, its row locked, so that one of several workers decides what is due; null when the
 * row is gone. `id` is a database, or an archive such as `archive:audit`.
 */
export async function holdSchedule(
  tx: Transaction,
  id: string,
  schedule: CronSchedule,
): Promise<Date | null> {
  // Another text is another schedule: it is counted from the moment at which it was first read.
  await tx.$executeRaw`
    INSERT INTO backup_schedule AS s (database_id, cron, time_zone)
    VALUES (${id}, ${schedule.cron}, ${schedule.timeZone})
    ON CONFLICT (database_id) DO UPDATE SET cron = excluded.cron, time_zone = excluded.time_zone, since = app.now()
    WHERE (s.cron, s.time_zone) <> (excluded.cron, excluded.time_zone)`;
  const [known] = await tx.$queryRaw<{ since: Date }[]>`
    SELECT since FROM backup_schedule WHERE database_id = ${id} FOR UPDATE`;
  return known?.since ?? null;
}
