import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DeployPlan, Precheck, type RequestPlan } from '@/lib/change/contract';
import { Registry } from '@/lib/config/sources';
import { firstDigestOf, registryHost } from '@/sandbox/registry/catalogue';
import { type RegistryServer, startRegistry } from '@/sandbox/registry/server';
import {
  changeIn,
  endsIn,
  logOf,
  plannedIn,
  type StagedWorld,
  stagedWorld,
  startedIn,
} from './testing/staged-world';
import { startWorker } from './worker';

const repository = 'architect/architect-api';
const name = `${registryHost}/${repository}`;
const digest = firstDigestOf(`${name}:v3.2.0`) ?? '';
const deploy: RequestPlan = {
  kind: 'deploy',
  service: 'architect-api',
  environment: 'production',
  region: 'us-east-1',
  version: 'v3.2.0',
  strategy: 'blue-green',
  regions: ['us-east-1', 'eu-west-1'],
};

let world: StagedWorld;
let registry: RegistryServer;
let worker: Awaited<ReturnType<typeof startWorker>>;
beforeAll(async () => {
  registry = await startRegistry({ port: 0 });
  world = await stagedWorld();
  world.config.registries = [Registry.parse({ host: registryHost, url: registry.url, timeout: '2s' })];
  // Nothing here is about a slow cluster, and the pods of two start at once.
  for (const cluster of world.config.clusters) cluster.timeout = 8;
  worker = await startWorker({ config: world.config, connectionString: world.url });
});
afterAll(async () => {
  await worker.stop();
  await world.stop();
  await registry.stop();
});

const Spec = z.object({
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
  }),
});
const imagesOf = (deployment: string): (string | undefined)[] =>
  [...world.stores.values()].map((store) => {
    const found = JSON.parse(
      JSON.stringify(store.get('deployments.apps', 'architect-production', deployment)),
    );
    return Spec.parse(found).spec.template.spec.containers[0]?.image;
  });

test('a tag that was moved voids a change of several regions before anything is written', async () => {
  const before = imagesOf('architect-api-green');
  const id = await startedIn(world, deploy, async () => {
    registry.store.rebuild(repository, 'v3.2.0');
  });
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(
    /^Voided.*was moved since the plan was made/,
  );
  expect((await changeIn(world, id)).startedAt).toBeNull();
  expect(imagesOf('architect-api-green')).toEqual(before);
  registry.store.point(repository, 'v3.2.0', digest);
});

test('every region gets the one content that was signed', { timeout: 90_000 }, async () => {
  const row = await plannedIn(world, deploy);
  const plan = DeployPlan.parse(row.plan);
  const pinned = `${name}:v3.2.0@${digest}`;
  expect(plan).toMatchObject({
    from: { version: 'v3.1.0', digest: firstDigestOf(`${name}:v3.1.0`) },
    to: { version: 'v3.2.0', image: pinned, digest },
  });
  const checks = z.array(Precheck).parse(row.prechecks);
  expect(checks.filter(({ id }) => id === 'image' || id === 'way-back').map(({ result }) => result)).toEqual([
    'pass',
    'pass',
  ]);
  // A registry that is away holds up nothing that is pinned.
  const id = await startedIn(world, deploy, async () => registry.setFault({ refuse: true }));
  expect(await endsIn(world, id), await logOf(world, id)).toMatch(/^Succeeded/);
  registry.setFault({});
  expect(imagesOf('architect-api-green')).toEqual([pinned, pinned]);
});
