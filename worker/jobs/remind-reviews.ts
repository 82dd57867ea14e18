import { remindReviews } from '@/lib/change/review/remind-reviews';
import { logger } from '@/lib/core/log';
import type { Job } from '../job';

/** Reviews of what one person ordered back alone: told once when one is due soon, and once when it is overdue. */
export const remindOfReviews: Job = {
  name: 'remind-reviews',
  everySeconds: 30,
  topics: [],
  run: async ({ db, config, workerId }) => {
    const told = await remindReviews(db, config, workerId);
    if (told > 0) logger('worker').info({ told }, 'leads were reminded of reviews');
  },
};
