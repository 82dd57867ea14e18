import { lookAtTiers } from '@/lib/change/watch/look-at-tiers';
import type { Job } from '../job';
import { restartedSince } from '../restarted-since';

/** Looks at what was deployed some time after it succeeded. */
export const watchDeploys: Job = {
  name: 'watch-deploys',
  everySeconds: 5,
  topics: [],
  run: async ({ db, config, workerId, cluster }) => {
    await lookAtTiers({
      db,
      config,
      actor: { kind: 'worker', id: workerId },
      restartedSince: (change, since) => restartedSince(cluster, change, since),
    });
  },
};
