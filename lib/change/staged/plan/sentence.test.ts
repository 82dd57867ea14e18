import { expect, test } from 'vitest';
import { findTargets } from '../../plan/find-target';
import { planHash, planSentence } from '../../plan/plan-hash';
import { type DeployPlan, RequestPlan } from '../../plan-contract';
import { changeTitle, undoneSentence, whatOf } from '../../words';
import { draftOf } from './draft';
import { outerPlan } from './outer';
import { readRegion } from './read-region';
import { backOutScript } from './script';
import { configOf, IMAGE, type PairSpec, pairCluster } from './testing/pair';

const pods = (version: string, replicas: number) => ({ version, replicas });

async function planOf(asked: object, more: Partial<PairSpec> = {}): Promise<DeployPlan> {
  const spec: PairSpec = {
    kind: 'virtual-service',
    blue: pods('1.0.0', 3),
    green: pods('2.0.0', 3),
    share: 0,
    ...more,
  };
  const config = configOf(spec.kind, {}, spec.baseline !== undefined);
  const place = { service: 'api', environment: 'production', region: 'us-east-1' };
  const input = RequestPlan.parse({ ...place, ...asked });
  const regions = await Promise.all(
    findTargets(config, input).map((target) =>
      readRegion(pairCluster({ ...spec, region: target.placement.region }).client, target),
    ),
  );
  const image = input.kind === 'deploy' ? { image: `${IMAGE}:${input.version}` } : null;
  const budget = { requestsPerSecond: null, regionsPerSecond: {}, budget: null };
  const draft = draftOf(regions, { config, input, planId: 'p', image, budget });
  return outerPlan({ config, input, ...draft, diff: [], gate: null, goesBack: null });
}

const both = ['us-east-1', 'eu-west-1'];
const deploy = (strategy: string, more: object = {}) => ({
  kind: 'deploy',
  version: '3.0.0',
  strategy,
  ...more,
});

test.each([
  [
    deploy('canary', { regions: both }),
    {},
    'Starts 3 pods per region of 3.0.0 beside 1.0.0 for Shop API in production (us-east-1, then eu-west-1) and sends it 5 %, then 25 %, then all requests, and goes back to 1.0.0 when the analysis fails.',
  ],
  [
    deploy('blue-green'),
    {},
    'Starts 3 pods of 3.0.0 beside 1.0.0 for Shop API in production (us-east-1) and sends it all requests, and goes back to 1.0.0 when the analysis fails.',
  ],
  [
    deploy('big-bang', { regions: both }),
    {},
    'Starts 3 pods per region of 3.0.0 beside 1.0.0 for Shop API in production (us-east-1 and eu-west-1) and sends it all requests at once, and goes back to 1.0.0 when the analysis fails.',
  ],
  [
    { kind: 'rollback' },
    {},
    'Sends all requests for Shop API in production (us-east-1) from 1.0.0 back to 2.0.0, and is not undone by itself.',
  ],
  [
    { kind: 'shift', colour: 'green', weight: 25 },
    {},
    'Sends 25 % of the requests for Shop API in production (us-east-1) to 2.0.0, and goes back to all requests on 1.0.0 when the analysis fails.',
  ],
  [
    { kind: 'shift', colour: 'green', weight: 50 },
    { share: 5 },
    'Sends 50 % of the requests for Shop API in production (us-east-1) to 2.0.0, and goes back to 5 % of the requests on 2.0.0, and the others on 1.0.0 when the analysis fails.',
  ],
  [
    deploy('blue-green'),
    { blue: { ...pods('1.0.0', 3), ready: 1 } },
    'Starts 3 pods of 3.0.0 beside 1.0.0 for Shop API in production (us-east-1) and sends it all requests, and never goes back by itself, since what runs now is not healthy.',
  ],
])('%j %j', async (asked, more, sentence) => {
  expect(planSentence(await planOf(asked, more), 'Shop API')).toBe(sentence);
});

test('the title and the end of a shift name its part', async () => {
  const what = whatOf(await planOf({ kind: 'shift', colour: 'green', weight: 25 }));
  expect(changeTitle('Shop API', what)).toBe('Send 25 % of Shop API to 2.0.0');
  expect(undoneSentence(what, 3)).toBe('The shares are as before: all requests on 1.0.0.');
});

test('the plan speaks of what takes the requests, and puts back what the candidate had', async () => {
  const plan = await planOf(deploy('canary'));
  expect(plan).toMatchObject({
    strategy: 'canary',
    region: 'us-east-1',
    target: { name: 'api-green', uid: 'us-east-1-api-green' },
    from: { version: '1.0.0' },
    to: { version: '3.0.0', image: `${IMAGE}:3.0.0` },
    undo: { version: '1.0.0', replicaSet: 'api-green-abc', replicas: 3, isKnownGood: true },
  });
  expect(plan.undo.template).toContain(`${IMAGE}:2.0.0`);
  expect(plan.steps.map(({ n }) => n)).toEqual(plan.staged?.steps.map((_, index) => index + 1));
  expect(plan.steps.map(({ kind }) => kind)).toEqual(plan.staged?.steps.map((step) => step.do));
});

test('everything that decides is in the hash: another weight is another plan', async () => {
  const [one, same, other] = await Promise.all([
    planOf({ kind: 'shift', colour: 'green', weight: 25 }),
    planOf({ kind: 'shift', colour: 'green', weight: 25 }),
    planOf({ kind: 'shift', colour: 'green', weight: 26 }),
  ]);
  expect(planHash(one)).toBe(planHash(same));
  expect(planHash(one)).not.toBe(planHash(other));
});

test('a canary beside a baseline says so, and its printed way back takes the baseline along', async () => {
  const plan = await planOf(deploy('canary'), { baseline: pods('1.0.0', 0) });
  expect(planSentence(plan, 'Shop API')).toBe(
    'Starts 3 pods of 3.0.0 beside 1.0.0 for Shop API in production (us-east-1) and sends it 5 %, then 25 %, then all requests, and goes back to 1.0.0 when the analysis fails. Up to 50 % it is compared with a baseline: as many pods of 1.0.0, as new, with the same part of the requests.',
  );
  const script = backOutScript(plan);
  expect(script).toContain('put the baseline api-baseline back as it was, with 0 pods');
  expect(script).toMatch(/patch deployments.apps 'api-baseline'[\s\S]*"path":"\/spec\/replicas","value":0/);
  const router = script.indexOf("patch virtualservices.networking.istio.io 'api'");
  expect(script.indexOf("patch deployments.apps 'api-baseline'")).toBeGreaterThan(router);
  expect(planHash(plan)).not.toBe(planHash(await planOf(deploy('canary'))));
});
