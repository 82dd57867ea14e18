import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Config } from '@/lib/config/schema';
import { checkDueCopies } from '../check-copies';
import { clearAbandoned } from '../clear-abandoned';
import { makeDueCopies } from '../make-copy';
import { password, until } from '../testing/world';
import { COPY_ANNOTATION } from './template';
import { CRON_JOB, type JobWorld, jobWorld } from './testing/world';

let world: JobWorld;
beforeAll(async () => {
  world = await jobWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clean());

const make = async (config?: Config) => {
  expect(await makeDueCopies(world.copier(config))).toBe(1);
  return world.newest();
};

/** Makes the next copy, which has to fail: nothing of it is left in the folder, and no secret is told. */
async function failing(config?: Config) {
  const copy = await make(config);
  expect(copy).toMatchObject({ state: 'failed', level: null, leaseOwner: null });
  expect(`${copy.error}${copy.log}`).not.toContain(password);
  expect(world.files()).toEqual([]);
  return copy;
}
const expectNothingRuns = () => until(async () => world.jobs().length + world.pods().length === 0);

test('a Job of the CronJob makes the copy, it climbs to a restore, and all of it is on record', async () => {
  const before = world.cluster.writeLog.length;
  const copy = await make();
  expect(copy.error).toBe(null);
  expect(copy).toMatchObject({ state: 'kept', dumpVersion: expect.stringMatching(/^15\./) });
  expect(world.files()).toEqual([copy.object, `${copy.object}.json`]);
  expect(fs.statSync(path.join(world.folder, copy.object)).mode & 0o077).toBe(0);
  const [job] = world.jobs();
  expect(copy.job).toBe(`us-east-1/backup/${job?.metadata.name}`);
  expect(job?.metadata).toMatchObject({
    annotations: { [COPY_ANNOTATION]: copy.id },
    ownerReferences: [expect.objectContaining({ kind: 'CronJob', name: CRON_JOB, controller: true })],
  });
  expect(copy.log).toMatch(
    /^Job us-east-1\/backup\/shop-backup-\w{10}, pod shop-backup-\w{10}-\w{5}, container pg-dump\n/,
  );
  expect(copy.log).toContain('pg_dump (PostgreSQL) 15.');
  expect(copy.log).toContain('dumping contents of table');
  expect(copy.log).not.toContain(password);
  await checkDueCopies(world.copier());
  expect(await world.newest()).toMatchObject({ level: 4 });
  const [written] = await world.checksOf(copy.id);
  expect(written).toMatchObject({ level: 0, result: 'passed', toolVersion: copy.dumpVersion });
  expect(written?.evidence).toEqual(
    expect.arrayContaining([
      { what: 'Job', expected: 'Complete', found: 'Complete', isRight: true },
      { what: 'Exit code', expected: '0', found: '0', isRight: true },
      expect.objectContaining({ what: 'Name of the Job', found: copy.job }),
    ]),
  );
  expect((await world.audit()).map(({ action, details }) => [action, details['job']])).toEqual([
    ['backup.started', undefined],
    ['backup.job_asked', copy.job],
    ['backup.kept', undefined],
    ['backup.level_changed', undefined],
  ]);
  const writes = world.cluster.writeLog.since(before).filter(({ resource }) => resource === 'jobs.batch');
  expect(writes.map(({ method, impersonated }) => [method, impersonated?.user])).toEqual([
    ['POST', 'signalbox-schedule'],
  ]);
});

describe('a Job that makes no copy says why and leaves nothing', () => {
  test('its container fails', async () => {
    world.processes.fate = 'crash';
    const { error } = await failing();
    expect(error).toMatch(/^The container of Job shop-backup-\w{10} ended with code 1\.$/);
    // It has ended, and stays for people to look at.
    await clearAbandoned(world.copier());
    expect(world.jobs()).toHaveLength(1);
  });

  test('pg_dump fails, in its words', async () => {
    // The limit of a file's size fails a write like a full disk does, without one.
    world.seed(world.folder, "trap '' XFSZ; ulimit -f 200");
    const { error, log } = await failing();
    expect(error).toMatch(/^The container of Job .* ended with code 1\. .*could not write .*File too large/);
    expect(log).toContain('dumping contents of table');
  });

  test('the folder has no space left', async () => {
    world.seed(world.folder, 'echo "pg_dump: error: could not write: No space left on device" >&2; exit 1');
    expect((await failing()).error).toMatch(/ended with code 1\. The folder has no space left\.$/);
  });

  test('it never starts: the image is not there', async () => {
    world.processes.fate = 'image-missing';
    const { error, job } = await failing(world.config({}, { startTimeout: '6s' }));
    expect(error).toMatch(
      /^Job shop-backup-\w{10} did not start within 6 s: its container waits with (ErrImagePull|ImagePullBackOff), .* Correct the image/,
    );
    expect(job).toMatch(/^us-east-1\/backup\//);
    await expectNothingRuns();
  });

  test('it never starts: the quota of the namespace has no room', async () => {
    world.store.create('resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'none', namespace: 'backup' },
      spec: { hard: { pods: '0' } },
      status: { hard: { pods: '0' }, used: { pods: '0' } },
    });
    try {
      const { error } = await failing(world.config({}, { startTimeout: '6s' }));
      expect(error).toMatch(/did not start within 6 s: the cluster made no pod for it\. .*quota/);
    } finally {
      world.store.remove('resourcequotas', 'backup', 'none');
    }
    await expectNothingRuns();
  });

  test('it is deleted in the middle', async () => {
    await world.lock();
    const making = make();
    const { id } = await world.running();
    await world.dumping(id);
    const [job] = world.jobs();
    world.store.remove('jobs.batch', 'backup', job?.metadata.name ?? '');
    const copy = await making;
    expect(copy).toMatchObject({
      state: 'failed',
      error: expect.stringMatching(/was deleted before its end/),
    });
    expect(copy.log).toMatch(/^Job us-east-1\/backup\/shop-backup-/);
    await until(async () => (await world.sessionsOf(id)) === 0);
    await expectNothingRuns();
    expect(world.files()).toEqual([]);
  });

  test('it takes too long', async () => {
    await world.lock();
    const { id, error } = await failing(world.config({ timeout: '4s' }, {}, { lockTimeout: '60s' }));
    expect(error).toMatch(/took longer than|statement timeout/);
    await until(async () => (await world.sessionsOf(id)) === 0);
    await expectNothingRuns();
  });

  test('the CronJob is not there', async () => {
    const { error, job } = await failing(world.config({}, { cronJob: 'other' }));
    expect(error).toBe(
      'CronJob other in backup of us-east-1 is not there. Make it as docs/backups.md says, or correct backup.job.',
    );
    expect(job).toBe(null);
  });

  test('a right is missing', async () => {
    world.cluster.faults.add({
      action: {
        kind: 'withdraw-right',
        subject: { group: 'signalbox-operators' },
        verb: 'create',
        resource: 'jobs',
      },
    });
    const { error } = await failing();
    expect(error).toMatch(/^The Job could not be made\. .*403.* Bind the role signalbox-backup-maker/);
    expect(world.jobs()).toEqual([]);
  });

  test('its volume is another folder', async () => {
    const other = path.join(world.root, 'other');
    fs.mkdirSync(other, { recursive: true });
    world.seed(other);
    const { error } = await failing();
    expect(error).toMatch(/ended well, but this worker sees nothing of what it wrote in .*The volume/);
  });
});

test('of several workers one makes the copy, with one Job', async () => {
  const begun = await Promise.all(
    ['a', 'b', 'c'].map((id) => makeDueCopies(world.copier(world.config(), id))),
  );
  expect(begun.reduce((sum, one) => sum + one, 0)).toBe(1);
  expect(await world.newest()).toMatchObject({ state: 'kept' });
  expect(world.jobs()).toHaveLength(1);
});

test('a Job whose creation was not answered is found by its name, and is made once', async () => {
  world.cluster.faults.add({
    method: 'POST',
    path: '/apis/batch/v1/namespaces/backup/jobs',
    count: 1,
    action: { kind: 'cut', when: 'after-commit' },
  });
  expect(await make()).toMatchObject({ state: 'kept', error: null });
  expect(world.jobs()).toHaveLength(1);
});

test('a Job of another hand under the name is left alone, and the copy fails', async () => {
  // As if somebody had made it in the moment before: the answer to our creation is that the name is taken.
  const others = world.store.subscribe((resource, { type, object }) => {
    if (resource !== 'jobs.batch' || type !== 'ADDED') return;
    world.store.change(resource, 'backup', object.metadata.name, (job) => {
      job.metadata.annotations = { 'example.com/owner': 'somebody' };
      // It is ours in all but its mark: let run, it would write to our file.
      return { ...job, spec: { ...job.spec, suspend: true } };
    });
  });
  world.cluster.faults.add({
    method: 'POST',
    path: '/apis/batch/v1/namespaces/backup/jobs',
    count: 1,
    action: { kind: 'cut', when: 'after-commit' },
  });
  const { error } = await failing().finally(others);
  expect(error).toMatch(/^The Job could not be made\. .*409.*already exists/);
  expect(world.jobs()).toHaveLength(1);
});

test('an API server that is away for a while delays the copy and does not fail it', async () => {
  const letGo = await world.lock();
  const making = make();
  await world.dumping((await world.running()).id);
  const fault = world.cluster.faults.add({ action: { kind: 'status', code: 503 } });
  await letGo();
  const [pod] = world.pods();
  await until(
    async () =>
      world.store.get('pods', 'backup', pod?.metadata.name ?? '')?.status?.['phase'] === 'Succeeded',
  );
  world.cluster.faults.remove(fault);
  expect(await making).toMatchObject({ state: 'kept', error: null });
});
