import { deliverOutbox } from '@/lib/notify/deliver';
import type { Job } from '../job';

export const deliverMessages: Job = {
  name: 'deliver-outbox',
  everySeconds: 5,
  topics: ['outbox', 'connected'],
  run: async ({ db, config }) => {
    await deliverOutbox(db, config);
  },
};
