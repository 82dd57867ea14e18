import { adoptedEverySeconds, pollAdopted } from '@/lib/slo/adopted/poll-adopted';
import type { Job } from '../job';

/** Reads what Sloth and Pyrra record in each Prometheus, for the pages. */
export const adoptSlos: Job = {
  name: 'adopt-slos',
  everySeconds: adoptedEverySeconds / 4,
  topics: [],
  run: ({ db, config, signal }) => pollAdopted(db, config, signal),
};
