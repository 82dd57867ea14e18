import { copyJobs } from '@/lib/actuators/kubernetes/copy-jobs';
import type { Copier } from '@/lib/backup/make-copy';
import type { WorkerContext } from '../job';

/** Jobs of one worker work on different copies: each has a name of its own for its leases. */
export const copier = ({ db, config, workerId, signal, cluster }: WorkerContext, part: string): Copier => ({
  db,
  config,
  signal,
  actor: { kind: 'worker', id: workerId },
  holder: { workerId: `${workerId}/${part}`, leaseSeconds: config.timing.lease },
  jobs: (id, onBehalfOf) => copyJobs(cluster(id), onBehalfOf),
});
