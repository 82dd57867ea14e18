import { logger } from '@/lib/core/log';
import { takeSamples } from '@/lib/database/take-samples';
import type { Job } from '../job';

/** Stores the size of every database once an hour; looks more often, so that one that was away is not forgotten. */
export const sampleDatabases: Job = {
  name: 'sample-databases',
  everySeconds: 120,
  topics: [],
  run: async ({ db, config, signal }) => {
    const { failed } = await takeSamples(db, config, signal);
    for (const one of failed) logger('worker').warn(one, 'the size of a database was not read');
  },
};
