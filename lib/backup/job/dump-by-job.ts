import 'server-only';
import path from 'node:path';
import { type AuditActor, stage } from '@/lib/audit/stage';
import type { JobPlace } from '@/lib/config/job-place';
import { OpsError } from '@/lib/core/errors';
import type { Database } from '@/lib/db/client';
import { transaction } from '@/lib/db/transaction';
import type { Begun } from '../begin-copy';
import { type Dumper, milliseconds } from '../dump';
import { installationId } from '../installation';
import { type JobsOf, jobText, scheduleUser } from './cluster';
import { runJob } from './run-job';
import { containerOf, jobFrom, jobName } from './template';

/** Between two looks at a Job. */
const POLL_MS = 2000;

type ByJob = {
  db: Database;
  actor: AuditActor;
  workerId: string;
  jobs: JobsOf | undefined;
  place: JobPlace;
  copy: Begun;
  /** Where this worker sees what the Job writes. */
  file: string;
  appName: string;
  password: string;
  lockTimeoutSeconds: number;
  pollMs?: number;
};

/**
 * pg_dump in a Job that is made from the template of a CronJob. It finds the snapshot that this worker holds open: a Job
 * that begins late, whose worker is gone or has given up, finds none and dumps nothing.
 */
export const dumpByJob =
  (by: ByJob): Dumper =>
  async (server) => {
    const { db, place, copy, file } = by;
    const { backup } = copy.database;
    if (by.jobs === undefined)
      throw new OpsError('precondition', 'This process makes no Jobs, and copies of it are made by one.');
    const onBehalfOf = { user: await userOf(db, copy.change), attempt: `copy-${copy.id}` };
    const jobs = by.jobs(place.cluster, onBehalfOf);
    const cronJob = await jobs.readCronJob({ namespace: place.namespace, name: place.cronJob });
    if (cronJob === null) throw noTemplate(place, 'is not there');
    const container = containerOf(cronJob);
    if (container === null) throw noTemplate(place, 'has no container in its template');
    const installation = await installationId(db);
    const ref = { namespace: place.namespace, name: jobName(place.cronJob, copy) };
    return (run) => {
      const manifest = jobFrom(
        ref.name,
        { name: place.cronJob, ...cronJob },
        {
          id: copy.id,
          installation,
          change: copy.change,
          snapshot: run.snapshot,
          file: path.basename(file),
          appName: by.appName,
          lockTimeoutMs: milliseconds(by.lockTimeoutSeconds),
          timeoutSeconds: backup.timeout,
        },
      );
      if (manifest === null) throw noTemplate(place, 'has no container in its template');
      return runJob(
        {
          jobs,
          place,
          ref,
          id: copy.id,
          container: container.name,
          image: container.image,
          manifest,
          file,
          folder: backup.folder,
          serverMajor: server.major,
          timeoutSeconds: backup.timeout,
          pollMs: by.pollMs ?? POLL_MS,
          secrets: [by.password],
          announce: () => announceJob(by, jobText(place.cluster, ref)),
        },
        run,
      );
    };
  };

const noTemplate = ({ cluster, namespace, cronJob }: JobPlace, why: string): OpsError =>
  new OpsError('precondition', `CronJob ${cronJob} in ${namespace} of ${cluster} ${why}.`, {
    next: 'Make it as docs/backups.md says, or correct backup.job.',
  });

/** The cluster's own audit log names the person whose change it is. */
async function userOf(db: Database, change: number | null): Promise<string> {
  if (change === null) return scheduleUser;
  const row = await db.change.findUnique({ where: { number: change }, select: { requesterId: true } });
  if (row === null) return scheduleUser;
  const user = await db.user.findUnique({ where: { id: row.requesterId }, select: { email: true } });
  return user?.email ?? row.requesterId;
}

/** Before the Job is made: whoever clears up after a dead worker finds it by its row. */
function announceJob({ db, actor, workerId, copy }: ByJob, job: string): Promise<boolean> {
  return transaction(async (tx) => {
    const count = await tx.$executeRaw`
      UPDATE backup_copy SET job = ${job}
      WHERE id = ${copy.id}::uuid AND state = 'running' AND lease_owner = ${workerId}`;
    if (count === 0) return false;
    await stage(tx, {
      action: 'backup.job_asked',
      actor,
      target: `database:${copy.database.id}`,
      ...(copy.change === null ? {} : { change: copy.change }),
      result: 'ok',
      details: { database: copy.database.id, object: copy.object, job },
    });
    return true;
  }, db);
}
