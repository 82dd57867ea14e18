import { tellTroubles } from '@/lib/backup/trouble/tell-trouble';
import { logger } from '@/lib/core/log';
import type { Job, WorkerContext } from '../job';

/** Tells what is wrong with copies and archives, once when it begins and once when it is over. */
export const tellTrouble: Job<Pick<WorkerContext, 'db' | 'config'>> = {
  name: 'tell-trouble',
  everySeconds: 30,
  topics: [],
  run: async ({ db, config }) => {
    const told = await tellTroubles(db, config);
    if (told > 0) logger('worker').info({ told }, 'what is wrong with copies, or well again, was told');
  },
};
