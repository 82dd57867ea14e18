import { logger } from '@/lib/core/log';
import { freezeReports } from '@/lib/slo/report/freeze-report';
import type { Job } from '../job';

/** Closes the monthly reports whose month is over and whose counts are final. */
export const freezeMonths: Job = {
  name: 'freeze-reports',
  everySeconds: 30,
  topics: [],
  run: async ({ db, config, workerId }) => {
    for (const closed of await freezeReports(db, config, { kind: 'worker', id: workerId })) {
      logger('worker').info(closed, 'a monthly report was frozen');
    }
  },
};
