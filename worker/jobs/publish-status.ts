import { logger } from '@/lib/core/log';
import { publishStatus, sampleStatus } from '@/lib/status/publish';
import type { Job } from '../job';

/** Measures the components once a minute and writes the static files of the status page. */
export const publishStatusPage: Job = {
  name: 'publish-status',
  everySeconds: 60,
  topics: ['status'],
  run: async ({ db, config }) => {
    // A source that does not answer must not keep a message of a person from being published.
    await sampleStatus(db, config).catch((error: unknown) =>
      logger('worker').warn({ err: error }, 'the components could not be measured'),
    );
    await publishStatus(db, config);
  },
};
