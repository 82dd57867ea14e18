import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { MigrationClass } from '@/lib/change/staged/contract';
import { abortChange } from '@/lib/change/steer-change';
import { changeNumber } from '@/lib/core/ids';
import type { KubeObject } from '@/sandbox/kubernetes/store';
import { weightsOf } from './testing/routes';
import { atPoints, clusterOf, openStagedWorld, reachesState, world } from './testing/staged-fixture';
import { changeIn, endsIn, logOf, startedIn } from './testing/staged-world';
import { until } from './testing/world';

/** A migration runs only when it was let run, by a change that still may (DEP-03 step 4, change-engine.md 2.4). */
openStagedWorld();
afterEach(() => {
  atPoints();
  cluster().faults.clear();
  world.outcomes.delete('job');
});

const cluster = () => clusterOf('us-east-1');
const started = (migration: MigrationClass = 'reversible') =>
  startedIn(world, {
    kind: 'deploy',
    service: 'fraiseql-api',
    environment: 'production',
    region: 'us-east-1',
    version: '2.0.0',
    strategy: 'canary',
    migration,
  });

/** `create superseded`, of the Job of a change, oldest first. */
const jobWrites = async (id: string) => {
  const rows = await world.db.intent.findMany({
    where: { changeNumber: changeNumber(id), target: { contains: '/Job/' } },
    orderBy: { attempt: 'asc' },
  });
  return rows.map(({ verb, result }) => `${verb} ${result ?? 'open'}`);
};
const isAnnounced = async (id: string, verb: string) =>
  (await world.db.intent.count({
    where: { changeNumber: changeNumber(id), verb, target: { contains: '/Job/' } },
  })) > 0;

const jobOf = (id: string): KubeObject | undefined =>
  cluster()
    .store.list('jobs.batch', 'fraiseql')
    .find(({ metadata }) => metadata.labels?.['signalbox.dev/change'] === id);
const podsOf = (job: KubeObject | undefined) =>
  cluster()
    .store.list('pods', 'fraiseql')
    .filter(({ metadata }) => metadata.labels?.['job-name'] === job?.metadata.name);
/** The Job is there, its controller has seen it, and nothing of it runs. */
async function waitsForEver(id: string): Promise<void> {
  await until('the cluster has suspended the Job', () =>
    JSON.stringify(jobOf(id)?.status ?? {}).includes('"JobSuspended"'),
  );
  expect(jobOf(id)?.spec?.['suspend']).toBe(true);
  expect(podsOf(jobOf(id))).toEqual([]);
  expect(weightsOf(cluster().store, 'fraiseql-api')).toEqual([100, 0]);
}

test('a Job whose creation arrives after the abort never runs', { timeout: 90_000 }, async () => {
  const id = await started();
  // Longer than the client waits (2 s): the server goes on with a request that nobody waits for any more.
  cluster().faults.add({ method: 'POST', path: '/jobs$', count: 1, action: { kind: 'delay', ms: 9000 } });
  await until('the creation is announced', () => isAnnounced(id, 'create'));
  await abortChange({ actor: world.people.sre, id, reason: 'Not this one.' }, world.db);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut/);
  await waitsForEver(id);
  expect(await jobWrites(id)).toEqual(['create superseded']);
});

test('a release that arrives after the abort is refused, because the Job was sealed', {
  timeout: 90_000,
}, async () => {
  cluster().faults.add({ method: 'PATCH', path: '/jobs/', count: 1, action: { kind: 'delay', ms: 9000 } });
  const id = await started();
  await until('the release is announced', () => isAnnounced(id, 'write'));
  await abortChange({ actor: world.people.sre, id, reason: 'Not this one.' }, world.db);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut/);
  expect(await jobWrites(id)).toEqual(['create applied', 'write superseded', 'restore applied']);
  await until('the late release was refused', () =>
    cluster()
      .writeLog.since()
      .some(
        ({ method, resource, status }) => method === 'PATCH' && resource === 'jobs.batch' && status === 409,
      ),
  );
  await waitsForEver(id);
});

const engineering = () => world.people.engineering.id;
const grant = { role: 'engineering_lead', grantedBy: 'test' };
test.each([
  [
    'a signer has lost the role',
    'the role Engineering Lead is not held any more',
    () => world.db.roleGrant.deleteMany({ where: { userId: engineering() } }),
    () => world.db.roleGrant.create({ data: { userId: engineering(), ...grant } }),
  ],
  [
    'a sign-off does not count any more',
    'Not enough valid sign-offs any more: DevOps Lead',
    () =>
      world.db.signOff.updateMany({
        where: { userId: world.people.devops.id },
        data: { voidedAt: new Date(), voidReason: 'Taken back.' },
      }),
    async () => {},
  ],
  [
    'the policy asks for more',
    'Not enough valid sign-offs any more: Stakeholder',
    async () => world.config.policies[0]?.signOffs.push('stakeholder'),
    async () => world.config.policies[0]?.signOffs.pop(),
  ],
])(
  '%s between start and migration: the Job is not let run, and the change says why',
  {
    timeout: 90_000,
  },
  async (_, sentence, take, give) => {
    let taken = false;
    atPoints(async (reached) => {
      const open = await world.db.intent.count({ where: { verb: 'create', resolvedAt: null } });
      if (reached !== 'act-sent' || taken || open === 0) return;
      taken = true;
      await take();
    });
    const id = await started();
    const end = await endsIn(world, id);
    await give();
    expect(end, await logOf(world, id)).toMatch(/^BackedOut.*The database was not migrated/);
    expect(end).toContain(sentence);
    expect(await jobWrites(id)).toEqual(['create applied']);
    await waitsForEver(id);
  },
);

/** The worker dies once at a point of the open write of a Job; `then` comes before the next one takes over. */
function diesAt(
  point: 'intent-written' | 'act-sent',
  verb: 'create' | 'write',
  then: () => Promise<void>,
): () => boolean {
  let died = false;
  atPoints(async (reached) => {
    if (reached !== point || died) return;
    const open = await world.db.intent.count({
      where: { verb, resolvedAt: null, target: { contains: '/Job/' } },
    });
    if (open === 0) return;
    died = true;
    await then();
    throw new Error('The process dies here.');
  });
  return () => died;
}

async function takenOver(id: string, died: () => boolean): Promise<void> {
  await until('the first run has died', died);
  await until('it was let go', async () => (await changeIn(world, id)).leaseOwner === null);
  await world.db.change.updateMany({ data: { dueAt: new Date(0) } });
}

const newestJob = (): KubeObject => {
  const found = cluster()
    .store.list('jobs.batch', 'fraiseql')
    .toSorted((one, other) => Number(one.metadata.resourceVersion) - Number(other.metadata.resourceVersion))
    .at(-1);
  if (found === undefined) throw new Error('There is no Job.');
  return found;
};
const removeNewest = async () => cluster().store.remove('jobs.batch', 'fraiseql', newestJob().metadata.name);

test('a release that arrived unseen, of a Job that is deleted before anybody looks, may have migrated', {
  timeout: 90_000,
}, async () => {
  const died = diesAt('act-sent', 'write', removeNewest);
  const id = await started('destructive');
  await takenOver(id, died);
  await reachesState(id, 'DriftHold');
  const { hold, backingOut } = await changeIn(world, id);
  expect(JSON.stringify(hold)).toContain('it may have run. Failed (forward-fix needed)');
  expect(backingOut).toBe(false);
  expect(await jobWrites(id)).toEqual(['create applied', 'write conflict']);
  await abortChange({ actor: world.people.sre, id, reason: 'The schema is repaired.' }, world.db);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^BackedOut/);
});

/** The open creation as an earlier version of this program announced it: it does not say that the Job is suspended. */
async function announceAsBefore(): Promise<void> {
  const row = await world.db.intent.findFirstOrThrow({ where: { verb: 'create', resolvedAt: null } });
  const { spec } = z.object({ spec: z.record(z.string(), z.json()) }).parse(row.desired);
  const { suspend: _, ...bare } = spec;
  await world.db.intent.update({ where: { id: row.id }, data: { desired: { spec: bare } } });
}

test('a Job that was made before an upgrade is adopted as let run, and never made again when it is gone', {
  timeout: 90_000,
}, async () => {
  // Its pod does not come to run, so that the Job does not end before it is deleted.
  world.outcomes.set('job', 'image-missing');
  const died = diesAt('act-sent', 'create', async () => {
    await announceAsBefore();
    cluster().store.change('jobs.batch', 'fraiseql', newestJob().metadata.name, (job) => ({
      ...job,
      spec: { ...job.spec, suspend: false },
    }));
  });
  const id = await started();
  await takenOver(id, died);
  await until('it was seen what became of the creation', async () =>
    (await jobWrites(id)).every((one) => !one.endsWith('open')),
  );
  await removeNewest();
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(
    /^BackedOut.*The Job was deleted before its end was seen/,
  );
  expect(await jobWrites(id)).toEqual(['create adopted']);
});

test('a creation that was announced before an upgrade and never arrived is announced anew, suspended', {
  timeout: 90_000,
}, async () => {
  const died = diesAt('intent-written', 'create', announceAsBefore);
  const id = await started();
  await takenOver(id, died);
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  expect(await jobWrites(id)).toEqual(['create superseded', 'create applied', 'write applied']);
});
