import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { DeployPlan, Precheck } from '@/lib/change/contract';
import { readRecord } from '@/lib/change/history/read-record';
import { planSentence } from '@/lib/change/plan/plan-hash';
import { requestChange } from '@/lib/change/request-change';
import { useConfig } from '@/lib/config/load';
import { firstDigestOf } from '@/sandbox/registry/catalogue';
import {
  type Ask,
  change,
  deploymentOf,
  planned,
  quick,
  reaches,
  requested,
  signed,
  status,
  testWorld,
  until,
  type World,
  writes,
} from './testing/world';
import { startWorker } from './worker';

const repository = 'fraiseql/fraiseql-api';
const name = `registry.example.com/${repository}`;
const digestOf = (version: string): string => firstDigestOf(`${name}:${version}`) ?? '';

let world: World;
let worker: Awaited<ReturnType<typeof startWorker>>;
beforeEach(async () => {
  world = await testWorld({ registry: true, ...quick });
  useConfig(world.config);
  worker = await startWorker({ config: world.config, connectionString: world.url });
});
afterEach(async () => {
  await worker.stop();
  await world.stop();
});

const planOf = async (ask: Ask) => {
  const row = await planned(world, ask);
  const checks = z.array(Precheck).parse(row.prechecks ?? []);
  return {
    plan: row.plan === null ? null : DeployPlan.parse(row.plan),
    check: (id: string) => checks.find((each) => each.id === id),
    problem: row.problem,
    send: () =>
      requestChange(
        {
          actor: world.people.sre,
          config: world.config,
          input: {
            planId: row.id,
            planHash: row.planHash ?? '',
            reason: 'The new version fixes the slow query of the dashboard.',
            runWhenApproved: true,
          },
        },
        world.db,
      ),
  };
};
const redeploy = (version: string): Ask => ({ kind: 'deploy', version, redeploy: true });
const done = async (ask: Ask): Promise<string> => {
  const id = await requested(world, ask);
  await signed(world, id);
  await reaches(world, id, 'Succeeded', 'BackedOut', 'Failed', 'Voided');
  return id;
};
const imageNow = (): string => {
  const Spec = z.object({
    spec: z.object({
      template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
    }),
  });
  const { spec } = Spec.parse(JSON.parse(JSON.stringify(deploymentOf(world.cluster.store))));
  return spec.template.spec.containers[0]?.image ?? '';
};
const asked = (): number => world.registry.requests.length;

test('a version is pinned to its digest: in the plan, in the cluster and in the record', async () => {
  const pinned = `${name}:2.0.0@${digestOf('2.0.0')}`;
  const { plan, check } = await planOf('2.0.0');
  expect(plan).toMatchObject({
    from: { version: '1.8.0', image: `${name}:1.8.0`, digest: digestOf('1.8.0') },
    to: { version: '2.0.0', image: pinned, digest: digestOf('2.0.0') },
    undo: { image: `${name}:1.8.0`, digest: digestOf('1.8.0') },
  });
  expect(check('image')).toMatchObject({ result: 'pass' });
  expect(check('image')?.detail).toContain(digestOf('2.0.0').slice(0, 19));
  expect(check('way-back')).toMatchObject({ result: 'pass' });

  const id = await done('2.0.0');
  expect((await change(world, id)).state).toBe('Succeeded');
  expect(imageNow()).toBe(pinned);
  expect(status(world.cluster.store).version).toBe('2.0.0');
  expect(await readRecord(world.config, id, world.db)).toMatchObject({
    from: { digest: digestOf('1.8.0') },
    to: { version: '2.0.0', image: pinned, digest: digestOf('2.0.0') },
  });

  // What ran before had a tag alone: it is known again by repository and tag, and by the digest that was read.
  const back = await planOf('1.8.0');
  expect(back.plan?.goesBack).toMatchObject({ reverts: id });
  world.registry.store.rebuild(repository, '1.8.0');
  expect((await planOf('1.8.0')).plan?.goesBack).toBeUndefined();
});

test('a tag that was moved after the plan voids the change before anything is written', async () => {
  const id = await requested(world, '2.0.0');
  const moved = world.registry.store.rebuild(repository, '2.0.0') ?? '';
  await signed(world, id);
  await reaches(world, id, 'Voided');
  const { sentence } = z.object({ sentence: z.string() }).parse((await change(world, id)).outcome);
  expect(sentence).toContain('was moved since the plan was made');
  expect(sentence).toContain(moved.slice(0, 19));
  expect(sentence).toContain(digestOf('2.0.0').slice(0, 19));
  expect(writes(world)).toEqual([]);
});

test('a tag that is gone stops nothing while its content is there, and everything when that is gone too', async () => {
  const kept = await requested(world, '2.0.0');
  world.registry.store.untag(repository, '2.0.0');
  await signed(world, kept);
  await reaches(world, kept, 'Succeeded');

  const lost = await requested(world, '2.0.1');
  world.registry.store.delete(repository, digestOf('2.0.1'));
  await signed(world, lost);
  await reaches(world, lost, 'Voided');
});

test('a registry that is down holds up neither a start nor a rollback', async () => {
  const id = await requested(world, '2.0.0');
  world.registry.setFault({ refuse: true });
  await signed(world, id);
  await reaches(world, id, 'Succeeded');
  expect(imageNow()).toBe(`${name}:2.0.0@${digestOf('2.0.0')}`);

  const before = asked();
  const sets = world.cluster.store
    .list('replicasets.apps')
    .map((set) => JSON.parse(JSON.stringify(set)))
    .find((set) => JSON.stringify(set.spec.template).includes('fraiseql-api:1.8.0'));
  const back = await done({ kind: 'rollback', replicaSet: sets.metadata.name });
  expect((await change(world, back)).state).toBe('Succeeded');
  expect(asked()).toBe(before);
});

test.each([
  ['is silent', { delayMs: 60_000 }, 'did not answer within 2 s'],
  ['cuts every connection', { refuse: true }, 'cut the connection'],
  ['has had enough of us', { status: 429 }, 'come back in 30 s'],
  ['refuses us', { status: 403 }, 'refuses our credentials'],
])('a registry that %s leaves a plan with the tag alone, and says so', async (_, fault, words) => {
  world.registry.setFault(fault);
  const { plan, check, send } = await planOf('2.0.0');
  expect(plan?.to).toEqual({ version: '2.0.0', image: `${name}:2.0.0` });
  expect(check('image')).toMatchObject({ result: 'warn' });
  expect(check('image')?.detail).toContain(words);
  expect(check('way-back')).toMatchObject({ result: 'warn' });
  expect(await send()).toMatchObject({ id: expect.stringMatching(/^c-/) });
});

test('a version that nobody built cannot be sent, and the sentence names registry and tag', async () => {
  const { check, send } = await planOf('9.9.9');
  expect(check('image')).toMatchObject({ result: 'fail' });
  expect(check('image')?.detail).toContain(
    'The registry registry.example.com has no tag 9.9.9 in fraiseql/fraiseql-api.',
  );
  await expect(send()).rejects.toThrow('has no tag 9.9.9');
});

test('X-16: the version that runs goes out again only when that is said', async () => {
  const refused = await planOf('1.8.0');
  expect(refused.plan).toBeNull();
  expect(refused.problem).toMatchObject({ message: expect.stringContaining('already runs 1.8.0') });

  const moved = world.registry.store.rebuild(repository, '1.8.0') ?? '';
  expect((await planOf('1.8.0')).problem).toMatchObject({
    message: expect.stringContaining('the tag was moved since'),
  });
  const said = await planOf(redeploy('1.8.0'));
  expect(said.plan).toMatchObject({ redeploy: true, to: { image: `${name}:1.8.0@${moved}` } });
  expect(said.plan === null ? '' : planSentence(said.plan, 'FraiseQL API')).toContain('by 1.8.0 again');
  expect(said.check('redeploy')).toMatchObject({
    result: 'warn',
    detail: expect.stringContaining('Its content is another one'),
  });
  expect((await change(world, await done(redeploy('1.8.0')))).state).toBe('Succeeded');
  expect(imageNow()).toBe(`${name}:1.8.0@${moved}`);

  // The very same reference: only a mark replaces the pods.
  const again = await planOf(redeploy('1.8.0'));
  expect(again.plan?.from).toEqual(again.plan?.to);
  expect(again.plan?.diff.map(({ path }) => path)).toEqual([expect.stringContaining('annotations')]);
  expect((await change(world, await done(redeploy('1.8.0')))).state).toBe('Succeeded');
});

test('X-16: a tag that moves is refused, and with a redeploy pinned to what it stands for now', async () => {
  await expect(planned(world, 'latest')).rejects.toThrow('The tag latest moves');
  const { plan } = await planOf(redeploy('main'));
  expect(plan).toMatchObject({
    redeploy: true,
    to: { version: 'main', image: `${name}:main@${digestOf('2.0.0')}` },
  });
  world.registry.setFault({ refuse: true });
  expect((await planOf(redeploy('main'))).problem).toMatchObject({
    message: expect.stringContaining('what it stands for now is not known'),
  });
});

test('fault 32: with neither pods nor an image to go back to, no plan can be sent', async () => {
  await done('2.0.0');
  world.outcomes.set('broken', 'image-missing');
  world.cluster.store.change('deployments.apps', 'fraiseql', 'fraiseql-api', (object) => {
    const copy = JSON.parse(JSON.stringify(object));
    copy.spec.strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: '100%' } };
    copy.spec.template.spec.containers[0].image = `${name}:broken`;
    return copy;
  });
  await until('no pod serves', () => status(world.cluster.store).available === 0);
  const before = await planOf('2.0.1');
  expect(before.plan?.undo).toMatchObject({ version: '2.0.0', digest: digestOf('2.0.0') });
  expect(before.check('way-back')).toMatchObject({ result: 'pass' });
  expect(before.check('way-back')?.detail).toContain('No pod of it is ready');

  world.registry.store.delete(repository, digestOf('2.0.0'));
  const { check, send } = await planOf('2.0.1');
  expect(check('way-back')).toMatchObject({ result: 'fail' });
  expect(check('way-back')?.detail).toContain(digestOf('2.0.0'));
  await expect(send()).rejects.toThrow('The way back to 2.0.0 is there');
});

test('an image that is gone while its pods run is a warning, and so is a tag that was moved under them', async () => {
  world.registry.store.rebuild(repository, '1.8.0');
  const moved = (await planOf('2.0.0')).check('way-back');
  expect(moved).toMatchObject({ result: 'warn' });
  expect(moved?.detail).toContain('their template names the tag 1.8.0');

  world.registry.store.delete(repository, digestOf('1.8.0'));
  const gone = (await planOf('2.0.0')).check('way-back');
  expect(gone).toMatchObject({ result: 'warn' });
  expect(gone?.detail).toContain('its image is gone');
});
