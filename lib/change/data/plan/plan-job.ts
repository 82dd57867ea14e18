import 'server-only';
import { z } from 'zod';
import { copyJobs } from '@/lib/actuators/kubernetes/copy-jobs';
import type { Identity } from '@/lib/backup/catalog';
import { Evidence } from '@/lib/backup/contract';
import type { CronJobSeen } from '@/lib/backup/job/cluster';
import { IMAGE } from '@/lib/backup/job/run-job';
import { containerOf, jobFrom, jobName } from '@/lib/backup/job/template';
import type { Database as DatabaseConfig, DirectBackup } from '@/lib/config/database';
import type { JobPlace } from '@/lib/config/job-place';
import { isOpsError } from '@/lib/core/errors';
import { newId } from '@/lib/core/ids';
import { now } from '@/lib/core/time';
import type { Database } from '@/lib/db/client';
import type { Precheck } from '../../contract';
import { check, type Planner } from './part';

/** How pg_dump is run: its version, null while nobody knows it, and what was found about it. */
export type Way = { version: string | null; findings: Precheck[] };

type Asked = {
  database: DatabaseConfig;
  backup: DirectBackup;
  place: JobPlace;
  server: Identity;
  user: string;
};

const jobTitle = 'A Job can be made of the CronJob';

/** A dump by a Job: its template is there, a Job of it is taken by the cluster as a dry run, and its pg_dump is able. */
export async function planJob({ db, cluster }: Planner, asked: Asked): Promise<Way> {
  const { place, user } = asked;
  const { namespace, cronJob: name } = place;
  const jobs = copyJobs(cluster(place.cluster), { user, attempt: 'plan' });
  const where = `CronJob ${name} in ${namespace} of ${place.cluster}`;
  const blocked = (detail: string): Way => ({
    version: null,
    findings: [check('job', jobTitle, 'fail', detail)],
  });
  try {
    const cronJob = await jobs.readCronJob({ namespace, name });
    if (cronJob === null) return blocked(`${where} is not there. Make it as docs/backups.md says.`);
    const container = containerOf(cronJob);
    if (container === null) return blocked(`${where} has no container in its template.`);
    await dryRun(jobs, asked, cronJob);
    const detail = `${where}, container ${container.name}; the cluster takes a Job of it.`;
    const tool = await toolOf(db, asked, container.image);
    return { ...tool, findings: [check('job', jobTitle, 'pass', detail), ...tool.findings] };
  } catch (error) {
    if (isOpsError(error)) return blocked(`${error.message} ${error.next ?? ''}`.trim());
    throw error;
  }
}

async function dryRun(
  jobs: ReturnType<typeof copyJobs>,
  { backup, place: { namespace, cronJob: name } }: Asked,
  cronJob: CronJobSeen,
): Promise<void> {
  const id = newId();
  const ref = { namespace, name: jobName(name, { id, startedAt: now() }) };
  const told = {
    ...{ id, installation: 'plan', change: null, snapshot: 'plan', file: 'plan', appName: 'signalbox' },
    ...{ lockTimeoutMs: 0, timeoutSeconds: backup.timeout },
  };
  const manifest = jobFrom(ref.name, { name, ...cronJob }, told);
  if (manifest !== null) await jobs.create(ref, manifest, { dryRun: true });
}

const Seen = z.array(Evidence);

/** The name of an image does not say which pg_dump is in it; the last copy that was made with it does. */
async function toolOf(db: Database, { database: { id }, server, place }: Asked, image: string): Promise<Way> {
  const title = 'pg_dump fits the server';
  const last = await db.backupCopy.findFirst({
    where: {
      databaseId: id,
      dumpVersion: { not: null },
      job: { startsWith: `${place.cluster}/${place.namespace}/${place.cronJob}-` },
    },
    orderBy: { startedAt: 'desc' },
    select: { dumpVersion: true, checks: { where: { level: 0 }, select: { evidence: true } } },
  });
  const version = last?.dumpVersion ?? null;
  const ofLast = Seen.safeParse(last?.checks[0]?.evidence).data?.find(({ what }) => what === IMAGE)?.found;
  if (version === null || ofLast !== image) {
    const detail = `No Job with the image ${image} has made a copy yet, so which pg_dump is in it is not known. One that is older than PostgreSQL ${server.version} refuses to work, and the copy fails.`;
    return { version: null, findings: [check('tools', title, 'warn', detail)] };
  }
  if (Number.parseInt(version, 10) >= server.major) {
    const detail = `pg_dump ${version} of the image ${image}, for PostgreSQL ${server.version}.`;
    return { version, findings: [check('tools', title, 'pass', detail)] };
  }
  const detail = `pg_dump ${version} of the image ${image} is older than the server, which is PostgreSQL ${server.version}: it refuses to work. Give CronJob ${place.cronJob} an image with the client tools of PostgreSQL ${server.major} or later.`;
  return { version, findings: [check('tools', title, 'fail', detail)] };
}
