import { readMark } from '@/lib/actuators/postgres/restore/mark';
import { clearAbandonedLoads } from '@/lib/backup/restore/clear-loads';
import { dropSetAside } from '@/lib/backup/restore/drop-set-aside';
import { loadCopies } from '@/lib/backup/restore/load-copies';
import { logger } from '@/lib/core/log';
import type { Job } from '../job';
import { copier } from './copier';

/** Loads the copies that changes want back into the databases that they made, and ends what dead workers left. */
export const loadRestores: Job = {
  name: 'load-restores',
  everySeconds: 2,
  topics: [],
  run: async (context) => {
    if (context.config.databases.length === 0) return;
    const loads = copier(context, 'loads');
    const cleared = await clearAbandonedLoads(loads);
    if (cleared > 0) logger('worker').warn({ cleared }, 'loads that nobody carries out were ended');
    await loadCopies(loads);
  },
};

/** Drops what restores set aside, once its time is over and nothing speaks against it. */
export const dropSetAsideDatabases: Job = {
  name: 'drop-set-aside-databases',
  everySeconds: 60,
  topics: [],
  run: async (context) => {
    if (context.config.databases.length === 0) return;
    const dropped = await dropSetAside(copier(context, 'set-aside'), readMark);
    if (dropped > 0) logger('worker').info({ dropped }, 'databases that restores had set aside were dropped');
  },
};
