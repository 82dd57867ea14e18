import type { Database } from './database';
import type { Config } from './schema';

/** Where the Jobs of one database are made, and from what. */
export type JobPlace = { cluster: string; namespace: string; cronJob: string; startSeconds: number };

/** The named cluster, that of the service in this region, or the only one of the region; null where none follows. */
export function jobClusterOf(
  config: Pick<Config, 'clusters' | 'services'>,
  { backup, service, environment, region }: Database,
): string | null {
  if (backup?.job?.cluster !== undefined) return backup.job.cluster;
  const placements = config.services.find(({ id }) => id === service)?.placements[environment] ?? [];
  const placed = placements.find((placement) => placement.region === region);
  if (placed !== undefined) return placed.cluster;
  const [only, ...others] = config.clusters.filter((cluster) => cluster.region === region);
  return only === undefined || others.length > 0 ? null : only.id;
}

/** Null: the worker makes the copies of it itself. */
export function jobPlaceOf(
  config: Pick<Config, 'clusters' | 'services'>,
  database: Database,
): JobPlace | null {
  const job = database.backup?.job;
  const cluster = jobClusterOf(config, database);
  if (job === undefined || cluster === null) return null;
  return { cluster, namespace: job.namespace, cronJob: job.cronJob, startSeconds: job.startTimeout };
}

/** As people read it: `us-east-1/backup/observers-backup`. */
export const jobPlaceText = ({ cluster, namespace, cronJob }: JobPlace): string =>
  `${cluster}/${namespace}/${cronJob}`;
