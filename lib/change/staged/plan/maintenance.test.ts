import { expect, test } from 'vitest';
import { findTarget } from '@/lib/change/plan/find-target';
import { type DeployPlan, RequestPlan } from '@/lib/change/plan-contract';
import type { Config } from '@/lib/config/schema';
import { Maintenance, Migration } from '@/lib/config/service';
import { gitops } from './check-gitops';
import { type Draft, draftOf } from './draft';
import { outerPlan } from './outer';
import { readRegion } from './read-region';
import { backOutScript } from './script';
import { stagedSentence } from './sentence';
import { configOf, IMAGE, type PairSpec, pairCluster } from './testing/pair';

const spec: PairSpec = {
  kind: 'virtual-service',
  blue: { version: '1.0.0', replicas: 3 },
  green: { version: '0.9.0', replicas: 0 },
  share: 0,
};
const place = { service: 'api', environment: 'production', region: 'us-east-1' };
const deploy = {
  kind: 'deploy',
  ...place,
  version: '2.0.0',
  strategy: 'blue-green',
  migration: 'forward-only',
  maintenance: true,
};
const regions = ['us-east-1', 'eu-west-1'];

function configured(): Config {
  const config = configOf('virtual-service');
  const migration = Migration.parse({ command: ['migrate', 'up'], timeout: '2m' });
  const maintenance = Maintenance.parse({
    configMap: 'api-maintenance',
    key: 'mode',
    on: 'yes',
    off: 'no',
    settle: '30s',
  });
  return { ...config, services: config.services.map((one) => ({ ...one, migration, maintenance })) };
}

type Drafted = { draft: Draft; plan: DeployPlan };

const map = '/api/v1/namespaces/shop/configmaps/api-maintenance';

async function drafted(
  asked: object = {},
  data: object | null = { mode: 'no', other: 'x' },
): Promise<Drafted> {
  const config = configured();
  const input = RequestPlan.parse({ ...deploy, ...asked });
  const named = 'regions' in input && input.regions !== undefined ? input.regions : [input.region];
  const read = named.map((region) => {
    const cluster = pairCluster({ ...spec, region });
    const metadata = { name: 'api-maintenance', uid: `${region}-map`, resourceVersion: '3' };
    if (data !== null) cluster.objects.set(map, { metadata, data });
    const wants = input.kind === 'deploy' && input.maintenance === true ? { maintenance: true } : {};
    return readRegion(cluster.client, findTarget(config, { ...input, region }), wants);
  });
  const budget = { requestsPerSecond: 20, regionsPerSecond: {}, budget: { events: 10_000, remaining: 5000 } };
  const image = { image: `${IMAGE}:2.0.0` };
  const draft = draftOf(await Promise.all(read), { config, input, planId: '1a2b3c4d', image, budget });
  const plan = outerPlan({ config, input, ...draft, diff: [], gate: null, goesBack: null });
  return { draft, plan };
}

const short = ({ draft }: Drafted): string[] =>
  draft.staged.steps.map((step) => {
    const name =
      'object' in step
        ? step.object
            .split('/')
            .slice(1, 2)
            .concat(step.object.split('/')[0] ?? '')
        : [];
    const mode = step.do === 'write' && step.set['mode'] !== undefined ? [String(step.set['mode'])] : [];
    return [step.do, ...name, ...mode].join(' ');
  });

test('it is on in every region before the migration, and off once the first requests go to the new version', async () => {
  const found = await drafted({ regions });
  expect(short(found).slice(0, 11)).toEqual([
    'write Deployment us-east-1',
    'ready Deployment us-east-1',
    'write ConfigMap us-east-1 yes',
    'write ConfigMap eu-west-1 yes',
    'drain ConfigMap us-east-1',
    'job',
    'write VirtualService us-east-1',
    'write ConfigMap us-east-1 no',
    'write ConfigMap eu-west-1 no',
    'drain ConfigMap us-east-1',
    'prove',
  ]);
  expect(short(found).filter((one) => one.includes('ConfigMap'))).toHaveLength(6);
  expect(found.draft.planned.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['us-east-1: maintenance mode on', 'eu-west-1: maintenance mode off']),
  );
});

test('a big bang has it on until the requests of all regions go there', async () => {
  const steps = short(await drafted({ strategy: 'big-bang', regions }));
  const routes = steps.flatMap((one, index) => (one.startsWith('write VirtualService') ? [index] : []));
  const offs = steps.flatMap((one, index) => (one.endsWith(' no') ? [index] : []));
  expect(routes).toHaveLength(2);
  expect(Math.min(...offs)).toBeGreaterThan(Math.max(...routes));
});

test('the plan owns the one key, and goes back to answering after the requests and before the pods', async () => {
  const { staged } = (await drafted({ regions })).draft;
  const maps = staged.objects.filter(({ part }) => part === 'maintenance');
  expect(maps.map(({ uid, baseline }) => [uid, baseline])).toEqual([
    ['us-east-1-map', { mode: 'no' }],
    ['eu-west-1-map', { mode: 'no' }],
  ]);
  const back = staged.back.map((step) => `${step.do} ${step.object.split('/')[1]}`);
  expect(back.indexOf('write ConfigMap')).toBeGreaterThan(back.lastIndexOf('write VirtualService'));
  expect(back.lastIndexOf('write ConfigMap')).toBeLessThan(back.indexOf('drain Deployment'));
});

test('the plan says what it means and what it costs at worst', async () => {
  const { draft, plan } = await drafted({ regions });
  expect(stagedSentence(plan, draft.staged, 'Shop API')).toContain(
    'All requests fail in us-east-1 and eu-west-1 from before the migration until the new version gets its first requests',
  );
  const at = draft.staged.steps.findIndex((step) => step.do === 'job') + 1;
  // 20 requests a second; 2 min of the Job, twice 30 s until pods see it, five writes of 2 s.
  expect(draft.staged.forecast.steps.find(({ n }) => n === at)).toEqual({
    n: at,
    share: 1,
    totalFailure: 20 * (120 + 60 + 10),
    slowBurn: 0,
  });
  expect(draft.staged.forecast.sentence).toContain('maintenance mode refuses all requests meanwhile');
});

test('the printed way back writes the key and nothing else of the ConfigMap', async () => {
  const script = backOutScript((await drafted()).plan);
  expect(script).toContain('patch configmaps');
  expect(script).toContain('{"op":"add","path":"/data/mode","value":"no"}');
});

test('without being asked for, nothing of it is in the plan', async () => {
  const { draft, plan } = await drafted({ maintenance: undefined }, null);
  expect(JSON.stringify(draft.staged)).not.toContain('ConfigMap');
  expect(stagedSentence(plan, draft.staged, 'Shop API')).not.toContain('All requests fail');
});

test.each([
  [null, 'The ConfigMap api-maintenance is not in shop of us-east-1'],
  [{ mode: 'yes' }, 'Shop API is in maintenance already in us-east-1'],
  [{ other: 'x' }, 'the key mode of ConfigMap api-maintenance is missing'],
])('a ConfigMap that does not say the text of off makes no plan (%o)', async (data, words) => {
  await expect(drafted({}, data)).rejects.toThrow(words);
});

test('it is for a migration alone, and for a service that says how', () => {
  const without = RequestPlan.parse({ ...deploy, migration: undefined });
  expect(() => findTarget(configured(), without)).toThrow('for the time of a migration');
  expect(() => findTarget(configOf('virtual-service'), RequestPlan.parse(deploy))).toThrow(
    'How Shop API is put into maintenance is not known.',
  );
});

test('the two texts of a configuration differ, and the key is one of a ConfigMap', () => {
  const good = { configMap: 'a', key: 'mode', on: 'on', off: 'off' };
  expect(Maintenance.safeParse(good).success).toBe(true);
  expect(Maintenance.safeParse({ ...good, off: 'on' }).error?.issues[0]?.path).toEqual(['off']);
  expect(Maintenance.safeParse({ ...good, key: 'a/b' }).error?.issues[0]?.path).toEqual(['key']);
});

test.each([
  [[], 'fail', /none of its ignoreDifferences names \.data\.mode.*self-heal/],
  [['/data/other'], 'fail', /names \.data\.mode/],
  [['/data/mode'], 'pass', /leaves what the plan writes alone/],
  [['/data'], 'pass', /leaves what the plan writes alone/],
] as const)(
  'an Application that keeps the ConfigMap has to ignore the key (%j)',
  async (jsonPointers, result, detail) => {
    const cluster = pairCluster(spec);
    const metadata = {
      name: 'api-maintenance',
      uid: 'map',
      resourceVersion: '3',
      annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/ConfigMap:shop/api-maintenance' },
    };
    cluster.objects.set(map, { metadata, data: { mode: 'no' } });
    const ignoreDifferences = jsonPointers.length === 0 ? [] : [{ kind: 'ConfigMap', jsonPointers }];
    cluster.objects.set('/apis/argoproj.io/v1alpha1/applications', {
      items: [
        {
          metadata: { name: 'shop', namespace: 'argocd' },
          spec: {
            syncPolicy: { automated: { selfHeal: true }, syncOptions: ['RespectIgnoreDifferences=true'] },
            ignoreDifferences,
          },
        },
      ],
    });
    const config = configured();
    const input = RequestPlan.parse(deploy);
    const region = await readRegion(cluster.client, findTarget(config, input), { maintenance: true });
    const budget = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
    const image = { image: `${IMAGE}:2.0.0` };
    const { works, staged } = draftOf([region], { config, input, planId: '1a2b3c4d', image, budget });
    const written = staged.objects
      .filter(({ part }) => part === 'maintenance')
      .map((object) => ({ object, members: ['mode'] }));
    expect(await gitops(works[0], written)).toMatchObject({ result, detail: expect.stringMatching(detail) });
  },
);
