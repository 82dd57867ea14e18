import { runRetention } from '@/lib/backup/retention/run-retention';
import { logger } from '@/lib/core/log';
import type { Job, WorkerContext } from '../job';

/** Marks the copies that no rule of retention needs, and deletes them after their grace. */
export const retainCopies: Job<Pick<WorkerContext, 'db' | 'config' | 'workerId'>> = {
  name: 'retain-copies',
  everySeconds: 30,
  topics: [],
  run: async ({ db, config, workerId }) => {
    const looked = await Promise.allSettled(
      config.databases.map(async ({ backup, ...database }) => {
        if (backup === undefined) return;
        const run = await runRetention(db, { ...database, backup }, { kind: 'worker', id: workerId });
        if (run.marked + run.deleted + run.lifted > 0)
          logger('worker').info({ database: database.id, ...run }, 'retention marked or deleted copies');
      }),
    );
    // One database's trouble keeps no other one from being looked at.
    for (const one of looked) if (one.status === 'rejected') throw one.reason;
  },
};
