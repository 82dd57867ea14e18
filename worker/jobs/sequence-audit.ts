import { sequenceAudit } from '@/lib/audit/sequence';
import type { Job } from '../job';

/** Staged entries enter the log within moments; one worker at a time does it, any may. */
export const sequenceEntries: Job = {
  name: 'sequence-audit',
  everySeconds: 2,
  topics: ['staged', 'connected'],
  run: async ({ db, signal }) => {
    await sequenceAudit(db, signal);
  },
};
