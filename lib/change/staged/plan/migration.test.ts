import { expect, test } from 'vitest';
import { findTarget } from '@/lib/change/plan/find-target';
import { RequestPlan } from '@/lib/change/plan-contract';
import type { Config } from '@/lib/config/schema';
import { Migration } from '@/lib/config/service';
import { draftOf } from './draft';
import { readRegion } from './read-region';
import { configOf, IMAGE, type PairSpec, pairCluster } from './testing/pair';

const env = [
  { name: 'DATABASE_URL', valueFrom: { secretKeyRef: { name: 'api', key: 'url' } } },
  { name: 'PGOPTIONS', value: '-c lock_timeout=0' },
];
const spec: PairSpec = {
  kind: 'virtual-service',
  blue: { version: '1.0.0', replicas: 3, env },
  green: { version: '0.9.0', replicas: 0, env },
  share: 0,
};
const place = { service: 'api', environment: 'production', region: 'us-east-1' };
const deploy = {
  kind: 'deploy',
  ...place,
  version: '2.0.0',
  strategy: 'blue-green',
  migration: 'reversible',
};

/** The one service of the tests with a migration of its own. */
function configured(kind: PairSpec['kind'] = 'virtual-service'): Config {
  const config = configOf(kind);
  const migration = Migration.parse({ command: ['migrate', 'up'], timeout: '2m' });
  return { ...config, services: config.services.map((service) => ({ ...service, migration })) };
}

async function drafted(asked: object, pair: PairSpec = spec) {
  const config = configured(pair.kind);
  const input = RequestPlan.parse({ ...deploy, ...asked });
  const regions = 'regions' in input && input.regions !== undefined ? input.regions : [input.region];
  const read = regions.map((region) =>
    readRegion(pairCluster({ ...pair, region }).client, findTarget(config, { ...input, region })),
  );
  const budget = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  const image = { image: `${IMAGE}:2.0.0` };
  const planId = '1a2b3c4d-0000-4000-8000-000000000000';
  return draftOf(await Promise.all(read), { config, input, planId, image, budget });
}

test('the Job comes once, after the new pods are ready and before the first request goes to them', async () => {
  const { staged, planned } = await drafted({ regions: ['us-east-1', 'eu-west-1'] });
  const at = staged.steps.findIndex((step) => step.do === 'job');
  expect(staged.steps.slice(0, at + 2).map((step) => step.do)).toEqual(['write', 'ready', 'job', 'write']);
  expect(staged.steps.filter((step) => step.do === 'job')).toHaveLength(1);
  expect(staged.steps[at]).toMatchObject({
    region: 'us-east-1',
    name: 'api-migrate-1a2b3c4d',
    class: 'reversible',
    timeoutSeconds: 120,
  });
  expect(planned.map(({ detail }) => detail).join(' ')).not.toContain('is not part of this plan');
  const next = staged.steps[at + 1];
  const router = staged.objects.find(({ part }) => part === 'router');
  expect(next?.do === 'write' ? next.object : null).toBe(router?.key);
});

test('its pod has the new image, the secrets by reference, the limits of PostgreSQL and no label of the service', async () => {
  const { staged } = await drafted({});
  const step = staged.steps.find((one) => one.do === 'job');
  const job = JSON.parse(step?.do === 'job' ? step.spec : '{}');
  expect(job).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 120 });
  const { metadata, spec: pod } = job.template;
  expect(pod.restartPolicy).toBe('Never');
  expect(pod.containers).toEqual([
    {
      name: 'migrate',
      image: `${IMAGE}:2.0.0`,
      command: ['migrate', 'up'],
      env: [env[0], { name: 'PGOPTIONS', value: '-c lock_timeout=3000 -c statement_timeout=120000' }],
    },
  ]);
  expect(metadata.labels).not.toHaveProperty('app');
});

test('no migration is added unless it is asked for', async () => {
  const { staged, planned } = await drafted({ migration: undefined });
  expect(staged.steps.some((step) => step.do === 'job')).toBe(false);
  expect(planned.map(({ detail }) => detail).join(' ')).toContain('is not part of this plan');
});

test('where one Service selects both colours there is no moment for it', async () => {
  const pair = { ...spec, kind: 'replicas' } as const;
  await expect(drafted({ strategy: 'gradual' }, pair)).rejects.toThrow('before a migration could run');
});

test('a rolling deploy is sent to another strategy, and a service without a command to signalbox.yaml', () => {
  const rolling = RequestPlan.parse({ ...deploy, strategy: 'rolling' });
  expect(() => findTarget(configured(), rolling)).toThrow('has no moment for a migration');
  expect(() => findTarget(configOf('virtual-service'), RequestPlan.parse(deploy))).toThrow(
    'How Shop API migrates its database is not known.',
  );
});

test('a wait for locks that is no shorter than the whole migration is refused', () => {
  const parsed = Migration.safeParse({ command: ['up'], timeout: '3s', lockTimeout: '3s' });
  expect(parsed.error?.issues[0]?.path).toEqual(['lockTimeout']);
});
