import { containerOf } from '@/lib/backup/job/template';
import { jobPlaceOf } from '@/lib/config/job-place';
import type { Config } from '@/lib/config/schema';
import { describeRight, mayI, type Right, readCronJobSpec, somebody } from './cluster-access';
import { attempt, type Finding } from './source-check';

const asked: readonly Omit<Right, 'namespace'>[] = [
  { verb: 'get', group: 'batch', resource: 'cronjobs' },
  ...['create', 'get', 'delete'].map((verb) => ({ verb, group: 'batch', resource: 'jobs' })),
  { verb: 'list', resource: 'pods' },
  { verb: 'get', resource: 'pods', subresource: 'log' },
];

/** Databases whose copies are made by Jobs: the CronJob is there, and Jobs of it may be made, followed and deleted. */
export async function checkBackupJobs(config: Config): Promise<Finding[]> {
  const findings = config.databases.map(async (database): Promise<Finding[]> => {
    const place = jobPlaceOf(config, database);
    const cluster = config.clusters.find(({ id }) => id === place?.cluster);
    if (place === null || cluster === undefined) return [];
    const subject = `Copies of ${database.id} by Jobs`;
    const { namespace, cronJob: name } = place;
    const where = `CronJob ${name} in ${namespace} of ${cluster.id}`;
    return attempt(subject, async () => {
      const rights = asked.map((right) => ({ ...right, namespace }));
      const held = await Promise.all(rights.map((right) => mayI(cluster, cluster.worker, right, somebody)));
      const missing = rights.filter((_, index) => held[index] !== true).map(describeRight);
      if (missing.length > 0) {
        const says = `the worker for ${somebody.group} may not ${missing.join('; ')}. Bind the role signalbox-backup-maker there.`;
        return [{ state: 'wrong', subject, says }];
      }
      const spec = await readCronJobSpec(cluster, { namespace, name }, somebody);
      if (spec === null) return [{ state: 'wrong', subject, says: `${where} is not there.` }];
      const container = containerOf({ uid: '', annotations: {}, spec });
      return container === null
        ? [{ state: 'wrong', subject, says: `${where} has no container in its template.` }]
        : [{ state: 'ok', subject, says: `${where}, container ${container.name} of ${container.image}.` }];
    });
  });
  return (await Promise.all(findings)).flat();
}
