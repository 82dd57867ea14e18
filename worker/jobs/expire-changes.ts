import { expireChanges } from '@/lib/change/expire-changes';
import type { Job } from '../job';

/** Reviews, approvals and queue places that nobody used in time. */
export const expireWaiting: Job = {
  name: 'expire-changes',
  everySeconds: 5,
  topics: [],
  run: async ({ db, config, workerId }) => {
    await expireChanges(db, config, workerId);
  },
};
