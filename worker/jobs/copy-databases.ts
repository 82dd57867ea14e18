import { checkDueCopies } from '@/lib/backup/check-copies';
import { clearAbandoned } from '@/lib/backup/clear-abandoned';
import { carryOutDrills } from '@/lib/backup/drill/carry-out';
import { clearAbandonedDrills } from '@/lib/backup/drill/clear-drills';
import { requestDueDrills } from '@/lib/backup/drill/request-due';
import { backedUp, makeDueCopies } from '@/lib/backup/make-copy';
import { dropLeftovers } from '@/lib/backup/scratch';
import { logger } from '@/lib/core/log';
import type { Job } from '../job';
import { copier } from './copier';

/** Dumps what its schedule wants, and ends what dead workers left. */
export const makeCopies: Job = {
  name: 'make-copies',
  everySeconds: 5,
  topics: [],
  run: async (context) => {
    if (backedUp(context.config).length === 0) return;
    const copies = copier(context, 'copies');
    const cleared = await clearAbandoned(copies);
    if (cleared > 0) logger('worker').warn({ cleared }, 'copies of dead workers were ended');
    await makeDueCopies(copies);
  },
};

/** Takes copies up the ladder, and the newest ones again and again. */
export const checkCopies: Job = {
  name: 'check-copies',
  everySeconds: 5,
  topics: [],
  run: async (context) => {
    if (backedUp(context.config).length > 0) await checkDueCopies(copier(context, 'checks'));
  },
};

/** Restores copies on scratch servers to know how long that takes: those that people or schedules ask for. */
export const rehearseRestores: Job = {
  name: 'rehearse-restores',
  everySeconds: 5,
  topics: [],
  run: async (context) => {
    if (backedUp(context.config).length === 0) return;
    const drills = copier(context, 'drills');
    const cleared = await clearAbandonedDrills(drills);
    if (cleared > 0) logger('worker').warn({ cleared }, 'drills of dead workers were ended');
    await requestDueDrills(drills);
    await carryOutDrills(drills);
  },
};

/** What a crash left on scratch servers. */
export const dropScratchDatabases: Job = {
  name: 'drop-scratch-databases',
  everySeconds: 300,
  topics: [],
  run: async (context) => {
    const dropped = await dropLeftovers(context);
    if (dropped > 0) logger('worker').warn({ dropped }, 'scratch databases of dead workers were dropped');
  },
};
