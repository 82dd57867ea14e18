import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DeployPlan } from '@/lib/change/contract';
import { abortChange } from '@/lib/change/steer-change';
import { changeNumber } from '@/lib/core/ids';
import { dataFolder } from '@/scripts/postgres/placement';
import { startPostgres } from '@/scripts/postgres/server';
import { freePort } from '@/scripts/process/port';
import { stateRoot } from '@/scripts/setup/root';
import { CRON_JOB, DATABASE, type DataWorld, dataWorld } from './testing/data-world';
import { change, planned, reaches, requested, signed, until, type World } from './testing/world';

let data: DataWorld;
beforeAll(async () => {
  data = await dataWorld();
});
afterEach(() => data.clean());
afterAll(() => data.stop());

const ask = { kind: 'backup', database: DATABASE } as const;
const ended = ['Succeeded', 'Failed', 'BackedOut', 'Voided'] as const;
const place = { namespace: 'backup', cronJob: CRON_JOB, startTimeout: '60s' };
const byJob = (job: object = {}, backup: object = {}) =>
  data.configOf({ backup: { scratch: undefined, job: { ...place, ...job }, ...backup } });
const jobsOf = ({ cluster }: World) => cluster.store.list('jobs.batch', 'backup');
const copyOf = (world: World, id: string) =>
  world.db.backupCopy.findFirst({ where: { changeNumber: changeNumber(id) } });

test('a change makes its copy by a Job, in the name of who asked, and the next plan knows its pg_dump', async () => {
  const config = byJob();
  const world = data.under(config);
  await data.start(config);
  const first = await planned(world, ask, config);
  expect(DeployPlan.parse(first.plan).data).toMatchObject({
    tool: { name: 'pg_dump', version: null },
    job: `us-east-1/backup/${CRON_JOB}`,
  });
  expect(first.prechecks).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: 'job', result: 'pass', detail: expect.stringContaining('pg-dump') }),
      expect.objectContaining({ id: 'tools', result: 'warn', detail: expect.stringMatching(/not known/) }),
    ]),
  );
  // A dry run makes nothing.
  expect(jobsOf(world)).toEqual([]);
  const before = world.cluster.writeLog.length;
  const id = await requested(world, ask);
  await signed(world, id);
  await reaches(world, id, ...ended);
  expect((await change(world, id)).outcome).toMatchObject({
    sentence: expect.stringMatching(/There is a copy of Shop/),
  });
  const copy = await copyOf(world, id);
  expect(copy).toMatchObject({
    state: 'kept',
    level: 3,
    job: `us-east-1/backup/${jobsOf(world)[0]?.metadata.name}`,
  });
  expect(jobsOf(world)[0]?.metadata.labels).toMatchObject({ 'signalbox.dev/change': id });
  const made = world.cluster.writeLog
    .since(before)
    .filter(({ resource, dryRun }) => resource === 'jobs.batch' && !dryRun);
  expect(made.map(({ impersonated }) => impersonated?.user)).toEqual([world.people.sre.email]);
  const { prechecks } = await planned(world, ask, config);
  expect(prechecks).toContainEqual(
    expect.objectContaining({ id: 'tools', result: 'pass', detail: expect.stringMatching(/^pg_dump 15\./) }),
  );
});

test('an abort while the Job runs deletes it, and nothing of the copy is left', async () => {
  const config = byJob();
  const world = data.under(config);
  const ofBefore = new Set(jobsOf(world).map(({ metadata }) => metadata.name));
  const letGo = await data.copies.lock();
  await data.start(config);
  const id = await requested(world, ask);
  await signed(world, id);
  await until('its pod runs', () =>
    world.cluster.store.list('pods', 'backup').some(({ status }) => status?.['phase'] === 'Running'),
  );
  await abortChange({ actor: world.people.devops, id, reason: 'the disk is needed' }, world.db);
  await reaches(world, id, ...ended);
  await letGo();
  expect((await change(world, id)).state).toBe('BackedOut');
  expect(await copyOf(world, id)).toMatchObject({
    state: 'failed',
    error: expect.stringContaining('Dara Okafor aborted: the disk is needed'),
  });
  await until('the Job is gone', () => jobsOf(world).every(({ metadata }) => ofBefore.has(metadata.name)));
  expect(data.copies.files()).toEqual([]);
});

describe('a plan is blocked', () => {
  const findings = async (config: ReturnType<typeof byJob>) => {
    await data.start(config, { makes: false });
    return (await planned(data.under(config), ask, config)).prechecks;
  };

  test('where the CronJob is not there', async () => {
    expect(await findings(byJob({ cronJob: 'other' }))).toContainEqual(
      expect.objectContaining({
        id: 'job',
        result: 'fail',
        detail: expect.stringMatching(/other .* is not there/),
      }),
    );
  });

  test('where no Job may be made', async () => {
    const { cluster } = data.under();
    const fault = cluster.faults.add({
      action: {
        kind: 'withdraw-right',
        subject: { group: 'signalbox-operators' },
        verb: 'create',
        resource: 'jobs',
      },
    });
    const found = await findings(byJob());
    cluster.faults.remove(fault);
    expect(found).toContainEqual(
      expect.objectContaining({
        id: 'job',
        result: 'fail',
        detail: expect.stringMatching(/403.*Bind the role signalbox-backup-maker/),
      }),
    );
  });

  describe('by a pg_dump that is older than a PostgreSQL 18', () => {
    const dataDir = path.join(stateRoot, 'test', `postgres-18-of-plans-${process.pid}`);
    let newer: Awaited<ReturnType<typeof startPostgres>>;
    beforeAll(async () => {
      const port = await freePort();
      newer = await startPostgres({ version: 18, dataDir, port, databases: ['shop'], durable: false });
    });
    afterAll(async () => {
      await newer.stop();
      fs.rmSync(dataFolder(dataDir), { recursive: true, force: true });
    });
    const url = () => data.copies.secret('newer.url', newer.url);

    test('of this worker', async () => {
      expect(await findings(data.configOf({ backup: { url: url() } }))).toContainEqual(
        expect.objectContaining({
          id: 'tools',
          result: 'fail',
          detail: expect.stringMatching(
            /^pg_dump 15\.\d+ is older than the server, which is PostgreSQL 18\.\d+: .* Install the client tools of PostgreSQL 18/,
          ),
        }),
      );
    });

    test('of the image that made the last copy by a Job', async () => {
      const older = byJob();
      const world = data.under(older);
      const worker = await data.start(older);
      const id = await requested(world, ask);
      await signed(world, id);
      await reaches(world, id, ...ended);
      expect((await copyOf(world, id))?.state).toBe('kept');
      await data.drain(worker);
      // The server was upgraded since.
      const after = byJob({}, { url: url() });
      expect(await findings(after)).toContainEqual(
        expect.objectContaining({
          id: 'tools',
          result: 'fail',
          detail: expect.stringMatching(
            /^pg_dump 15\.\d+ of the image registry\..* is older than the server, which is PostgreSQL 18\.\d+/,
          ),
        }),
      );
    });
  });
});
